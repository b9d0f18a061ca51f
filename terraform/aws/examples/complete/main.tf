# Everything that the module can do: a bucket that is there, state in another,
# three models, a key of one's own, retraining by a SageMaker pipeline.

terraform {
  required_version = ">= 1.9.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.80.0, < 7.0.0"
    }
  }
}

variable "package" {
  description = "Path of the function's zip."
  type        = string
  default     = "leeway-aws-amd64.zip"
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

module "leeway" {
  source = "../.."

  name         = "monitoring"
  package      = var.package
  architecture = "x86_64"

  bucket                     = "example-predictions"
  create_bucket              = false
  manage_bucket_notification = true
  state_bucket               = "example-monitoring-state"

  models = {
    churn = {
      config = <<-EOT
        version: 1
        model: churn
        task: binary
        window: {every: day, lateness: 72h}
        policy: {false_alarms: 0.01}
      EOT
    }
    fraud = { max_age_hours = 2 }
    price = { max_age_hours = 0 }
  }

  memory_mb            = 3538
  timeout_seconds      = 900
  max_concurrency      = 20
  reserved_concurrency = 20
  log_level            = "debug"
  log_retention_days   = 90
  tracing              = true

  kms_key_arn  = aws_kms_key.leeway.arn
  alert_emails = ["ml-oncall@example.com"]
  alarms       = { cost_guard_usd = 20 }

  schedules = {
    windows  = "cron(30 5 * * ? *)"
    timezone = "Europe/Lisbon"
  }

  retrain = {
    pipeline_name = "churn-training"
    parameters    = { Bucket = "$.data.data.location", Logs = "$.data.data.logs", From = "$.data.start", Until = "$.data.end" }
    max_hours     = 6
  }

  tags = { Team = "ml-platform" }
}

# What the services need to use a key of one's own.
resource "aws_kms_key" "leeway" {
  description         = "Predictions and their monitoring"
  enable_key_rotation = true

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TheAccountDecides"
        Effect    = "Allow"
        Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root" }
        Action    = "kms:*" # all: else nobody could change the key's policy again
        Resource  = "*"     # all: in a key's policy it means this key
      },
      {
        Sid    = "ServicesThatWriteToQueueAndTopic"
        Effect = "Allow"
        Principal = { Service = [
          "events.amazonaws.com", "cloudwatch.amazonaws.com", "logs.${data.aws_region.current.id}.amazonaws.com",
        ] }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*", "kms:Encrypt", "kms:DescribeKey", "kms:ReEncrypt*"]
        Resource  = "*" # all: in a key's policy it means this key
        Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
      },
    ]
  })
}

output "drop" {
  description = "Where to drop what."
  value       = module.leeway.drop
}

output "alarm_names" {
  description = "Alarms that send messages."
  value       = module.leeway.alarm_names
}
