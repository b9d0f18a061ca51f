#!/usr/bin/env bash
# What the binary weighs, and which files and functions outgrow a screen. A
# report: it never fails.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -x bin/leeway ] && printf 'bin/leeway: %.1f MB\n' "$(echo "$(stat -c %s bin/leeway 2>/dev/null || stat -f %z bin/leeway)/1000000" | bc -l)"
LEEWAY_SIZES=1 go test -count=1 -run Sizes -v ./core/internal/archtest | grep -v '^\(=== \|--- \|PASS\|ok \)' || true
