#!/usr/bin/env bash
# Formats, validates and tests the Terraform modules and plans their examples,
# with no cloud and no account. The provider is, in this order,
#   $TF_PLUGIN_DIR             a mirror of providers (terraform providers mirror DIR)
#   ../shared/tools/tfstub     a stand-in that knows the real one's resources
#   the registry               if it can be reached
# Everything happens in a copy: no lock file and no plugin is left in the tree.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

step() { printf -- '-- %s\n' "$*"; }
skip() { echo "SKIPPED $*"; }

if ! command -v terraform >/dev/null; then
  skip "terraform: it is not installed (the modules' files are parsed by go test ./scripts/gen all the same)"
  exit 0
fi
export CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1 TF_CLI_CONFIG_FILE=/dev/null

step "terraform fmt"
terraform fmt -check -diff -recursive terraform

work=$root/.cache/terraform
mkdir -p "$work"

# stub builds the stand-in, if there is one, and has terraform use it.
stub() {
  local source=$root/../shared/tools/tfstub schema
  schema=$(ls "$root"/../shared/tfschema/aws-*.core.json.gz 2>/dev/null | tail -1)
  [ -d "$source" ] && [ -n "$schema" ] || return 1
  mkdir -p "$work/stub"
  cp -f "$source"/* "$work/stub/" # the folder itself may be read-only
  chmod u+w "$work/stub/"*
  (cd "$work/stub" && go build -buildvcs=false -trimpath -o terraform-provider-aws .)
  cp -f "$schema" "$work/stub/aws.json.gz"
  printf 'provider_installation {\n  dev_overrides {\n    "hashicorp/aws" = "%s"\n  }\n  direct {}\n}\n' "$work/stub" >"$work/terraformrc"
  export TF_CLI_CONFIG_FILE=$work/terraformrc
}

provider=registry
if [ -n "${TF_PLUGIN_DIR:-}" ]; then
  provider=mirror
elif stub; then
  provider=stub
  echo "the provider is a stand-in: what only the real one checks (values of arguments) is not checked"
fi

# init makes the folder ready. It fails only where the registry is not reached.
init() {
  case $provider in
    mirror) terraform init -input=false -no-color -plugin-dir="$TF_PLUGIN_DIR" >"$work/init.log" 2>&1 || { cat "$work/init.log"; exit 1; } ;;
    stub) terraform get -no-color >/dev/null ;;
    registry) timeout 120 terraform init -input=false -no-color >"$work/init.log" 2>&1 ;;
  esac
}

rm -rf "$work/aws"
cp -r terraform/aws "$work/aws"
cd "$work/aws"
if ! init; then
  skip "terraform validate, test and the examples: no provider (set TF_PLUGIN_DIR)"
  exit 0
fi

step "terraform validate"
terraform validate -no-color

step "terraform test"
terraform test -no-color

# An example is planned in a mock: a test file of one run that names nothing.
for example in examples/*/; do
  step "$example"
  (
    cd "$example"
    mkdir -p tests
    cp ../../tests/function.zip leeway-aws-arm64.zip
    cp ../../tests/function.zip leeway-aws-amd64.zip
    cp -r ../../tests/mock tests/mock
    printf 'mock_provider "aws" {\n  source = "./tests/mock"\n}\n\nrun "plan" {\n  command = plan\n}\n' >tests/plan.tftest.hcl
    init
    terraform test -no-color
  )
done
