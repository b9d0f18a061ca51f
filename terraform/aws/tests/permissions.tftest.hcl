# Least privilege: what each role may do, with everything on.

mock_provider "aws" {
  source = "./tests/mock"
}

variables {
  package           = "./tests/function.zip"
  bucket            = "example-predictions"
  state_bucket      = "example-state"
  models            = { churn = {} }
  kms_key_arn       = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000"
  id_key_secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:ids-AbCdEf"
  tracing           = true
  retrain           = { pipeline_name = "Churn" }

  more_metric_namespaces = ["aws/sagemaker/Endpoints/data-metrics"]
}

run "everything_on" {
  command = apply

  # AWS has no resources for metrics and for traces; nothing else is "*".
  assert {
    condition = toset(flatten([
      for s in jsondecode(aws_iam_role_policy.function.policy).Statement : s.Sid if contains(flatten([s.Resource]), "*")
    ])) == toset(["PublishMetrics", "RecordTraces"])
    error_message = aws_iam_role_policy.function.policy
  }

  assert {
    condition = alltrue(flatten([
      for policy in [aws_iam_role_policy.function.policy, aws_iam_role_policy.scheduler[0].policy, aws_iam_role_policy.retrain[0].policy] : [
        for s in jsondecode(policy).Statement : [for action in flatten([s.Action]) : !strcontains(action, "*")]
      ]
    ]))
    error_message = "An action has a wildcard"
  }

  assert {
    condition = alltrue(flatten([
      for policy in [aws_iam_role_policy.scheduler[0].policy, aws_iam_role_policy.retrain[0].policy] : [
        for s in jsondecode(policy).Statement : [for resource in flatten([s.Resource]) : startswith(resource, "arn:")]
      ]
    ]))
    error_message = "A resource of the scheduler's or the workflow's role is no ARN"
  }

  assert {
    condition = one([
      for s in jsondecode(aws_iam_role_policy.function.policy).Statement : s.Condition if s.Sid == "PublishMetrics"
    ]) == { StringEquals = { "cloudwatch:namespace" = ["Leeway", "aws/sagemaker/Endpoints/data-metrics"] } }
    error_message = "Metrics may be written to other namespaces than those that are named"
  }

  assert {
    condition = toset(flatten([
      for s in jsondecode(aws_iam_role_policy.function.policy).Statement : s.Resource if contains(flatten([s.Action]), "s3:PutObject")
    ])) == toset([for folder in ["state", "claims", "quarantine", "seen"] : "arn:aws:s3:::example-state/${folder}/*"])
    error_message = "The function may write elsewhere than to its state"
  }

  assert {
    condition = toset(flatten([
      for s in jsondecode(aws_iam_role_policy.function.policy).Statement : s.Resource if contains(flatten([s.Action]), "s3:GetObjectVersion")
    ])) == toset([for folder in ["logs", "labels", "reference", "config", "retrain"] : "arn:aws:s3:::example-predictions/${folder}/*"])
    error_message = "The function may read elsewhere than what is dropped"
  }

  assert {
    condition = alltrue([
      for s in jsondecode(aws_iam_role_policy.function.policy).Statement : can(s.Condition.StringLikeIfExists["s3:prefix"]) if s.Action == "s3:ListBucket"
    ])
    error_message = "The function may list any prefix of a bucket"
  }

  assert {
    condition = alltrue(flatten([
      for policy in [aws_sqs_queue_policy.events.policy, aws_sqs_queue_policy.dead.policy] : [
        for s in jsondecode(policy).Statement : s.Condition.ArnEquals["aws:SourceArn"] == aws_cloudwatch_event_rule.objects.arn && s.Condition.StringEquals["aws:SourceAccount"] == "123456789012" if s.Effect == "Allow"
      ]
    ]))
    error_message = "Others than the rule may send to a queue"
  }

  assert {
    condition = alltrue([
      for r in [aws_iam_role.scheduler[0], aws_iam_role.retrain[0]] : jsondecode(r.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    ])
    error_message = "Another account's schedules or workflows may take on a role"
  }

  assert {
    condition     = alltrue([for p in values(aws_s3_bucket_policy.this) : jsondecode(p.policy).Statement[0].Effect == "Deny"])
    error_message = "A bucket's policy allows something"
  }

  assert {
    condition = alltrue([
      aws_sqs_queue.events.kms_master_key_id == var.kms_key_arn,
      aws_sqs_queue.dead.kms_master_key_id == var.kms_key_arn,
      aws_sns_topic.this[0].kms_master_key_id == var.kms_key_arn,
      aws_cloudwatch_log_group.function.kms_key_id == var.kms_key_arn,
      aws_lambda_function.this.kms_key_arn == var.kms_key_arn,
    ])
    error_message = "Something is not encrypted with the key that was given"
  }

  assert {
    condition     = alltrue([for b in values(aws_s3_bucket_server_side_encryption_configuration.this) : one(one(b.rule).apply_server_side_encryption_by_default).kms_master_key_id == var.kms_key_arn])
    error_message = "A bucket is not encrypted with the key that was given"
  }

  assert {
    condition = alltrue([
      for s in jsondecode(aws_iam_role_policy.function.policy).Statement : s.Resource == var.kms_key_arn && can(s.Condition.StringEquals["kms:ViaService"]) if s.Sid == "UseTheKey"
    ])
    error_message = "The function may use the key by itself, not only through the services"
  }

  assert {
    condition     = aws_lambda_function.this.environment[0].variables["LEEWAY_KMS_KEY_ARN"] == var.kms_key_arn && aws_lambda_function.this.environment[0].variables["LEEWAY_ID_KEY_SECRET_ARN"] == var.id_key_secret_arn
    error_message = jsonencode(aws_lambda_function.this.environment[0].variables)
  }
}
