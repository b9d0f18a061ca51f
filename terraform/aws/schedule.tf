# Reminders go the way of everything else: into the queue.

locals {
  schedules = { for name, when in {
    windows   = var.schedules.windows
    labels    = var.schedules.labels
    heartbeat = var.schedules.heartbeat
  } : name => when if when != "" }
}

resource "aws_scheduler_schedule_group" "this" {
  count = length(local.schedules) > 0 ? 1 : 0

  name = var.name
  tags = local.tags
}

resource "aws_scheduler_schedule" "this" {
  for_each = local.schedules

  name                         = "${var.name}-${each.key}"
  group_name                   = aws_scheduler_schedule_group.this[0].name
  description                  = "Reminds Leeway of ${each.key == "heartbeat" ? "itself" : each.key}"
  schedule_expression          = each.value
  schedule_expression_timezone = var.schedules.timezone

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_sqs_queue.events.arn
    role_arn = aws_iam_role.scheduler[0].arn

    # Schedule and time together are the same for each attempt, the id of the
    # execution is not.
    input = jsonencode({
      leeway   = each.key
      schedule = "<aws.scheduler.schedule-arn>"
      time     = "<aws.scheduler.scheduled-time>"
    })

    retry_policy {
      maximum_retry_attempts       = 10
      maximum_event_age_in_seconds = 3600
    }

    dead_letter_config {
      arn = aws_sqs_queue.dead.arn
    }
  }

  depends_on = [aws_iam_role_policy.scheduler]
}
