resource "aws_cloudwatch_log_group" "function" {
  name              = "/aws/lambda/${local.function_name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
  tags              = local.tags
}

locals {
  environment = merge(
    var.environment,
    {
      LEEWAY_BUCKET           = var.bucket
      LEEWAY_STATE_BUCKET     = local.state_apart ? var.state_bucket : var.bucket
      LEEWAY_LOG_LEVEL        = var.log_level
      LEEWAY_METRIC_NAMESPACE = var.metric_namespace
      LEEWAY_SNS_TOPIC_ARN    = local.topic_arn
      LEEWAY_EVENT_BUS        = var.event_bus
      LEEWAY_QUEUE_URL        = aws_sqs_queue.events.url
      GOMEMLIMIT              = "${floor(var.memory_mb * 0.9)}MiB"
    },
    var.config == null ? {} : { LEEWAY_CONFIG = var.config },
    var.kms_key_arn == null ? {} : { LEEWAY_KMS_KEY_ARN = var.kms_key_arn },
    var.id_key_secret_arn == null ? {} : { LEEWAY_ID_KEY_SECRET_ARN = var.id_key_secret_arn },
    var.retrain == null ? {} : { LEEWAY_STATE_MACHINE_ARN = local.state_machine_arn },
  )
}

resource "aws_lambda_function" "this" {
  function_name                  = local.function_name
  description                    = "Leeway: model monitoring of s3://${var.bucket}"
  role                           = aws_iam_role.function.arn
  runtime                        = "provided.al2023"
  handler                        = "bootstrap"
  architectures                  = [var.architecture]
  filename                       = var.package
  source_code_hash               = filebase64sha256(var.package)
  memory_size                    = var.memory_mb
  timeout                        = var.timeout_seconds
  reserved_concurrent_executions = var.reserved_concurrency
  kms_key_arn                    = var.kms_key_arn
  tags                           = local.tags

  environment {
    variables = local.environment
  }

  tracing_config {
    mode = var.tracing ? "Active" : "PassThrough"
  }

  # Else Lambda makes the group itself, and keeps it for ever; and a function
  # without its permissions fails its first deliveries.
  depends_on = [aws_cloudwatch_log_group.function, aws_iam_role_policy.function]
}

resource "aws_lambda_event_source_mapping" "queue" {
  event_source_arn        = aws_sqs_queue.events.arn
  function_name           = aws_lambda_function.this.arn
  batch_size              = var.batch_size
  function_response_types = ["ReportBatchItemFailures"]
  tags                    = local.tags

  scaling_config {
    maximum_concurrency = var.max_concurrency
  }
}
