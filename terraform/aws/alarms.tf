# Alarms of models come from the catalogue of metrics (generated/alarms.json),
# those of the machinery are AWS's own metrics. Only composite alarms send
# messages: one for each model, one for the machinery, one for money.

locals {
  rules  = jsondecode(file("${path.module}/generated/alarms.json"))
  prices = jsondecode(file("${path.module}/generated/prices.json"))

  model_alarms = var.alarms.enabled ? merge([for name, model in var.models : {
    for rule, alarm in local.rules : "${name}/${rule}" => merge(alarm, {
      model     = name
      rule      = rule
      threshold = alarm.setting == "max_age_hours" ? model.max_age_hours * 3600 : alarm.threshold
    }) if alarm.setting != "max_age_hours" || (model.max_age_hours > 0 && var.schedules.heartbeat != "")
  }]...) : {}
}

resource "aws_cloudwatch_metric_alarm" "model" {
  for_each = local.model_alarms

  alarm_name          = "${var.name}/${each.value.model}/${each.value.rule}" # a model's name has no slash, so no two names are the same
  alarm_description   = "${each.value.model}: ${each.value.description}"
  namespace           = var.metric_namespace
  metric_name         = each.value.series
  dimensions          = merge(each.value.dimensions, { model = each.value.model })
  statistic           = each.value.statistic
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = each.value.period
  evaluation_periods  = each.value.periods
  datapoints_to_alarm = each.value.needed
  treat_missing_data  = each.value.missing
  tags                = local.tags
}

# One message for a model, whatever is wrong with it. What merely follows from a
# broken pipeline says nothing while that is broken.
resource "aws_cloudwatch_composite_alarm" "model" {
  for_each = var.alarms.enabled ? var.models : {}

  alarm_name        = "${var.name}/${each.key}"
  alarm_description = "Leeway: ${each.key} needs attention. Reports: s3://${local.state_apart ? var.state_bucket : var.bucket}/state/${each.key}/reports/"
  alarm_actions     = [local.topic_arn]
  ok_actions        = [local.topic_arn]
  tags              = local.tags

  alarm_rule = join(" OR ", [
    for key, alarm in local.model_alarms :
    alarm.effect ? "(ALARM(\"${aws_cloudwatch_metric_alarm.model[key].alarm_name}\") AND NOT ALARM(\"${aws_cloudwatch_composite_alarm.pipeline[0].alarm_name}\"))" : "ALARM(\"${aws_cloudwatch_metric_alarm.model[key].alarm_name}\")"
    if alarm.model == each.key
  ])
}

locals {
  pipeline_alarms = var.alarms.enabled ? {
    dead-letters = {
      description = "Something could not be done ${var.max_receives} times. The function's log says why; mend it, then redrive the queue ${var.name}-dead-letters."
      namespace   = "AWS/SQS"
      metric      = "ApproximateNumberOfMessagesVisible"
      dimensions  = { QueueName = aws_sqs_queue.dead.name }
      statistic   = "Maximum"
      threshold   = 1
      period      = 300
    }
    errors = {
      description = "The function itself failed three times or more in an hour. Its log says why."
      namespace   = "AWS/Lambda"
      metric      = "Errors"
      dimensions  = { FunctionName = local.function_name }
      statistic   = "Sum"
      threshold   = 3
      period      = 3600
    }
    backlog = {
      description = "A delivery has waited for longer than two tries take. The function does not keep up (max_concurrency), or does not run."
      namespace   = "AWS/SQS"
      metric      = "ApproximateAgeOfOldestMessage"
      dimensions  = { QueueName = aws_sqs_queue.events.name }
      statistic   = "Maximum"
      threshold   = max(3600, 2 * local.visibility_seconds)
      period      = 300
    }
  } : {}
}

resource "aws_cloudwatch_metric_alarm" "pipeline" {
  for_each = local.pipeline_alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.threshold
  period              = each.value.period
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  tags                = local.tags
}

resource "aws_cloudwatch_composite_alarm" "pipeline" {
  count = var.alarms.enabled ? 1 : 0

  alarm_name        = "${var.name}-pipeline"
  alarm_description = "Leeway ${var.name} does not work as it should: batches may wait."
  alarm_rule        = join(" OR ", [for alarm in values(aws_cloudwatch_metric_alarm.pipeline) : "ALARM(\"${alarm.alarm_name}\")"])
  alarm_actions     = [local.topic_arn]
  ok_actions        = [local.topic_arn]
  tags              = local.tags
}

# What the function cost in the last day, from its own time and calls.
resource "aws_cloudwatch_metric_alarm" "cost" {
  count = var.alarms.enabled && var.alarms.cost_guard_usd > 0 ? 1 : 0

  alarm_name          = "${var.name}-cost"
  alarm_description   = "The function cost ${var.alarms.cost_guard_usd} dollars or more in a day, at list prices of ${local.prices.as_of}. Look for a backfill, or for something that writes without end."
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = var.alarms.cost_guard_usd
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.topic_arn]
  tags                = local.tags

  metric_query {
    id          = "cost"
    label       = "dollars a day"
    return_data = true
    expression  = "milliseconds / 1000 * ${var.memory_mb / 1024} * ${format("%.10f", local.prices.lambda_gb_second[var.architecture])} + calls * ${format("%.10f", local.prices.lambda_request)}"
  }

  dynamic "metric_query" {
    for_each = { milliseconds = "Duration", calls = "Invocations" }

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/Lambda"
        metric_name = metric_query.value
        dimensions  = { FunctionName = local.function_name }
        stat        = "Sum"
        period      = 86400
      }
    }
  }
}
