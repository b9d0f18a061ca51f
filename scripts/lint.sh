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

# What is known to be vulnerable changes by the day and not with the change that is
# looked at: it is told, and fails where LEEWAY_VULNERABLE=fail asks for that.
step govulncheck
output=$(go tool govulncheck ./... 2>&1) || true
if grep -q '^No vulnerabilities found' <<<"$output"; then
  echo "no known vulnerabilities"
elif grep -q '^Your code is affected by' <<<"$output"; then
  echo "$output"
  [ "${LEEWAY_VULNERABLE:-}" != fail ] || exit 1
else
  echo "SKIPPED govulncheck: it could not look: $(tail -n 1 <<<"$output")"
fi
