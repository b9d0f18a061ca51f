# One way in for everything: objects, schedules, answers of workflows.

locals {
  visibility_seconds = 6 * var.timeout_seconds # as Lambda asks for: a delivery in work must not be handed out again
}

resource "aws_sqs_queue" "events" {
  name                       = "${var.name}-events"
  visibility_timeout_seconds = local.visibility_seconds
  message_retention_seconds  = 4 * 24 * 3600
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = var.kms_key_arn == null ? true : null
  kms_master_key_id          = var.kms_key_arn
  tags                       = local.tags

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = var.max_receives
  })
}

# What could not be done, for two weeks: mend the cause, then redrive it.
resource "aws_sqs_queue" "dead" {
  name                      = "${var.name}-dead-letters"
  message_retention_seconds = 14 * 24 * 3600
  sqs_managed_sse_enabled   = var.kms_key_arn == null ? true : null
  kms_master_key_id         = var.kms_key_arn
  tags                      = local.tags
}

resource "aws_sqs_queue_redrive_allow_policy" "dead" {
  queue_url = aws_sqs_queue.dead.url

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.events.arn]
  })
}

resource "aws_sqs_queue_policy" "events" {
  queue_url = aws_sqs_queue.events.url
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [local.rule_may_send[0], local.only_encrypted["events"]]
  })
}

# The rule puts here what it could not deliver.
resource "aws_sqs_queue_policy" "dead" {
  queue_url = aws_sqs_queue.dead.url
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [local.rule_may_send[1], local.only_encrypted["dead"]]
  })
}

locals {
  rule_may_send = [for queue in [aws_sqs_queue.events.arn, aws_sqs_queue.dead.arn] : {
    Sid       = "ObjectsInTheBucket"
    Effect    = "Allow"
    Principal = { Service = "events.amazonaws.com" }
    Action    = "sqs:SendMessage"
    Resource  = queue
    Condition = {
      ArnEquals    = { "aws:SourceArn" = aws_cloudwatch_event_rule.objects.arn }
      StringEquals = { "aws:SourceAccount" = local.account }
    }
  }]

  only_encrypted = { for name, queue in { events = aws_sqs_queue.events.arn, dead = aws_sqs_queue.dead.arn } : name => {
    Sid       = "OnlyEncryptedConnections"
    Effect    = "Deny"
    Principal = "*"     # all: a denial, of connections that are not encrypted
    Action    = "sqs:*" # all: a denial
    Resource  = queue
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  } }
}

resource "aws_cloudwatch_event_rule" "objects" {
  name        = "${var.name}-objects"
  description = "Objects in ${var.bucket} that Leeway looks at"
  tags        = local.tags

  event_pattern = jsonencode({
    source        = ["aws.s3"]
    "detail-type" = ["Object Created"]
    detail = {
      bucket = { name = [var.bucket] }
      object = { key = [for prefix in var.watch_prefixes : { prefix = prefix }] }
    }
  })
}

resource "aws_cloudwatch_event_target" "queue" {
  rule = aws_cloudwatch_event_rule.objects.name
  arn  = aws_sqs_queue.events.arn

  dead_letter_config {
    arn = aws_sqs_queue.dead.arn
  }

  depends_on = [aws_sqs_queue_policy.events, aws_sqs_queue_policy.dead]
}
