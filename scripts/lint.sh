#!/usr/bin/env bash
# Everything that can be said about the code without running it.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf -- '-- %s\n' "$*"; }

step gofmt
unformatted=$(git ls-files '*.go' | xargs -r gofmt -l)
[ -z "$unformatted" ] || { echo "gofmt would change:"; echo "$unformatted"; exit 1; }

step vet
go vet ./...

step staticcheck
go tool staticcheck ./...

step "core stays pure (js/wasm)"
GOOS=js GOARCH=wasm go build ./core/...

step govulncheck
if output=$(go tool govulncheck ./... 2>&1); then
  echo "no known vulnerabilities"
elif grep -qiE 'fetching vulnerabilities|dial tcp|no such host|connection refused|403 Forbidden|timeout|vulnerability database' <<<"$output"; then
  echo "SKIPPED govulncheck: its database cannot be reached from here"
else
  echo "$output"
  exit 1
fi
