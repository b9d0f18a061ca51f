#!/usr/bin/env bash
# Times leeway and whatever peers $PYTHON has; see scripts/bench/main.go.
set -euo pipefail
cd "$(dirname "$0")/../.."
go run ./scripts/bench "$@"
