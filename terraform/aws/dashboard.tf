# One dashboard for all models: which one is chosen on it.

locals {
  widgets = jsondecode(replace(replace(
    file("${path.module}/generated/dashboard.json"),
    "__namespace__", var.metric_namespace),
    "__region__", local.region,
  ))

  widgets_end = max([for w in local.widgets : w.y + w.height]...)

  own_alarm_arns = concat(
    [for a in values(aws_cloudwatch_composite_alarm.model) : a.arn],
    [for a in aws_cloudwatch_composite_alarm.pipeline : a.arn],
    [for a in aws_cloudwatch_metric_alarm.cost : a.arn],
  )

  machinery = [
    { title = "Deliveries waiting, in work and dead", metrics = [
      ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", aws_sqs_queue.events.name, { label = "waiting" }],
      ["AWS/SQS", "ApproximateNumberOfMessagesNotVisible", "QueueName", aws_sqs_queue.events.name, { label = "in work" }],
      ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", aws_sqs_queue.dead.name, { label = "dead" }],
    ], stat = "Maximum" },
    { title = "Calls, errors and throttles of the function", metrics = [
      for metric in ["Invocations", "Errors", "Throttles"] : ["AWS/Lambda", metric, "FunctionName", local.function_name, { label = metric }]
    ], stat = "Sum" },
    { title = "Milliseconds of the function", metrics = [
      ["AWS/Lambda", "Duration", "FunctionName", local.function_name, { label = "longest" }],
    ], stat = "Maximum" },
  ]
}

resource "aws_cloudwatch_dashboard" "this" {
  count = var.dashboard ? 1 : 0

  dashboard_name = var.name

  dashboard_body = jsonencode({
    variables = [{
      type         = "pattern"
      pattern      = "__model__"
      id           = "model"
      label        = "Model"
      inputType    = "select"
      visible      = true
      defaultValue = sort(keys(var.models))[0]
      values       = [for name in sort(keys(var.models)) : { value = name, label = name }]
    }]

    widgets = concat(
      length(local.own_alarm_arns) == 0 ? [] : [{
        type       = "alarm", x = 0, y = 0, width = 24, height = 3
        properties = { title = "Alarms", alarms = slice(local.own_alarm_arns, 0, min(100, length(local.own_alarm_arns))) }
      }],
      [for w in local.widgets : merge(w, { y = w.y + 3 })],
      [for i, m in local.machinery : {
        type       = "metric", x = i * 8, y = local.widgets_end + 3, width = 8, height = 6
        properties = { title = m.title, region = local.region, view = "timeSeries", stacked = false, stat = m.stat, period = 300, metrics = m.metrics }
      }],
    )
  })
}
