# What each role may do, and no more. A test refuses an action or a resource that
# is everything without a reason beside it.

resource "aws_iam_role" "function" {
  name               = "${var.name}-function"
  assume_role_policy = jsonencode(local.assumed_by["lambda"])
  tags               = local.tags
}

locals {
  assumed_by = { for service in ["lambda", "scheduler", "states"] : service => {
    Version = "2012-10-17"
    Statement = [merge(
      {
        Effect    = "Allow"
        Principal = { Service = "${service}.amazonaws.com" }
        Action    = "sts:AssumeRole"
      },
      # Lambda gives no account when it takes on a role.
      { for key, value in { Condition = { StringEquals = { "aws:SourceAccount" = local.account } } } : key => value if service != "lambda" },
    )]
  } }

  function_statements = concat(
    [
      {
        Sid      = "ReadWhatIsDropped"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:GetObjectVersion"]
        Resource = [for folder in local.input_folders : "${local.bucket_arn}/${folder}/*"]
      },
      {
        Sid      = "KeepState"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
        Resource = [for folder in local.state_folders : "${local.state_bucket_arn}/${folder}/*"]
      },
      # IfExists: who may not list without a prefix is told "denied" of an object
      # that is not there, and could not tell it from one that is forbidden.
      {
        Sid       = "ListWhatIsDropped"
        Effect    = "Allow"
        Action    = "s3:ListBucket"
        Resource  = local.bucket_arn
        Condition = { StringLikeIfExists = { "s3:prefix" = [for folder in local.input_folders : "${folder}/*"] } }
      },
      {
        Sid       = "ListState"
        Effect    = "Allow"
        Action    = "s3:ListBucket"
        Resource  = local.state_bucket_arn
        Condition = { StringLikeIfExists = { "s3:prefix" = [for folder in local.state_folders : "${folder}/*"] } }
      },
      {
        Sid      = "TakeDeliveries"
        Effect   = "Allow"
        Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility", "sqs:SendMessage"] # the last for calls that go on with a large object, or look whether another one did what was left to it
        Resource = aws_sqs_queue.events.arn
      },
      {
        Sid      = "WriteItsLog"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.function.arn}:*"
      },
      {
        Sid       = "PublishMetrics"
        Effect    = "Allow"
        Action    = "cloudwatch:PutMetricData"
        Resource  = "*" # all: metrics are no resources; the condition is the only limit that there is
        Condition = { StringEquals = { "cloudwatch:namespace" = concat([var.metric_namespace], var.more_metric_namespaces) } }
      },
      {
        Sid      = "SendAlerts"
        Effect   = "Allow"
        Action   = "sns:Publish"
        Resource = local.topic_arn
      },
      {
        Sid       = "SendEvents"
        Effect    = "Allow"
        Action    = "events:PutEvents"
        Resource  = "arn:${local.partition}:events:${local.region}:${local.account}:event-bus/${var.event_bus}"
        Condition = { StringEquals = { "events:source" = "leeway" } }
      },
    ],
    var.kms_key_arn == null ? [] : [{
      Sid      = "UseTheKey"
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource = var.kms_key_arn
      Condition = { StringEquals = { "kms:ViaService" = [
        for service in ["s3", "sqs", "sns", "lambda", "secretsmanager"] : "${service}.${local.region}.amazonaws.com"
      ] } }
    }],
    var.id_key_secret_arn == null ? [] : [{
      Sid      = "ReadTheIdKey"
      Effect   = "Allow"
      Action   = "secretsmanager:GetSecretValue"
      Resource = var.id_key_secret_arn
    }],
    var.retrain == null ? [] : [
      {
        Sid      = "RequestRetraining"
        Effect   = "Allow"
        Action   = "states:StartExecution"
        Resource = [local.state_machine_arn]
      },
      {
        Sid      = "StartThePipelineItself"
        Effect   = "Allow"
        Action   = "sagemaker:StartPipelineExecution"
        Resource = local.pipeline_arns
      },
    ],
    var.tracing ? [{
      Sid      = "RecordTraces"
      Effect   = "Allow"
      Action   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
      Resource = "*" # all: X-Ray knows no resources for these
    }] : [],
  )
}

resource "aws_iam_role_policy" "function" {
  name   = "leeway"
  role   = aws_iam_role.function.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.function_statements })
}

resource "aws_iam_role" "scheduler" {
  count = length(local.schedules) > 0 ? 1 : 0

  name               = "${var.name}-scheduler"
  assume_role_policy = jsonencode(local.assumed_by["scheduler"])
  tags               = local.tags
}

resource "aws_iam_role_policy" "scheduler" {
  count = length(local.schedules) > 0 ? 1 : 0

  name = "leeway"
  role = aws_iam_role.scheduler[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid      = "SendReminders"
        Effect   = "Allow"
        Action   = "sqs:SendMessage"
        Resource = [aws_sqs_queue.events.arn, aws_sqs_queue.dead.arn]
      }],
      local.key_for_sending,
    )
  })
}

resource "aws_iam_role" "retrain" {
  count = var.retrain == null ? 0 : 1

  name               = "${var.name}-retrain"
  assume_role_policy = jsonencode(local.assumed_by["states"])
  tags               = local.tags
}

resource "aws_iam_role_policy" "retrain" {
  count = var.retrain == null ? 0 : 1

  name = "leeway"
  role = aws_iam_role.retrain[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "StartThePipeline"
          Effect   = "Allow"
          Action   = "sagemaker:StartPipelineExecution"
          Resource = local.pipeline_arns
        },
        {
          Sid      = "WatchItsRuns"
          Effect   = "Allow"
          Action   = "sagemaker:DescribePipelineExecution"
          Resource = [for arn in local.pipeline_arns : "${arn}/execution/*"]
        },
        {
          Sid      = "ReportBack"
          Effect   = "Allow"
          Action   = "sqs:SendMessage"
          Resource = aws_sqs_queue.events.arn
        },
      ],
      local.key_for_sending,
    )
  })
}

locals {
  key_for_sending = var.kms_key_arn == null ? [] : [{
    Sid       = "UseTheKey"
    Effect    = "Allow"
    Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
    Resource  = var.kms_key_arn
    Condition = { StringEquals = { "kms:ViaService" = ["sqs.${local.region}.amazonaws.com"] } }
  }]
}
