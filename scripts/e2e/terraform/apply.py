"""Applies terraform/aws to an emulated AWS with the real provider, sends objects
through it, and destroys it. Left out is what moto does not know: who may redrive
to a queue, composite alarms, checks of state machines; and the refusal of plain
HTTP, since moto speaks nothing else."""

import os
import shutil
import subprocess
import sys
import time
import zipfile

import moto

SERVICES = ["cloudwatch", "cloudwatchlogs", "events", "iam", "lambda", "s3", "scheduler", "sfn", "sns", "sqs", "sts"]

ROOT = """
provider "aws" {{
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  max_retries                 = 1
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  s3_use_path_style           = true
  endpoints {{
{endpoints}
  }}
}}

module "leeway" {{
  source  = "./module"
  package = "function.zip"
  bucket  = "example-predictions"
  models  = {{ churn = {{ config = "version: 1\\n" }}, fraud = {{}} }}
  alarms  = {{ enabled = false }}
}}
"""

UNKNOWN_TO_MOTO = """
resource "aws_sqs_queue_redrive_allow_policy" "dead" {
  count = 0
}

resource "aws_s3_bucket_policy" "this" {
  for_each = {}
}
"""


def terraform(folder, *arguments):
    ended = subprocess.run(["terraform", *arguments], cwd=folder, capture_output=True, text=True, timeout=7200, check=False)
    if ended.returncode != 0:
        raise SystemExit(f"apply: terraform {arguments[0]}:\n{ended.stdout[-2000:]}{ended.stderr[-4000:]}")


def lay(module, folder, url):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    shutil.copytree(module, f"{folder}/module")
    with open(f"{folder}/module/moto_override.tf", "w", encoding="utf-8") as f:
        f.write(UNKNOWN_TO_MOTO)
    with open(f"{folder}/main.tf", "w", encoding="utf-8") as f:
        f.write(ROOT.format(endpoints="\n".join(f'    {s} = "{url}"' for s in SERVICES)))
    with zipfile.ZipFile(f"{folder}/function.zip", "w") as z:
        z.writestr("bootstrap", "#!/bin/sh\n")


def events(url, wanted):
    """Drops objects where they are watched and where they are not; gives the keys that arrive, once so many have."""
    s3, sqs = moto.client(url, "s3"), moto.client(url, "sqs")
    queue = sqs.get_queue_url(QueueName="leeway-events")["QueueUrl"]
    for key in ["state/churn/x", "quarantine/x", "other/x.csv", "logs/churn/a b+ü.csv", "labels/churn/l.csv", "retrain/churn/r.json"]:
        s3.put_object(Bucket="example-predictions", Key=key, Body=b"x")
    got = []
    for _ in range(600):  # what must not arrive was put first
        got += [body["detail"]["object"]["key"] for body in moto.drain(sqs, queue)]
        if len(got) >= wanted:
            break
        time.sleep(0.5)
    return sorted(got)


def empty(url):
    s3 = moto.client(url, "s3")
    for version in s3.list_object_versions(Bucket="example-predictions").get("Versions", []):
        s3.delete_object(Bucket="example-predictions", Key=version["Key"], VersionId=version["VersionId"])


def main():
    command, module, folder = sys.argv[1:]
    with moto.server(command) as url:
        lay(module, folder, url)
        terraform(folder, "init", "-input=false", "-no-color", f"-plugin-dir={os.environ['TF_PLUGIN_DIR']}")
        terraform(folder, "apply", "-auto-approve", "-input=false", "-no-color")
        want = sorted(["config/churn.yaml", "logs/churn/a b+ü.csv", "labels/churn/l.csv", "retrain/churn/r.json"])
        got = events(url, len(want))
        if got != want:
            raise SystemExit(f"apply: {got} arrived instead of {want}")
        empty(url)
        terraform(folder, "destroy", "-auto-approve", "-input=false", "-no-color")
    print("apply: 1 passed, 0 failed")


if __name__ == "__main__":
    main()
