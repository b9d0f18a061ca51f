#!/usr/bin/env bash
# The documents that `leeway check --export` writes, in the parser of SageMaker's own
# SDK. LEEWAY_SAGEMAKER_PYTHON names a python that has it (pip install
# 'sagemaker<3'); without, it is installed below .cache, which takes some minutes once.
. "$(dirname "$0")/lib.sh"
mkdir -p "$WORK/s"; cd "$WORK/s"

venv=$ROOT/.cache/venv/sagemaker
python=${LEEWAY_SAGEMAKER_PYTHON:-$venv/bin/python}
if ! "$python" -c 'import sagemaker.model_monitor' 2>/dev/null; then
  if ! python3 -m venv "$venv" 2>/dev/null || ! timeout 600 "$venv/bin/pip" install -q 'sagemaker==2.257.7' >pip.log 2>&1; then
    rm -rf "$venv"
    skip "what was exported in SageMaker's SDK: it could not be installed"
    summary
    exit 0
  fi
fi

for i in $(seq 400); do echo "$((i % 17)).5,$((i % 5)),basic,1"; done | sed '1i amount,count,plan,gone' >ref.csv
for i in $(seq 400); do echo "$((i % 17 + 9)).5,$([ $((i % 4)) = 0 ] && echo x || echo $((i % 5))),$([ $((i % 3)) = 0 ] && echo new || echo basic)"; done | sed '1i amount,count,plan' >cur.csv
check "check --export" "$LEEWAY" check --reference ref.csv --current cur.csv --export out --fail-on never

cat >read.py <<'PY'
import unittest.mock
from sagemaker.model_monitor import ConstraintViolations, Constraints, Statistics
from sagemaker.s3 import S3Downloader

with unittest.mock.patch.object(S3Downloader, "read_file", side_effect=lambda s3_uri, **_: open("out/" + s3_uri.rsplit("/", 1)[1]).read()):
    statistics = Statistics.from_s3_uri("s3://bucket/statistics.json")
    constraints = Constraints.from_s3_uri("s3://bucket/constraints.json")
    violations = ConstraintViolations.from_s3_uri("s3://bucket/constraint_violations.json")
assert statistics.body_dict["dataset"]["item_count"] == 400
names = [f["name"] for f in statistics.body_dict["features"]]
assert names == ["amount", "count", "plan"], names
for f in statistics.body_dict["features"]:
    if "numerical_statistics" in f:
        held = f["numerical_statistics"]["distribution"]["kll"]["sketch"]["data"]
        assert sum(len(level) << i for i, level in enumerate(held)) == f["numerical_statistics"]["common"]["num_present"]
constraints.set_monitoring(False, "amount")  # the SDK changes what it has read
assert constraints.body_dict["monitoring_config"]["evaluate_constraints"]
found = {(v["feature_name"], v["constraint_check_type"]) for v in violations.body_dict["violations"]}
assert {("gone", "missing_column_check"), ("count", "data_type_check"), ("plan", "categorical_values_check"), ("amount", "baseline_drift_check")} <= found, found
PY
check "SageMaker's SDK reads what was exported" env SAGEMAKER_SUPPRESS_V2_WARNING=1 "$python" read.py
summary
