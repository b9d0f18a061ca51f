#!/usr/bin/env bash
# Fuzzes every target of the module, one after the other: fuzz.sh [TIME], for
# example 10m. Findings are kept in the packages' testdata/fuzz.
set -euo pipefail
cd "$(dirname "$0")/.."
time=${1:-30s}
status=0
for package in $(go list ./...); do
  dir=$(go list -f '{{.Dir}}' "$package")
  for target in $(grep -hoE '^func Fuzz[A-Za-z0-9_]+' "$dir"/*_test.go 2>/dev/null | sed 's/^func //' | sort -u); do
    printf -- '-- %s %s\n' "$package" "$target"
    go test "$package" -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 2s | tail -2 || status=1
  done
done
exit $status
