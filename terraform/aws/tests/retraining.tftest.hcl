# The workflow that retrains. scripts/e2e/terraform.sh runs what this run makes.

mock_provider "aws" {
  source = "./tests/mock"
}

variables {
  package = "./tests/function.zip"
  bucket  = "example-predictions"
  models  = { churn = {} }
}

run "retraining" {
  command = apply

  variables {
    retrain = {
      pipeline_name = "Churn"
      parameters    = { Model = "$.data.model" }
      max_hours     = 2
    }
  }

  assert {
    condition     = aws_lambda_function.this.environment[0].variables["LEEWAY_STATE_MACHINE_ARN"] == "arn:aws:states:eu-west-1:123456789012:stateMachine:leeway-retrain"
    error_message = jsonencode(aws_lambda_function.this.environment[0].variables)
  }

  assert {
    condition     = jsondecode(aws_sfn_state_machine.retrain[0].definition).States.Start.Parameters["ClientRequestToken.$"] == "States.Hash($.request.id, 'SHA-256')"
    error_message = "The same request twice would start the pipeline twice"
  }

  assert {
    condition     = jsondecode(aws_sfn_state_machine.retrain[0].definition).States.Start.Parameters.PipelineParameters == [{ Name = "Model", "Value.$" = "$.request.data.model" }]
    error_message = jsonencode(jsondecode(aws_sfn_state_machine.retrain[0].definition).States.Start.Parameters)
  }

  assert {
    condition     = one([for c in jsondecode(aws_sfn_state_machine.retrain[0].definition).States.IsItOver.Choices : c.NumericGreaterThanEquals if try(c.Variable, "") == "$.looks"]) == 120
    error_message = "The workflow gives up after another time than was asked for"
  }

  assert {
    condition = alltrue([
      for state in values(jsondecode(aws_sfn_state_machine.retrain[0].definition).States) : contains(keys(jsondecode(aws_sfn_state_machine.retrain[0].definition).States), state.Next) if can(state.Next)
    ])
    error_message = "A state leads nowhere"
  }

  assert {
    condition = alltrue([
      for name in ["ReportSuccess", "ReportFailure", "ReportLate", "ReportBroken"] :
      jsondecode(aws_sfn_state_machine.retrain[0].definition).States[name].Parameters.MessageBody.type == "dev.leeway.retrain.finished.v1" &&
      jsondecode(aws_sfn_state_machine.retrain[0].definition).States[name].Parameters.MessageBody.data["request.$"] == "$.request.data.request" &&
      jsondecode(aws_sfn_state_machine.retrain[0].definition).States[name].Parameters.MessageBody.data.outcome == (name == "ReportSuccess" ? "succeeded" : "failed")
    ])
    error_message = "An end of the workflow reports nothing, or something else"
  }
}
