#!/usr/bin/env bash
# Runs what Terraform makes: the workflow that retrains, in moto's Step Functions
# with its SageMaker and SQS; and with the real provider ($TF_PLUGIN_DIR) the
# whole module, applied to moto, events through it, and destroyed (some minutes).
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD

skip() { echo "SKIPPED $*"; exit 0; }

command -v terraform >/dev/null || skip "the workflow: terraform is not installed"
venv=$root/.cache/venv/workflow
if [ ! -x "$venv/bin/moto_server" ]; then
  if ! { python3 -m venv "$venv" && "$venv/bin/pip" install -q -r scripts/e2e/aws/requirements.txt -r scripts/e2e/terraform/requirements.txt; }; then
    rm -rf "$venv"
    skip "the workflow: moto cannot be installed from here"
  fi
fi

. scripts/provider.sh
rm -rf "$work/workflow"
cp -r terraform/aws "$work/workflow"
cd "$work/workflow"
init || skip "the workflow: no provider (set TF_PLUGIN_DIR)"
terraform test -no-color -json -verbose -filter=tests/retraining.tftest.hcl >"$work/workflow.json"
"$venv/bin/python" "$root/scripts/e2e/terraform/workflow.py" "$venv/bin/moto_server" "$work/workflow.json"

[ "$provider" = mirror ] || skip "applying the module to moto: it takes the real provider (set TF_PLUGIN_DIR)"
"$venv/bin/python" "$root/scripts/e2e/terraform/apply.py" "$venv/bin/moto_server" "$root/terraform/aws" "$work/apply"
