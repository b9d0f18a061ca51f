# Leeway on AWS: objects in a bucket -> EventBridge -> SQS -> Lambda, which
# writes reports to the bucket and metrics to CloudWatch. Each file beside this
# one is one concern.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.id # .name and .region are each unknown to one major version of the provider

  # The folders of a bucket: what is read, and what Leeway writes.
  input_folders = ["logs", "labels", "reference", "config", "retrain"]
  state_folders = ["state", "claims", "quarantine", "seen"]

  bucket           = var.create_bucket ? aws_s3_bucket.data[0].id : var.bucket
  bucket_arn       = "arn:${local.partition}:s3:::${var.bucket}"
  state_apart      = var.state_bucket != null && var.state_bucket != var.bucket
  state_bucket     = local.state_apart ? (var.create_state_bucket ? aws_s3_bucket.state[0].id : var.state_bucket) : local.bucket
  state_bucket_arn = "arn:${local.partition}:s3:::${local.state_apart ? var.state_bucket : var.bucket}"

  function_name = "${var.name}-function"

  tags = merge({ Application = "leeway", Deployment = var.name }, var.tags)
}
