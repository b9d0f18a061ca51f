# Sourced: which provider Terraform uses where there is no account. In this order,
#   $TF_PLUGIN_DIR             a mirror of providers (terraform providers mirror DIR)
#   ../shared/tools/tfstub     a stand-in that knows the real one's resources
#   the registry               if it can be reached
# $root is the repository. Afterwards $provider is mirror, stub or registry, and
# $work the folder that copies of modules belong in.
export CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1 TF_CLI_CONFIG_FILE=/dev/null
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
fi

# init makes the folder ready. It fails only where the registry is not reached.
init() {
  case $provider in
    mirror) terraform init -input=false -no-color -plugin-dir="$TF_PLUGIN_DIR" >"$work/init.log" 2>&1 || { cat "$work/init.log"; exit 1; } ;;
    stub) terraform get -no-color >/dev/null ;;
    registry) timeout 120 terraform init -input=false -no-color >"$work/init.log" 2>&1 ;;
  esac
}
