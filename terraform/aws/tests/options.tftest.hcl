# What settings change.

mock_provider "aws" {
  source = "./tests/mock"
}

variables {
  package = "./tests/function.zip"
  bucket  = "example-predictions"
  models  = { churn = {} }
}

run "bucket_that_is_there" {
  command = apply

  variables {
    create_bucket = false
  }

  assert {
    condition     = length(aws_s3_bucket.data) == 0 && length(local.made_buckets) == 0 && length(aws_s3_bucket_policy.this) == 0
    error_message = "A bucket that is there was touched"
  }

  assert {
    condition     = length(aws_s3_bucket_notification.this) == 0
    error_message = "The notifications of a bucket that is there would be replaced"
  }
}

run "bucket_that_is_there_with_notifications" {
  command = apply

  variables {
    create_bucket              = false
    manage_bucket_notification = true
  }

  assert {
    condition     = aws_s3_bucket_notification.this[0].bucket == "example-predictions"
    error_message = "The notifications were asked for"
  }
}

run "state_apart" {
  command = apply

  variables {
    state_bucket = "example-state"
  }

  assert {
    condition     = aws_lambda_function.this.environment[0].variables["LEEWAY_STATE_BUCKET"] == "example-state" && length(local.made_buckets) == 2
    error_message = jsonencode(aws_lambda_function.this.environment[0].variables)
  }
}

run "several_models" {
  command = apply

  variables {
    models = {
      churn = { config = "version: 1\nmodel: churn\n" }
      fraud = { max_age_hours = 2 }
      price = { max_age_hours = 0 }
    }
  }

  assert {
    condition     = aws_s3_object.config["churn"].key == "config/churn.yaml" && length(aws_s3_object.config) == 1
    error_message = jsonencode(keys(aws_s3_object.config))
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.model["fraud/stale"].threshold == 7200 && !contains(keys(aws_cloudwatch_metric_alarm.model), "price/stale")
    error_message = jsonencode(keys(aws_cloudwatch_metric_alarm.model))
  }

  assert {
    condition     = length(aws_cloudwatch_composite_alarm.model) == 3
    error_message = jsonencode(keys(aws_cloudwatch_composite_alarm.model))
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.model["fraud/verdict"].dimensions["model"] == "fraud"
    error_message = jsonencode(aws_cloudwatch_metric_alarm.model["fraud/verdict"].dimensions)
  }
}

run "models_named_as_if_to_confuse" {
  command = apply

  variables {
    models = { pipeline = {}, cost = {}, churn = {}, churn-verdict = {} }
  }

  assert {
    condition = length(distinct(concat(
      [for a in values(aws_cloudwatch_metric_alarm.model) : a.alarm_name], [for a in values(aws_cloudwatch_metric_alarm.pipeline) : a.alarm_name],
      [for a in values(aws_cloudwatch_composite_alarm.model) : a.alarm_name], [aws_cloudwatch_composite_alarm.pipeline[0].alarm_name, aws_cloudwatch_metric_alarm.cost[0].alarm_name],
    ))) == 4 * 4 + 3 + 4 + 2
    error_message = "Two alarms have one name"
  }
}

run "without_heartbeat_nothing_is_stale" {
  command = apply

  variables {
    schedules = { heartbeat = "", windows = "" }
  }

  assert {
    condition     = keys(aws_scheduler_schedule.this) == ["labels"] && !contains(keys(aws_cloudwatch_metric_alarm.model), "churn/stale")
    error_message = "${jsonencode(keys(aws_scheduler_schedule.this))} ${jsonencode(keys(aws_cloudwatch_metric_alarm.model))}"
  }
}

run "quiet" {
  command = apply

  variables {
    alarms       = { enabled = false }
    dashboard    = false
    topic_arn    = "arn:aws:sns:eu-west-1:123456789012:ours"
    alert_emails = ["ml@example.com"]
    schedules    = { heartbeat = "", windows = "", labels = "" }
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.model) + length(aws_cloudwatch_metric_alarm.pipeline) + length(aws_cloudwatch_composite_alarm.model) + length(aws_cloudwatch_composite_alarm.pipeline) + length(aws_cloudwatch_metric_alarm.cost) + length(aws_cloudwatch_dashboard.this) == 0
    error_message = "Alarms or a dashboard were not asked for"
  }

  assert {
    condition     = length(aws_sns_topic.this) == 0 && aws_sns_topic_subscription.email["ml@example.com"].topic_arn == "arn:aws:sns:eu-west-1:123456789012:ours"
    error_message = "There is a topic already"
  }

  assert {
    condition     = length(aws_iam_role.scheduler) == 0 && length(aws_scheduler_schedule_group.this) == 0
    error_message = "Nothing is scheduled"
  }
}

run "cost_guard" {
  command = apply

  variables {
    architecture = "x86_64"
    memory_mb    = 1024
  }

  assert {
    condition     = one([for q in aws_cloudwatch_metric_alarm.cost[0].metric_query : q.expression if q.return_data == true]) == "milliseconds / 1000 * 1 * 0.0000166667 + calls * 0.0000002000"
    error_message = jsonencode(aws_cloudwatch_metric_alarm.cost[0].metric_query)
  }
}
