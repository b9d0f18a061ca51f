#!/usr/bin/env bash
# Compares with all stored reference values; needs Go alone. Fails on a mismatch.
set -euo pipefail
cd "$(dirname "$0")/../.."

packages=$(git grep -l 'golden\.Tally' -- '*_test.go' | xargs -n1 dirname | sort -u | sed 's|^|./|')
# shellcheck disable=SC2086 # one word per package
output=$(go test -count=1 -run Golden -v $packages) || { grep -v '^=== ' <<<"$output"; exit 1; }
awk '
  match($0, /golden: [^:]*: [0-9]+ values of [0-9]+ cases/) {
    split(substr($0, RSTART + 8, RLENGTH - 8), part, ": "); split(part[2], word, " ")
    printf "%-24s %6d values of %5d cases match\n", part[1], word[1], word[4]
    values += word[1]; cases += word[4]
  }
  match($0, /golden: .* is off by .*/) {
    text = substr($0, RSTART + 8); share = text
    sub(/.* at most, /, "", share); sub(/ of what is allowed.*/, "", share)
    if (share + 0 > worst + 0) { worst = share; where = text }
  }
  END {
    if (!values) { print "nothing was compared"; exit 1 }
    printf "%-24s %6d values of %5d cases match\n", "all", values, cases
    print "closest to its limit: " where
  }' <<<"$output"
grep -h 'is left out' <<<"$output" | sed 's/^ *[a-z_]*\.go:[0-9]*: //' || true
