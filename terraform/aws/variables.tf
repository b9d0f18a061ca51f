# What a deployment must say.

variable "bucket" {
  description = "Name of the bucket that predictions are dropped in, under `logs/<model>/`. It is made unless `create_bucket` is false."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.bucket))
    error_message = "bucket must be the name of a bucket (3 to 63 lower-case letters, digits, dots and hyphens), without s3:// and without a path."
  }
}

variable "models" {
  description = <<-EOT
    The models, by name: each is a folder under `logs/`, `labels/` and `reference/`, and gets alarms of its own.
    `config` is the text of its `monitor.yaml`, put into the bucket as `config/<model>.yaml`; without it everything is inferred.
    `max_age_hours` is how long it may take until the next batch before the alarm `stale` (whole hours; 0 for never).
  EOT
  type = map(object({
    config        = optional(string)
    max_age_hours = optional(number, 26)
  }))
  nullable = false

  validation {
    condition     = length(var.models) > 0
    error_message = "models needs at least one model, such as { hotel-cancellation = {} }."
  }

  validation {
    condition     = alltrue([for name in keys(var.models) : can(regex("^[A-Za-z0-9_][A-Za-z0-9._-]{0,62}$", name))])
    error_message = "The name of a model has up to 63 letters, digits, '.', '_' and '-', and begins with none of '.' and '-'."
  }

  validation {
    condition     = alltrue([for m in values(var.models) : m.max_age_hours >= 0 && m.max_age_hours <= 2200 && floor(m.max_age_hours) == m.max_age_hours])
    error_message = "max_age_hours is a whole number of hours from 0 (no alarm) to 2200 (three months)."
  }
}

variable "package" {
  description = "Path of the function's zip, as `make package-aws` writes it: `dist/leeway-aws-arm64.zip` or `dist/leeway-aws-amd64.zip`."
  type        = string
  nullable    = false

  validation {
    condition     = fileexists(var.package)
    error_message = "package names a file that is not there: run make package-aws and give the path of its zip."
  }
}

# Names and buckets.

variable "name" {
  description = "Begins the name of everything that is made. Two deployments in one account and region need two names."
  type        = string
  default     = "leeway"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,31}$", var.name))
    error_message = "name has 1 to 32 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "tags" {
  description = "Tags of everything that is made."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "create_bucket" {
  description = "Whether to make the bucket. False for one that is there."
  type        = bool
  default     = true
  nullable    = false
}

variable "manage_bucket_notification" {
  description = "Whether this module turns on the bucket's events to EventBridge. It then owns **all** notifications of the bucket: say false where something else does, and turn EventBridge on there. Without a value: as `create_bucket`."
  type        = bool
  default     = null
}

variable "state_bucket" {
  description = "Name of another bucket for what Leeway keeps (`state/`, `claims/`, `quarantine/`, `seen/`). Without it the same bucket has both, in folders that are not watched."
  type        = string
  default     = null

  validation {
    condition     = var.state_bucket == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.state_bucket))
    error_message = "state_bucket must be the name of a bucket, without s3:// and without a path."
  }
}

variable "create_state_bucket" {
  description = "Whether to make `state_bucket`, if there is one. False for one that is there."
  type        = bool
  default     = true
  nullable    = false
}

variable "force_destroy" {
  description = "Whether `terraform destroy` deletes buckets that are not empty, with everything in them."
  type        = bool
  default     = false
  nullable    = false
}

variable "watch_prefixes" {
  description = "Objects under these prefixes are looked at. Narrow them where two deployments share a bucket, such as `[\"logs/churn/\", \"labels/churn/\", \"reference/churn/\", \"config/churn.yaml\"]`. What Leeway writes itself is refused: it would set itself off for ever."
  type        = list(string)
  default     = ["logs/", "labels/", "reference/", "config/", "retrain/"]
  nullable    = false

  validation {
    condition = alltrue([for watched in var.watch_prefixes : alltrue([
      for ours in ["state/", "claims/", "quarantine/", "seen/"] : !startswith(watched, ours) && !startswith(ours, watched)
    ])])
    error_message = "watch_prefixes holds a prefix under which Leeway writes (state/, claims/, quarantine/ or seen/): each of its own writes would set it off again. Watch logs/, labels/, reference/, config/ and retrain/ or parts of them; an empty prefix watches everything."
  }

  validation {
    condition = length(var.watch_prefixes) > 0 && alltrue([for watched in var.watch_prefixes :
      anytrue([for theirs in ["logs/", "labels/", "reference/", "config/", "retrain/"] : startswith(watched, theirs)]) || contains(["state/", "claims/", "quarantine/", "seen/"], watched) || watched == ""
    ])
    error_message = "watch_prefixes are logs/, labels/, reference/, config/ and retrain/ or begin with one of them: the function reads nothing else."
  }
}

# The function.

variable "config" {
  description = "`LEEWAY_CONFIG`: a configuration for models that have none of their own under `config/`, as YAML or as a key in the bucket."
  type        = string
  default     = null
}

variable "architecture" {
  description = "Of the function, and so of `package`: `arm64` (a fifth cheaper) or `x86_64`."
  type        = string
  default     = "arm64"
  nullable    = false

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture is arm64 or x86_64."
  }
}

variable "memory_mb" {
  description = "Memory of the function. Its share of processors grows with it: 1769 MB is one whole processor."
  type        = number
  default     = 1769
  nullable    = false

  validation {
    condition     = var.memory_mb >= 256 && var.memory_mb <= 10240 && floor(var.memory_mb) == var.memory_mb
    error_message = "memory_mb is a whole number from 256 to 10240."
  }
}

variable "timeout_seconds" {
  description = "How long the function may work on a delivery. A delivery that failed is there again after six times as long."
  type        = number
  default     = 300
  nullable    = false

  validation {
    condition     = var.timeout_seconds >= 30 && var.timeout_seconds <= 900 && floor(var.timeout_seconds) == var.timeout_seconds
    error_message = "timeout_seconds is a whole number from 30 to 900, which is all that Lambda allows."
  }
}

variable "max_concurrency" {
  description = "How many copies of the function work on the queue at once, from 2 to 1000: what a backfill may use of the account's concurrency."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.max_concurrency >= 2 && var.max_concurrency <= 1000 && floor(var.max_concurrency) == var.max_concurrency
    error_message = "max_concurrency is a whole number from 2 to 1000: SQS starts at two."
  }
}

variable "reserved_concurrency" {
  description = "Concurrency that is kept for the function alone and is its limit, or -1 for none. It must not be less than `max_concurrency`: deliveries would be thrown back and end in the dead-letter queue."
  type        = number
  default     = -1
  nullable    = false

  validation {
    condition     = var.reserved_concurrency == -1 || var.reserved_concurrency >= var.max_concurrency
    error_message = "reserved_concurrency is -1 or at least max_concurrency."
  }
}

variable "max_receives" {
  description = "How often a delivery is tried before it goes to the dead-letter queue."
  type        = number
  default     = 5
  nullable    = false

  validation {
    condition     = var.max_receives >= 2 && var.max_receives <= 1000
    error_message = "max_receives is 2 to 1000: with less, one throttled request would lose a batch."
  }
}

variable "batch_size" {
  description = "Deliveries that the function gets at once, from 1 to 10. Each fails or succeeds by itself."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.batch_size >= 1 && var.batch_size <= 10
    error_message = "batch_size is 1 to 10."
  }
}

variable "log_level" {
  description = "`LEEWAY_LOG_LEVEL`: debug, info, warn or error."
  type        = string
  default     = "info"
  nullable    = false

  validation {
    condition     = contains(["debug", "info", "warn", "error"], var.log_level)
    error_message = "log_level is debug, info, warn or error."
  }
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days is one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653: CloudWatch takes no others."
  }
}

variable "tracing" {
  description = "Whether Lambda records traces in X-Ray."
  type        = bool
  default     = false
  nullable    = false
}

variable "environment" {
  description = "Further variables of the function's environment, such as those of OpenTelemetry. Those that the module sets itself are refused."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition = length(setintersection(keys(var.environment), [
      "LEEWAY_BUCKET", "LEEWAY_STATE_BUCKET", "LEEWAY_CONFIG", "LEEWAY_LOG_LEVEL", "LEEWAY_METRIC_NAMESPACE", "LEEWAY_SNS_TOPIC_ARN",
      "LEEWAY_EVENT_BUS", "LEEWAY_STATE_MACHINE_ARN", "LEEWAY_KMS_KEY_ARN", "LEEWAY_ID_KEY_SECRET_ARN", "GOMEMLIMIT",
    ])) == 0
    error_message = "environment names a variable that the module sets: use the setting of the module for it."
  }
}

# Secrets and keys.

variable "kms_key_arn" {
  description = "ARN of a customer-managed key that buckets, queues, topic, logs and the function's environment are encrypted with. Without it: the services' own keys. Its policy must let them use it (see Encryption)."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z0-9-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of a key (arn:aws:kms:REGION:ACCOUNT:key/ID), not of an alias."
  }
}

variable "id_key_secret_arn" {
  description = "ARN of a secret in Secrets Manager with the key that ids are hashed with (`LEEWAY_ID_KEY`). Without it hashes of ids are not secret."
  type        = string
  default     = null

  validation {
    condition     = var.id_key_secret_arn == null || can(regex("^arn:[a-z0-9-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:.+$", var.id_key_secret_arn))
    error_message = "id_key_secret_arn is the ARN of a secret (arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME)."
  }
}

# When.

variable "schedules" {
  description = "When to look for what is pending without an event: windows that are over, labels, and a heartbeat, on which the alarm `stale` depends. EventBridge Scheduler's `rate(...)` or `cron(...)`; \"\" for never."
  type = object({
    windows   = optional(string, "cron(10 0 * * ? *)")
    labels    = optional(string, "rate(6 hours)")
    heartbeat = optional(string, "rate(30 minutes)")
    timezone  = optional(string, "UTC")
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for when in [var.schedules.windows, var.schedules.labels, var.schedules.heartbeat] : when == "" || can(regex("^(rate|cron)\\(.+\\)$", when))])
    error_message = "A schedule is rate(...) or cron(...), as EventBridge Scheduler writes them, or empty for never."
  }
}

# Who is told.

variable "alert_emails" {
  description = "Addresses that alarms are sent to. Each gets a message to confirm first."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for address in var.alert_emails : can(regex("^[^@[:space:]]+@[^@[:space:]]+$", address))])
    error_message = "alert_emails holds something that is no address."
  }
}

variable "topic_arn" {
  description = "ARN of an SNS topic for alarms that is there. Without it the module makes one."
  type        = string
  default     = null

  validation {
    condition     = var.topic_arn == null || can(regex("^arn:[a-z0-9-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", var.topic_arn))
    error_message = "topic_arn is the ARN of a standard topic: alarms cannot be sent to a FIFO one."
  }
}

variable "event_bus" {
  description = "Name of the EventBridge bus that events of Leeway (a report is ready, retraining is requested) are put on."
  type        = string
  default     = "default"
  nullable    = false
}

variable "metric_namespace" {
  description = "CloudWatch namespace of all metrics, and the only one that the function may write to unless `more_metric_namespaces` names others."
  type        = string
  default     = "Leeway"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._/#-]{1,255}$", var.metric_namespace)) && !startswith(var.metric_namespace, "AWS/")
    error_message = "metric_namespace has up to 255 letters, digits and ._/#- and does not begin with AWS/."
  }
}

variable "more_metric_namespaces" {
  description = "Further namespaces that the function may write to, for sinks with a `namespace` of their own. A sink of kind sagemaker needs `aws/sagemaker/Endpoints/data-metrics` and `aws/sagemaker/Endpoints/model-metrics`."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for namespace in var.more_metric_namespaces : can(regex("^[A-Za-z0-9._/#-]{1,255}$", namespace)) && !startswith(namespace, "AWS/")])
    error_message = "more_metric_namespaces have up to 255 letters, digits and ._/#- and do not begin with AWS/."
  }
}

variable "alarms" {
  description = <<-EOT
    `enabled`: whether alarms are made at all.
    `cost_guard_usd`: dollars of Lambda in a day from which on the alarm `cost` goes off; 0 for none. What Lambda costs is computed from the function's own duration and calls, at list prices.
  EOT
  type = object({
    enabled        = optional(bool, true)
    cost_guard_usd = optional(number, 5)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.alarms.cost_guard_usd >= 0
    error_message = "cost_guard_usd is 0 or more dollars a day."
  }
}

variable "dashboard" {
  description = "Whether a CloudWatch dashboard is made. An account has three for nothing."
  type        = bool
  default     = true
  nullable    = false
}

variable "retrain" {
  description = <<-EOT
    A Step Functions workflow that starts a SageMaker pipeline when Leeway asks for retraining, waits for it and reports back. Null for none.
    `pipeline_name`: the pipeline. `parameters`: its parameters, by JSON path in the event `dev.leeway.retrain.requested.v1` (`leeway schema event`), such as `{ Logs = "$.data.data.logs", From = "$.data.start" }`.
    `max_hours`: after how long the run counts as failed. `poll_seconds`: how often it is looked at.
  EOT
  type = object({
    pipeline_name = string
    parameters    = optional(map(string), {})
    max_hours     = optional(number, 24)
    poll_seconds  = optional(number, 60)
  })
  default = null

  validation {
    condition     = var.retrain == null || can(regex("^[A-Za-z0-9][A-Za-z0-9-]{0,255}$", var.retrain.pipeline_name))
    error_message = "retrain.pipeline_name is the name of a SageMaker pipeline, not its ARN."
  }

  validation {
    condition     = var.retrain == null || alltrue([for path in values(try(var.retrain.parameters, {})) : startswith(path, "$.")])
    error_message = "retrain.parameters are JSON paths in the event, such as \"$.data.model\"."
  }

  validation {
    condition     = var.retrain == null || try(var.retrain.max_hours > 0 && var.retrain.poll_seconds >= 10 && var.retrain.max_hours * 3600 / var.retrain.poll_seconds <= 2000, false)
    error_message = "retrain.max_hours is above 0, poll_seconds at least 10, and the run is looked at 2000 times at most (max_hours * 3600 / poll_seconds): a workflow keeps 25,000 steps and no more."
  }
}
