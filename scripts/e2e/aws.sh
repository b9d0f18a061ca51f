#!/usr/bin/env bash
# Drives the function for AWS as it is deployed: the real bootstrap behind a
# runner that speaks Lambda's protocol, with S3, SQS and EventBridge from moto.
# Needs Python and a package index once; where they are not, it says so.
set -euo pipefail
cd "$(dirname "$0")/../.."

venv=.cache/venv/moto
if [ ! -x $venv/bin/moto_server ]; then
  if ! { python3 -m venv $venv && $venv/bin/pip install -q -r scripts/e2e/aws/requirements.txt; }; then
    rm -rf $venv
    echo "SKIPPED: moto cannot be installed from here"
    exit 0
  fi
fi
mkdir -p .cache/e2e-aws
CGO_ENABLED=0 go build -trimpath -tags lambda.norpc,nethttpomithttp2 -o .cache/e2e-aws/bootstrap ./functions/aws
go build -o .cache/e2e-aws/runner ./scripts/e2e/aws
exec .cache/e2e-aws/runner -moto $venv/bin/moto_server -leeway bin/leeway -bootstrap .cache/e2e-aws/bootstrap "$@"
