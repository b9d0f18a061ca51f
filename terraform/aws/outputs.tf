output "bucket" {
  description = "Name of the bucket that predictions are dropped in."
  value       = local.bucket
}

output "drop" {
  description = "Where to drop what, by model: `logs`, `labels` and `reference`."
  value = { for name in keys(var.models) : name => {
    for folder in ["logs", "labels", "reference"] : folder => "s3://${local.bucket}/${folder}/${name}/"
  } }
}

output "reports" {
  description = "Where the reports of each model are."
  value       = { for name in keys(var.models) : name => "s3://${local.state_bucket}/state/${name}/reports/" }
}

output "state_bucket" {
  description = "Name of the bucket that Leeway keeps its state in."
  value       = local.state_bucket
}

output "function_name" {
  description = "Name of the function."
  value       = aws_lambda_function.this.function_name
}

output "function_arn" {
  description = "ARN of the function."
  value       = aws_lambda_function.this.arn
}

output "function_role_arn" {
  description = "ARN of the function's role, for policies of buckets and keys elsewhere."
  value       = aws_iam_role.function.arn
}

output "log_group_name" {
  description = "Log group of the function."
  value       = aws_cloudwatch_log_group.function.name
}

output "queue_url" {
  description = "URL of the queue that everything comes in by."
  value       = aws_sqs_queue.events.url
}

output "queue_arn" {
  description = "ARN of that queue."
  value       = aws_sqs_queue.events.arn
}

output "dead_letter_queue_url" {
  description = "URL of the queue with what could not be done."
  value       = aws_sqs_queue.dead.url
}

output "dead_letter_queue_arn" {
  description = "ARN of that queue."
  value       = aws_sqs_queue.dead.arn
}

output "redrive_command" {
  description = "Gives everything in the dead-letter queue another try."
  value       = "aws sqs start-message-move-task --source-arn ${aws_sqs_queue.dead.arn}"
}

output "doctor_command" {
  description = "Has the function check itself, and prints what it found."
  value       = "leeway doctor --cloud aws --function ${local.function_name} --region ${local.region}"
}

output "topic_arn" {
  description = "ARN of the topic that alarms are sent to."
  value       = local.topic_arn
}

output "alarm_names" {
  description = "Names of the alarms that send messages: one for each model, `pipeline` and `cost`."
  value = concat(
    [for alarm in values(aws_cloudwatch_composite_alarm.model) : alarm.alarm_name],
    [for alarm in aws_cloudwatch_composite_alarm.pipeline : alarm.alarm_name],
    [for alarm in aws_cloudwatch_metric_alarm.cost : alarm.alarm_name],
  )
}

output "dashboard_url" {
  description = "The dashboard in the console, or null."
  value       = var.dashboard ? "https://${local.region}.console.aws.amazon.com/cloudwatch/home?region=${local.region}#dashboards/dashboard/${var.name}" : null
}

output "state_machine_arn" {
  description = "ARN of the workflow that retrains, or null."
  value       = var.retrain == null ? null : aws_sfn_state_machine.retrain[0].arn
}
