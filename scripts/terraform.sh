#!/usr/bin/env bash
# Formats, validates and tests the Terraform modules and plans their examples,
# with no cloud and no account; scripts/provider.sh says with which provider.
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

step "terraform fmt"
TF_CLI_CONFIG_FILE=/dev/null terraform fmt -check -diff -recursive terraform

. scripts/provider.sh
if [ "$provider" = stub ]; then
  echo "the provider is a stand-in: what only the real one checks (values of arguments) is not checked"
fi

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

# An example is planned in a mock: a test file of one run that asserts nothing. The
# mock is handed over by name, as an example that names no provider would get the
# real one, which asks for an account.
for example in examples/*/; do
  step "$example"
  (
    cd "$example"
    mkdir -p tests
    cp ../../tests/function.zip leeway-aws-arm64.zip
    cp ../../tests/function.zip leeway-aws-amd64.zip
    cp -r ../../tests/mock tests/mock
    printf 'mock_provider "aws" {\n  source = "./tests/mock"\n}\n\nrun "plan" {\n  command   = plan\n  providers = { aws = aws }\n}\n' >tests/plan.tftest.hcl
    init
    terraform test -no-color
  )
done
