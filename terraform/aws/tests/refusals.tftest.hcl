# What must be refused when it is planned, before anything is made.

mock_provider "aws" {
  source = "./tests/mock"
}

variables {
  package = "./tests/function.zip"
  bucket  = "example-predictions"
  models  = { churn = {} }
}

run "own_output_is_watched" {
  command         = plan
  expect_failures = [var.watch_prefixes]

  variables {
    watch_prefixes = ["logs/", "state/"]
  }
}

run "part_of_own_output_is_watched" {
  command         = plan
  expect_failures = [var.watch_prefixes]

  variables {
    watch_prefixes = ["quarantine/unreadable/churn/"]
  }
}

run "everything_is_watched" {
  command         = plan
  expect_failures = [var.watch_prefixes]

  variables {
    watch_prefixes = [""]
  }
}

run "beginning_of_own_output_is_watched" {
  command         = plan
  expect_failures = [var.watch_prefixes]

  variables {
    watch_prefixes = ["s"]
  }
}

run "what_is_never_read_is_watched" {
  command         = plan
  expect_failures = [var.watch_prefixes]

  variables {
    watch_prefixes = ["exports/"]
  }
}

run "nothing_is_watched" {
  command         = plan
  expect_failures = [var.watch_prefixes]

  variables {
    watch_prefixes = []
  }
}

run "no_models" {
  command         = plan
  expect_failures = [var.models]

  variables {
    models = {}
  }
}

run "model_that_is_a_path" {
  command         = plan
  expect_failures = [var.models]

  variables {
    models = { "../state" = {} }
  }
}

run "age_that_is_no_hours" {
  command         = plan
  expect_failures = [var.models]

  variables {
    models = { churn = { max_age_hours = -1 } }
  }
}

run "bucket_as_url" {
  command         = plan
  expect_failures = [var.bucket]

  variables {
    bucket = "s3://example-predictions"
  }
}

run "package_that_is_not_there" {
  command         = plan
  expect_failures = [var.package]

  variables {
    package = "./tests/missing.zip"
  }
}

run "another_architecture" {
  command         = plan
  expect_failures = [var.architecture]

  variables {
    architecture = "amd64"
  }
}

run "longer_than_lambda_allows" {
  command         = plan
  expect_failures = [var.timeout_seconds]

  variables {
    timeout_seconds = 901
  }
}

run "less_reserved_than_the_queue_takes" {
  command         = plan
  expect_failures = [var.reserved_concurrency]

  variables {
    max_concurrency      = 10
    reserved_concurrency = 5
  }
}

run "retention_that_cloudwatch_refuses" {
  command         = plan
  expect_failures = [var.log_retention_days]

  variables {
    log_retention_days = 31
  }
}

run "environment_of_the_module" {
  command         = plan
  expect_failures = [var.environment]

  variables {
    environment = { LEEWAY_BUCKET = "another" }
  }
}

run "alias_for_a_key" {
  command         = plan
  expect_failures = [var.kms_key_arn]

  variables {
    kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:alias/leeway"
  }
}

run "fifo_topic" {
  command         = plan
  expect_failures = [var.topic_arn]

  variables {
    topic_arn = "arn:aws:sns:eu-west-1:123456789012:alerts.fifo"
  }
}

run "schedule_without_rate_or_cron" {
  command         = plan
  expect_failures = [var.schedules]

  variables {
    schedules = { labels = "every day" }
  }
}

run "namespace_of_aws" {
  command         = plan
  expect_failures = [var.metric_namespace]

  variables {
    metric_namespace = "AWS/Lambda"
  }
}

run "another_namespace_of_aws" {
  command         = plan
  expect_failures = [var.more_metric_namespaces]

  variables {
    more_metric_namespaces = ["aws/sagemaker/Endpoints/data-metrics", "AWS/SageMaker"]
  }
}

run "pipeline_as_arn" {
  command         = plan
  expect_failures = [var.retrain]

  variables {
    retrain = { pipeline_name = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/churn" }
  }
}

run "more_looks_than_a_workflow_has_steps" {
  command         = plan
  expect_failures = [var.retrain]

  variables {
    retrain = { pipeline_name = "churn", max_hours = 168 }
  }
}
