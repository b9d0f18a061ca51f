#!/usr/bin/env bash
# Recomputes the reference values that the Go tests read. Needs Python 3.11 or
# later and a package index; PYTHON names an interpreter that has the packages
# of requirements.txt already.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ -z "${PYTHON:-}" ]; then
  venv=.cache/golden
  [ -x "$venv/bin/python" ] || python3 -m venv "$venv"
  "$venv/bin/pip" install -q -r scripts/golden/requirements.txt
  PYTHON=$venv/bin/python
fi
export PYTHONDONTWRITEBYTECODE=1
"$PYTHON" scripts/golden/tails.py   > core/stat/testdata/tails.json
"$PYTHON" scripts/golden/columns.py > core/check/drift/testdata/columns.json
if [ -d ../shared/data/parquet_testing ]; then
  "$PYTHON" scripts/golden/parquet.py ../shared/data # writes core/format/parquet/testdata
fi
git --no-pager diff --stat -- core/stat/testdata core/check/drift/testdata core/format/parquet/testdata || true
