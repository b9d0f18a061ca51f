# A workflow that starts a SageMaker pipeline when retraining is requested, waits
# for it, and reports back by the queue. Its input is the event as it stands.

locals {
  state_machine_name = "${var.name}-retrain"
  state_machine_arn  = "arn:${local.partition}:states:${local.region}:${local.account}:stateMachine:${local.state_machine_name}"

  # SageMaker writes names in ARNs in small letters, mostly; permissions know the difference.
  pipeline_arns = var.retrain == null ? [] : [
    for name in distinct([lower(var.retrain.pipeline_name), var.retrain.pipeline_name]) :
    "arn:${local.partition}:sagemaker:${local.region}:${local.account}:pipeline/${name}"
  ]

  answer = { for outcome, detail in {
    succeeded = { "run.$" = "$.run.PipelineExecutionArn" }
    failed    = { "run.$" = "$.run.PipelineExecutionArn", "error.$" = "States.Format('the pipeline ended as {}', $.status.state)" }
    late      = { "run.$" = "$.run.PipelineExecutionArn", error = var.retrain == null ? "" : "the pipeline was not over after ${var.retrain.max_hours} hours" }
    broken    = { run = "", "error.$" = "States.Format('{}: {}', $.fault.Error, $.fault.Cause)" }
    } : outcome => {
    Type     = "Task"
    Resource = "arn:${local.partition}:states:::sqs:sendMessage"
    Parameters = {
      QueueUrl = aws_sqs_queue.events.url
      MessageBody = {
        specversion     = "1.0"
        "id.$"          = "States.Format('{}-finished', $.request.id)"
        source          = "stepfunctions"
        type            = "dev.leeway.retrain.finished.v1"
        "subject.$"     = "$.request.data.request"
        "time.$"        = "$$.State.EnteredTime"
        datacontenttype = "application/json"
        data = merge(detail, {
          "model.$"   = "$.request.data.model"
          "request.$" = "$.request.data.request"
          outcome     = outcome == "succeeded" ? "succeeded" : "failed"
        })
      }
    }
    Retry = local.patiently
    Next  = outcome == "succeeded" ? "Done" : "Failed"
  } }

  patiently = [{ ErrorEquals = ["States.ALL"], IntervalSeconds = 5, BackoffRate = 2, MaxAttempts = 6, JitterStrategy = "FULL" }]

  workflow = var.retrain == null ? null : {
    Comment = "Retrains a model with the SageMaker pipeline ${var.retrain.pipeline_name} and reports back to Leeway"
    StartAt = "Remember"
    States = {
      Remember = {
        Type       = "Pass"
        Parameters = { "request.$" = "$", looks = 0 }
        Next       = "Start"
      }
      Start = {
        Type     = "Task"
        Resource = "arn:${local.partition}:states:::aws-sdk:sagemaker:startPipelineExecution"
        Parameters = {
          PipelineName                 = var.retrain.pipeline_name
          "ClientRequestToken.$"       = "States.Hash($.request.id, 'SHA-256')" # the same request again starts nothing
          PipelineExecutionDescription = "requested by Leeway"
          PipelineParameters           = [for name, path in var.retrain.parameters : { Name = name, "Value.$" = replace(path, "/^\\$\\./", "$.request.") }]
        }
        ResultPath = "$.run"
        Retry      = local.patiently
        Catch      = [{ ErrorEquals = ["States.ALL"], ResultPath = "$.fault", Next = "ReportBroken" }]
        Next       = "Wait"
      }
      Wait = { Type = "Wait", Seconds = var.retrain.poll_seconds, Next = "Look" }
      Look = {
        Type           = "Task"
        Resource       = "arn:${local.partition}:states:::aws-sdk:sagemaker:describePipelineExecution"
        Parameters     = { "PipelineExecutionArn.$" = "$.run.PipelineExecutionArn" }
        ResultSelector = { "state.$" = "$.PipelineExecutionStatus" }
        ResultPath     = "$.status"
        Retry          = local.patiently
        Catch          = [{ ErrorEquals = ["States.ALL"], ResultPath = "$.fault", Next = "ReportBroken" }]
        Next           = "Count"
      }
      Count = {
        Type = "Pass"
        Parameters = {
          "request.$" = "$.request"
          "run.$"     = "$.run"
          "status.$"  = "$.status"
          "looks.$"   = "States.MathAdd($.looks, 1)"
        }
        Next = "IsItOver"
      }
      IsItOver = {
        Type = "Choice"
        Choices = [
          { Variable = "$.status.state", StringEquals = "Succeeded", Next = "ReportSuccess" },
          { Or = [for state in ["Failed", "Stopped"] : { Variable = "$.status.state", StringEquals = state }], Next = "ReportFailure" },
          { Variable = "$.looks", NumericGreaterThanEquals = ceil(var.retrain.max_hours * 3600 / var.retrain.poll_seconds), Next = "ReportLate" },
        ]
        Default = "Wait"
      }
      ReportSuccess = local.answer["succeeded"]
      ReportFailure = local.answer["failed"]
      ReportLate    = local.answer["late"]
      ReportBroken  = local.answer["broken"]
      Done          = { Type = "Succeed" }
      Failed        = { Type = "Fail", Error = "RetrainingFailed", Cause = "See what was reported back" }
    }
  }
}

resource "aws_sfn_state_machine" "retrain" {
  count = var.retrain == null ? 0 : 1

  name       = local.state_machine_name
  role_arn   = aws_iam_role.retrain[0].arn
  definition = jsonencode(local.workflow)
  tags       = local.tags

  depends_on = [aws_iam_role_policy.retrain]
}
