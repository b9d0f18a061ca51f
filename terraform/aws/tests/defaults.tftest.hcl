# What an apply with the three settings that are needed makes.

mock_provider "aws" {
  source = "./tests/mock"
}

variables {
  package = "./tests/function.zip"
  bucket  = "example-predictions"
  models  = { hotel-cancellation = {} }
}

run "defaults" {
  command = apply

  assert {
    condition     = output.bucket == aws_s3_bucket.data[0].id && length(aws_s3_bucket.state) == 0
    error_message = "One bucket has both: ${output.bucket}, ${output.state_bucket}"
  }

  assert {
    condition     = aws_s3_bucket_notification.this[0].eventbridge
    error_message = "The bucket that the module makes sends its events to EventBridge"
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.objects.event_pattern) == {
      source      = ["aws.s3"]
      detail-type = ["Object Created"]
      detail = {
        bucket = { name = ["example-predictions"] }
        object = { key = [for prefix in ["logs/", "labels/", "reference/", "config/", "retrain/"] : { prefix = prefix }] }
      }
    }
    error_message = aws_cloudwatch_event_rule.objects.event_pattern
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.events.redrive_policy).maxReceiveCount == 5 && jsondecode(aws_sqs_queue.events.redrive_policy).deadLetterTargetArn == aws_sqs_queue.dead.arn
    error_message = aws_sqs_queue.events.redrive_policy
  }

  assert {
    condition     = jsondecode(aws_sqs_queue_redrive_allow_policy.dead.redrive_allow_policy).redrivePermission == "byQueue"
    error_message = aws_sqs_queue_redrive_allow_policy.dead.redrive_allow_policy
  }

  assert {
    condition     = aws_sqs_queue.events.visibility_timeout_seconds == 6 * aws_lambda_function.this.timeout
    error_message = "A delivery in work is handed out again after ${aws_sqs_queue.events.visibility_timeout_seconds} s, the function may take ${aws_lambda_function.this.timeout} s"
  }

  assert {
    condition     = aws_sqs_queue.dead.message_retention_seconds > aws_sqs_queue.events.message_retention_seconds
    error_message = "A message keeps its age when it moves: the dead-letter queue must keep it longer"
  }

  assert {
    condition     = contains(aws_lambda_event_source_mapping.queue.function_response_types, "ReportBatchItemFailures")
    error_message = "One bad delivery must not take nine good ones with it"
  }

  assert {
    condition     = aws_lambda_event_source_mapping.queue.scaling_config[0].maximum_concurrency == 10
    error_message = "A backfill must not take all of the account's concurrency"
  }

  assert {
    condition     = aws_lambda_function.this.runtime == "provided.al2023" && aws_lambda_function.this.architectures[0] == "arm64" && aws_lambda_function.this.handler == "bootstrap"
    error_message = "${aws_lambda_function.this.runtime} ${aws_lambda_function.this.architectures[0]}"
  }

  assert {
    condition = aws_lambda_function.this.environment[0].variables == tomap({
      LEEWAY_BUCKET           = "example-predictions"
      LEEWAY_STATE_BUCKET     = "example-predictions"
      LEEWAY_LOG_LEVEL        = "info"
      LEEWAY_METRIC_NAMESPACE = "Leeway"
      LEEWAY_SNS_TOPIC_ARN    = "arn:aws:sns:eu-west-1:123456789012:leeway-alerts"
      LEEWAY_EVENT_BUS        = "default"
      LEEWAY_QUEUE_URL        = aws_sqs_queue.events.url
      GOMEMLIMIT              = "1592MiB"
    })
    error_message = jsonencode(aws_lambda_function.this.environment[0].variables)
  }

  assert {
    condition     = aws_cloudwatch_log_group.function.name == "/aws/lambda/${aws_lambda_function.this.function_name}" && aws_cloudwatch_log_group.function.retention_in_days == 30
    error_message = "Logs are kept for ${aws_cloudwatch_log_group.function.retention_in_days} days in ${aws_cloudwatch_log_group.function.name}"
  }

  assert {
    condition     = alltrue([for b in values(aws_s3_bucket_public_access_block.this) : b.block_public_acls && b.block_public_policy && b.ignore_public_acls && b.restrict_public_buckets])
    error_message = "A bucket may be public"
  }

  assert {
    condition     = alltrue([for b in values(aws_s3_bucket_versioning.this) : b.versioning_configuration[0].status == "Enabled"])
    error_message = "A bucket keeps no versions"
  }

  assert {
    condition     = toset(keys(aws_scheduler_schedule.this)) == toset(["windows", "labels", "heartbeat"])
    error_message = join(", ", keys(aws_scheduler_schedule.this))
  }

  assert {
    condition = alltrue([for name, s in aws_scheduler_schedule.this : jsondecode(s.target[0].input) == {
      leeway = name, schedule = "<aws.scheduler.schedule-arn>", time = "<aws.scheduler.scheduled-time>"
    }])
    error_message = jsonencode([for s in aws_scheduler_schedule.this : s.target[0].input])
  }

  assert {
    condition     = toset(keys(aws_cloudwatch_metric_alarm.model)) == toset([for rule in ["verdict", "invalid", "stopped", "stale"] : "hotel-cancellation/${rule}"])
    error_message = join(", ", keys(aws_cloudwatch_metric_alarm.model))
  }

  assert {
    condition = alltrue([
      aws_cloudwatch_metric_alarm.model["hotel-cancellation/verdict"].metric_name == "leeway_verdict",
      aws_cloudwatch_metric_alarm.model["hotel-cancellation/verdict"].dimensions == tomap({ model = "hotel-cancellation", check = "all" }),
      aws_cloudwatch_metric_alarm.model["hotel-cancellation/verdict"].comparison_operator == "GreaterThanOrEqualToThreshold",
      aws_cloudwatch_metric_alarm.model["hotel-cancellation/verdict"].threshold == 2,
      aws_cloudwatch_metric_alarm.model["hotel-cancellation/verdict"].treat_missing_data == "ignore",
      aws_cloudwatch_metric_alarm.model["hotel-cancellation/verdict"].period * aws_cloudwatch_metric_alarm.model["hotel-cancellation/verdict"].evaluation_periods == 3600,
      aws_cloudwatch_metric_alarm.model["hotel-cancellation/verdict"].datapoints_to_alarm == 1,
      aws_cloudwatch_metric_alarm.model["hotel-cancellation/stale"].threshold == 26 * 3600,
    ])
    error_message = jsonencode(aws_cloudwatch_metric_alarm.model)
  }

  assert {
    condition = aws_cloudwatch_composite_alarm.model["hotel-cancellation"].alarm_rule == join(" OR ", [
      "ALARM(\"leeway/hotel-cancellation/invalid\")",
      "(ALARM(\"leeway/hotel-cancellation/stale\") AND NOT ALARM(\"leeway-pipeline\"))",
      "ALARM(\"leeway/hotel-cancellation/stopped\")",
      "ALARM(\"leeway/hotel-cancellation/verdict\")",
    ])
    error_message = aws_cloudwatch_composite_alarm.model["hotel-cancellation"].alarm_rule
  }

  assert {
    condition     = alltrue([for a in concat(values(aws_cloudwatch_metric_alarm.model), values(aws_cloudwatch_metric_alarm.pipeline)) : length(coalesce(a.alarm_actions, [])) == 0])
    error_message = "An alarm that is part of a composite one sends messages of its own"
  }

  assert {
    condition     = toset(output.alarm_names) == toset(["leeway/hotel-cancellation", "leeway-pipeline", "leeway-cost"])
    error_message = join(", ", output.alarm_names)
  }

  assert {
    condition     = !strcontains(aws_cloudwatch_dashboard.this[0].dashboard_body, "__namespace__") && !strcontains(aws_cloudwatch_dashboard.this[0].dashboard_body, "__region__")
    error_message = "The dashboard still has places to fill in"
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).variables[0].values[0].value == "hotel-cancellation"
    error_message = "The models are not to be chosen from"
  }

  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets) == 1 + length(local.widgets) + 3
    error_message = "Panels are missing"
  }

  assert {
    condition     = length(aws_sfn_state_machine.retrain) == 0 && length(aws_iam_role.retrain) == 0 && output.state_machine_arn == null
    error_message = "Retraining is only there if it is asked for"
  }
}
