#!/usr/bin/env bash
# The demo tells its story: each incident is found on its days, quiet days stay
# quiet, and a second run changes nothing.
. "$(dirname "$0")/lib.sh"

check "demo --once" "$LEEWAY" demo --once --bucket "$WORK/demo"
cp "$WORK/out" "$WORK/story"
verdict() { grep -E "^[a-z]+ +order-fraud +2026-10-$1 " "$WORK/story" | awk '{print $1}'; }
for day in 01 02 03 04 05 06 07 08; do
  [ "$(verdict $day)" = ok ] && pass "day $day is quiet" || fail "day $day: $(verdict $day) instead of ok"
done
for day in 12 18 19 20 21 22 23 24 26 27; do
  [ "$(verdict $day)" = alert ] && pass "day $day alerts" || fail "day $day: $(verdict $day) instead of alert"
done
grep -q '2026-10-26 .*`amount` and `items` used to rise together' "$WORK/story" && pass "the correlation that went is told" || fail "the correlation that went is not told"
grep -q '2026-10-20 .*The concept moved, not the data: .*The model got worse: ' "$WORK/story" && pass "the concept that changed is told" || fail "the concept that changed is not told"
for day in 17 25 28 30; do
  [ "$(verdict $day)" = ok ] && pass "day $day is quiet" || fail "day $day: $(verdict $day) instead of ok"
done
case "$(verdict 15)$(verdict 16)" in *alert*) pass "the gradual drift ends in an alert" ;; *) fail "the gradual drift is not called" ;; esac
[ -z "$(verdict 29)" ] && ls "$WORK"/demo/quarantine/*/order-fraud/* >/dev/null 2>&1 && pass "day 29 is in quarantine" || fail "day 29 is not in quarantine"
fingerprint "$WORK/demo/state" >"$WORK/before"
exits 0 "a run after the demo has nothing to do" "$LEEWAY" run --bucket "$WORK/demo"
fingerprint "$WORK/demo/state" >"$WORK/after"
check "and changes no byte of state" cmp "$WORK/before" "$WORK/after"
summary
