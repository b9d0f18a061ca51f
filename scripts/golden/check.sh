#!/usr/bin/env bash
# Compares with all stored reference values; needs Go alone. Fails on a mismatch. The last
# line has the count of cases, the worst relative error and where it is.
set -euo pipefail
cd "$(dirname "$0")/../.."

packages=$(git grep -l 'golden\.Tally' -- '*_test.go' | xargs -n1 dirname | sort -u | sed 's|^|./|')
# shellcheck disable=SC2086 # one word per package
output=$(go test -count=1 -run Golden -v $packages) || { grep -v '^=== ' <<<"$output"; exit 1; }
grep -h 'is left out' <<<"$output" | sed 's/^ *[a-z_]*\.go:[0-9]*: //' || true
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
  match($0, /golden: .*: worst relative error of [^ ]+ [^ ]+: .*/) {
    text = substr($0, RSTART + 8); name = text; rest = text
    sub(/: worst relative error of .*/, "", name)
    sub(/.*: worst relative error of /, "", rest)
    kind = rest; sub(/ .*/, "", kind); sub(/^[^ ]+ /, "", rest)
    error = rest; sub(/: .*/, "", error); sub(/^[^ ]+: /, "", rest)
    if (!(kind in off) || error + 0 > off[kind] + 0) { off[kind] = error; at[kind] = name ": " rest }
  }
  END {
    if (!values) { print "nothing was compared"; exit 1 }
    if (!("numbers" in off) || !("p-values" in off)) { print "no relative errors were told"; exit 1 }
    print "closest to its limit: " where
    printf "all %d cases match (%d values); worst relative error of numbers %s (%s), of p-values %s (%s)\n", \
      cases, values, off["numbers"], at["numbers"], off["p-values"], at["p-values"]
  }' <<<"$output"
