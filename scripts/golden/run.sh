#!/usr/bin/env bash
# Recomputes the reference values that the Go tests read. Needs Python 3.11 or
# later and a package index. Three environments, since the libraries exclude each
# other; GOLDEN_VENVS names a folder that has some of them already.
set -euo pipefail
cd "$(dirname "$0")/../.."

venvs=${GOLDEN_VENVS:-.cache/golden}
export PYTHONDONTWRITEBYTECODE=1
shared=../shared/data

# python NAME REQUIREMENTS gives an interpreter that has them.
python() {
  [ -x "$venvs/$1/bin/python" ] || {
    python3 -m venv "$venvs/$1"
    "$venvs/$1/bin/pip" install -q -r "scripts/golden/$2"
  }
  echo "$venvs/$1/bin/python"
}

# into FILE COMMAND... replaces the file when the command succeeds.
into() {
  local file=$1
  shift
  "$@" > "$file.new" || { rm -f "$file.new"; return 1; }
  mv "$file.new" "$file"
}

scipy=$(python scipy requirements.txt)
into core/stat/testdata/tails.json "$scipy" scripts/golden/tails.py
into core/stat/testdata/range.json "$scipy" scripts/golden/range.py
into core/check/drift/testdata/columns.json "$scipy" scripts/golden/columns.py
into core/check/performance/testdata/performance.json "$scipy" scripts/golden/performance.py
into core/check/performance/testdata/curves.json "$scipy" scripts/golden/curves.py
into core/check/drift/testdata/peers.json "$(python nannyml requirements-nannyml.txt)" scripts/golden/peers.py
into core/check/confidence/testdata/confidence.json "$(python nannyml requirements-nannyml.txt)" scripts/golden/confidence.py
if [ -d "$shared" ]; then
  into core/compat/evidently/testdata/evidently.json "$(python evidently requirements-evidently.txt)" scripts/golden/compat.py "$shared"
  "$scipy" scripts/golden/parquet.py "$shared" # writes core/format/parquet/testdata
fi
git --no-pager diff --stat -- '*/testdata/*' || true
