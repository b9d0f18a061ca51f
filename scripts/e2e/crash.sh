#!/usr/bin/env bash
# Whatever is killed, full or forbidden: no batch is lost, none counts twice,
# and the next run heals.
. "$(dirname "$0")/lib.sh"

fresh() { # a bucket with the demo's inputs, their times kept
  rm -rf "$WORK/$1"; mkdir -p "$WORK/$1"
  cp -a "$WORK/demo/reference" "$WORK/demo/config" "$WORK/demo/logs" "$WORK/$1/"
}
"$LEEWAY" demo --once --bucket "$WORK/demo" >/dev/null 2>&1

fresh whole
"$LEEWAY" run --bucket "$WORK/whole" --fail-on never >/dev/null 2>&1 || true
fingerprint "$WORK/whole/state" >"$WORK/want"
same() { fingerprint "$WORK/$1/state" >"$WORK/got"; cmp "$WORK/want" "$WORK/got"; }

fresh killed
for pause in 0.02 0.06 0.12 0.2 0.35; do
  "$LEEWAY" run --bucket "$WORK/killed" >/dev/null 2>&1 & pid=$!
  sleep $pause; kill -9 $pid 2>/dev/null || true; wait $pid 2>/dev/null || true
done
"$LEEWAY" run --bucket "$WORK/killed" --fail-on never >/dev/null 2>&1 || true
check "killed five times: the same state to the byte" same killed
[ -z "$(find "$WORK/killed/claims" -type f 2>/dev/null)" ] && pass "no claim is left" || fail "claims are left"

fresh twice
"$LEEWAY" run --bucket "$WORK/twice" >/dev/null 2>&1 & one=$!
"$LEEWAY" run --bucket "$WORK/twice" >/dev/null 2>&1 & two=$!
wait $one || true; wait $two || true
"$LEEWAY" run --bucket "$WORK/twice" --fail-on never >/dev/null 2>&1 || true
rows() { "$LEEWAY" run --bucket "$1" >/dev/null 2>&1 || true; cat "$1"/state/order-fraud/history/*.json | grep -o '"rows": *[0-9]*' | tr -dc '0-9\n' | awk '{ n += $1 } END { print n }'; }
[ "$(rows "$WORK/twice")" = "$(rows "$WORK/whole")" ] && pass "two runs at once count every row once" || fail "two runs at once: $(rows "$WORK/twice") rows instead of $(rows "$WORK/whole")"

window() { grep -o '"rows": *[0-9]*' "$WORK/whole/state/order-fraud/history/2026100$1"T* | head -1 | tr -dc 0-9; }
file=$WORK/whole/logs/order-fraud/2026-10-02.csv
head -1001 "$file" >"$WORK/half.csv" && cat "$WORK/half.csv" >"$file"
"$LEEWAY" run --bucket "$WORK/whole" --fail-on never >/dev/null 2>&1 || true
[ "$(window 2)" = 1000 ] && pass "a file rewritten under its name counts as it is now" || fail "a rewritten file: $(window 2) rows instead of 1000"
cp "$WORK/whole/logs/order-fraud/2026-10-03.csv" "$WORK/whole/logs/order-fraud/2026-10-03 (1).csv"
"$LEEWAY" run --bucket "$WORK/whole" --fail-on never >/dev/null 2>&1 || true
[ "$(window 3)" = 2000 ] && pass "a file delivered twice counts once" || fail "a file delivered twice: $(window 3) rows instead of 2000"
faketime=$(date -d '2020-01-01' +%Y%m%d%H%M 2>/dev/null || true)
if [ -n "$faketime" ]; then
  touch -t "$faketime" "$file"
  "$LEEWAY" run --bucket "$WORK/whole" --fail-on never >/dev/null 2>&1 || true
  [ "$(window 2)" = 1000 ] && pass "a file's clock set back loses nothing" || fail "a clock set back: $(window 2) rows"
fi

if [ "$(id -u)" -eq 0 ] && mkdir -p "$WORK/small" && mount -t tmpfs -o size=4m tmpfs "$WORK/small" 2>/dev/null; then
  mkdir -p "$WORK/small/logs/order-fraud" "$WORK/small/reference"
  cp -a "$WORK/demo/reference/." "$WORK/small/reference/"
  cp -a "$WORK"/demo/logs/order-fraud/2026-10-0[1-3].* "$WORK/small/logs/order-fraud/"
  head -c 8000000 /dev/zero >"$WORK/small/ballast" 2>/dev/null || true
  exits 1 "a full disk is an error that says so" "$LEEWAY" run --bucket "$WORK/small"
  grep -qi 'space' "$WORK/err" && pass "and names the cause" || fail "does not name the cause: $(tail -1 "$WORK/err")"
  rm "$WORK/small/ballast"; mount -o remount,size=64m "$WORK/small"
  "$LEEWAY" run --bucket "$WORK/small" --fail-on never >/dev/null 2>&1 || true
  [ "$(ls "$WORK"/small/state/order-fraud/history | wc -l)" -eq 3 ] && pass "with space again the next run heals" || fail "it does not heal"
  umount "$WORK/small"
else
  skip "a full disk: mounting a small tmpfs needs root"
fi

if [ "$(id -u)" -eq 0 ] && id nobody >/dev/null 2>&1 && command -v setpriv >/dev/null; then
  fresh denied; chmod -R a+rX "$WORK"; chmod 755 "$WORK"
  cp "$LEEWAY" "$WORK/leeway"; chmod 755 "$WORK/leeway"
  exits 1 "no permission to write is an error that says so" setpriv --reuid=nobody --clear-groups "$WORK/leeway" run --bucket "$WORK/denied"
  grep -qiE 'permission|not allowed' "$WORK/err" && pass "and names the cause" || fail "does not name the cause: $(tail -1 "$WORK/err")"
else
  skip "permissions: needs root and setpriv"
fi
summary
