#!/usr/bin/env bash
# The tests under the race detector: of those packages in which anything runs at
# once, whose test binary can have a race at all. That is where a goroutine is
# started by the package, by its tests, or by anything of this module or of the
# libraries for archives and HTTP that they use. All others are tested by `make
# test` alone: ten times as slow they say the same.
#
# With -short simulations are left out, which ask about numbers and not about
# order: see the tests.
set -euo pipefail
cd "$(dirname "$0")/.."

module=$(go list -m)
starts='^[[:space:]]*go [[:alpha:](]|\.Go\(|\.Parallel\(|RunParallel\('
# folders are the packages of files on standard input that start goroutines.
folders() { xargs grep -lE "$starts" | xargs -n1 dirname | sort -u | sed "s|^|$module/|"; }
code=$(git ls-files '*.go' | grep -v '_test\.go$' | folders)
tests=$(git ls-files '*_test.go' | folders)
libraries='net/http
github.com/klauspost/compress/zstd'

packages=()
while read -r package; do
  used=$(go list -test -deps -f '{{.ImportPath}}' "$package")
  if grep -qxF "$package" <<<"$tests" || grep -qxFf <(printf '%s\n%s\n' "$code" "$libraries") <<<"$used"; then
    packages+=("$package")
  fi
done < <(go list ./...)

echo "${#packages[@]} of $(go list ./... | wc -l) packages"
[ "${1-}" = --list ] && { printf '%s\n' "${packages[@]}"; exit; }
CGO_ENABLED=1 ${GO:-go} test -race -short -timeout 90m "${packages[@]}"
