#!/usr/bin/env bash
# Writes docs/estimates.md. Needs bin/leeway, the data sets in ../shared/data,
# Python 3.11 or later and a package index. GOLDEN_VENVS names a folder that may
# have the environment "nannyml" already.
set -euo pipefail
cd "$(dirname "$0")/../.."

python=${GOLDEN_VENVS:-.cache/golden}/nannyml
[ -x "$python/bin/python" ] || {
  python3 -m venv "$python"
  "$python/bin/pip" install -q -r scripts/golden/requirements-nannyml.txt
}
export PYTHONDONTWRITEBYTECODE=1
"$python/bin/python" scripts/estimates/main.py bin/leeway ../shared/data > docs/estimates.md.new || { rm -f docs/estimates.md.new; exit 1; }
mv docs/estimates.md.new docs/estimates.md
