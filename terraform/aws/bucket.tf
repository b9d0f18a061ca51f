# The bucket that predictions are dropped in, and the one for state if it is apart.

resource "aws_s3_bucket" "data" {
  count = var.create_bucket ? 1 : 0

  bucket        = var.bucket
  force_destroy = var.force_destroy
  tags          = local.tags
}

resource "aws_s3_bucket" "state" {
  count = local.state_apart && var.create_state_bucket ? 1 : 0

  bucket        = var.state_bucket
  force_destroy = var.force_destroy
  tags          = local.tags
}

locals {
  # What is done to every bucket that this module makes.
  made_buckets = merge(
    var.create_bucket ? { data = { id = aws_s3_bucket.data[0].id, arn = local.bucket_arn } } : {},
    local.state_apart && var.create_state_bucket ? { state = { id = aws_s3_bucket.state[0].id, arn = local.state_bucket_arn } } : {},
  )
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each = local.made_buckets

  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = local.made_buckets

  bucket = each.value.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

# Reads are pinned to a version, so that an object replaced while it is read is
# not half of one and half of the other.
resource "aws_s3_bucket_versioning" "this" {
  for_each = local.made_buckets

  bucket = each.value.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = local.made_buckets

  bucket = each.value.id

  rule {
    bucket_key_enabled = var.kms_key_arn != null

    apply_server_side_encryption_by_default {
      sse_algorithm     = var.kms_key_arn == null ? "AES256" : "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each = local.made_buckets

  bucket = each.value.id

  rule {
    id     = "leftovers"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }

    noncurrent_version_expiration {
      noncurrent_days = 30
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

resource "aws_s3_bucket_policy" "this" {
  for_each = local.made_buckets

  bucket = each.value.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OnlyEncryptedConnections"
      Effect    = "Deny"
      Principal = "*"    # all: a denial, of connections that are not encrypted
      Action    = "s3:*" # all: a denial
      Resource  = [each.value.arn, "${each.value.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })

  depends_on = [aws_s3_bucket_public_access_block.this]
}

# A bucket has one configuration of notifications, and this replaces it whole.
resource "aws_s3_bucket_notification" "this" {
  count = coalesce(var.manage_bucket_notification, var.create_bucket) ? 1 : 0

  bucket      = local.bucket
  eventbridge = true
}

resource "aws_s3_object" "config" {
  for_each = { for name, model in var.models : name => model.config if model.config != null }

  bucket       = local.bucket
  key          = "config/${each.key}.yaml"
  content      = each.value
  content_type = "application/yaml"
  tags         = local.tags

  depends_on = [aws_s3_bucket_server_side_encryption_configuration.this, aws_cloudwatch_event_target.queue]
}
