#!/usr/bin/env bash
# A live server: a file copied in becomes a report, a metric and a page, and how soon
# is told (two seconds are promised, of a machine that is not busy); promtool accepts
# /metrics; a real browser draws the pages; Ctrl-C ends it cleanly.
. "$(dirname "$0")/lib.sh"

"$LEEWAY" demo --once --bucket "$WORK/demo" >/dev/null 2>&1
mkdir -p "$WORK/live/logs/order-fraud"
cp -r "$WORK/demo/reference" "$WORK/demo/config" "$WORK/live/"
serve "$WORK/live"
status() { curl -s -o /dev/null -w '%{http_code}' "$@"; }
[ "$(status "$URL/healthz")" = 200 ] && pass "/healthz" || fail "/healthz"
[ "$(status "$URL/readyz")" = 200 ] && pass "/readyz" || fail "/readyz"

has() { curl -s "$URL$2" | grep "$1" >/dev/null; } # PATTERN PATH: the answer has the pattern
soon() { # NAME PATTERN PATH: the answer comes to have the pattern
  local begun=$SECONDS
  if eventually has "$2" "$3"; then pass "$1 (after $((SECONDS - begun)) s)"; else fail "$1"; fi
}
soon "the reference becomes the baseline" '"baseline":' /api/v1/models # first, once
cp "$WORK/demo/logs/order-fraud/2026-10-18.parquet" "$WORK/live/logs/order-fraud/" 2>/dev/null || cp "$WORK"/demo/logs/order-fraud/2026-10-18.* "$WORK/live/logs/order-fraud/"
soon "a file copied in has a report" '"verdict": *"alert"' /api/v1/models/order-fraud/reports
soon "/metrics says alert" '^leeway_verdict{.*} 2' /metrics
curl -s "$URL/metrics" >"$WORK/metrics"
curl -s "$URL/" | grep order-fraud >/dev/null && pass "the page shows the model" || fail "the page does not show the model"
if command -v promtool >/dev/null; then
  check "promtool check metrics" promtool check metrics <"$WORK/metrics"
else
  skip "promtool is not installed"
fi

post() { status -X POST -H "Content-Type: $1" --data-binary "@$2" "$URL/api/v1/models/order-fraud/logs"; }
cp "$WORK/demo/logs/order-fraud/2026-10-01.csv" "$WORK/first.csv"
[ "$(post text/csv "$WORK/first.csv")" = 202 ] && pass "POST logs" || fail "POST logs"
case "$(post text/csv "$WORK/first.csv")" in 200|202) pass "POST the same again" ;; *) fail "POST the same again" ;; esac
case "$(post text/html "$WORK/first.csv")" in 400|415|422) pass "a wrong media type is refused" ;; *) fail "a wrong media type is not refused" ;; esac
case "$(status -X POST -H 'Host: evil.example' -H 'Content-Type: text/csv' --data-binary "@$WORK/first.csv" "$URL/api/v1/models/order-fraud/logs")" in
  400|401|403|421) pass "a foreign Host may not write" ;; *) fail "a foreign Host may write" ;; esac
[ "$(status "$URL/api/v1/models/nobody/reports/0123")" = 404 ] && pass "an unknown report is 404" || fail "an unknown report"

# A broken configuration is on the pages, in the API and on /metrics, and gone when
# it is mended.
config=$WORK/live/config/order-fraud.yaml
[ -e "$config" ] && mv "$config" "$WORK/good.yaml" || echo 'version: 1' >"$WORK/good.yaml"
printf 'version: 1\nwindw: {every: day}\n' >"$config"
soon "a broken configuration is on the model's page" 'config/order-fraud.yaml:2:1: unknown key' /models/order-fraud
soon "a broken configuration is on the first page" 'config/order-fraud.yaml:2:1: unknown key' /
soon "a broken configuration is in the API" '"object":"config/order-fraud.yaml:2:1"' /api/v1/models
soon "a broken configuration is on /metrics" '^leeway_model_errors{model="order-fraud"} 1' /metrics
cp "$WORK/good.yaml" "$config"
soon "a mended configuration heals" '^leeway_model_errors{model="order-fraud"} 0' /metrics

# Labels come five days after their orders: posted, they re-score the windows of
# these, and the pages show what came true.
for day in 02 20; do
  file=$(ls "$WORK"/demo/logs/order-fraud/2026-10-$day.*)
  case $file in *.csv) type=text/csv ;; *.parquet) type=application/vnd.apache.parquet ;; *) type=application/x-ndjson ;; esac
  [ "$(post $type "$file")" = 202 ] && pass "POST logs of day $day" || fail "POST logs of day $day"
done
soon "before labels come there is an estimate" '"performance":{"labelled":0,"metrics":\[{"metric":"roc_auc"[^]]*"estimate":' "/api/v1/models/order-fraud/reports?from=2026-10-20&to=2026-10-21"
label() { status -X POST -H 'Content-Type: text/csv' --data-binary "@$1" "$URL/api/v1/models/order-fraud/labels"; }
[ "$(label "$WORK/demo/labels/order-fraud/2026-10-25.csv")" = 202 ] && pass "POST labels" || fail "POST labels"
case "$(label "$WORK/demo/labels/order-fraud/2026-10-25.csv")" in 200|202) pass "POST the same labels again" ;; *) fail "POST the same labels again" ;; esac
soon "labels that came re-score the window" '"performance":{"labelled":1[0-9][0-9][0-9],"metrics":\[{"metric":"roc_auc","value":0\.[45]' "/api/v1/models/order-fraud/reports?from=2026-10-20&to=2026-10-21"
soon "the page shows what came true" 'What came true in 20 Oct 2026' /models/order-fraud/performance
soon "the page shows that the model got worse" 'The model got worse' /models/order-fraud/performance
[ "$(label "$WORK/demo/labels/order-fraud/2026-10-07.csv")" = 202 ] && pass "POST labels of an earlier day" || fail "POST labels of an earlier day"
soon "a good day is not worse" '"labelled":1[0-9][0-9][0-9],"metrics":\[{"metric":"roc_auc","value":0\.7' "/api/v1/models/order-fraud/reports?from=2026-10-02&to=2026-10-03"

if command -v chromium >/dev/null; then
  shot() { # NAME WIDTH HEIGHT PATH [FLAG...]
    local name=$1 size=$2,$3 path=$4 try; shift 4
    for try in 1 2 3; do # a browser may end of itself; it is not what is tested
      timeout -k 10 300 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-quic --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$WORK/browser-$name-$try" "$@" \
        --screenshot="$WORK/$name.png" --window-size="$size" "$URL$path" >/dev/null 2>"$WORK/browser.log" || true
      [ -s "$WORK/$name.png" ] && break
    done
    if [ "$(stat -c %s "$WORK/$name.png" 2>/dev/null || echo 0)" -gt 8000 ]; then pass "browser: $name"; else fail "browser: $name"; tail -n 5 "$WORK/browser.log"; fi
    [ -n "${E2E_SHOTS:-}" ] && cp "$WORK/$name.png" "$E2E_SHOTS/" || true
  }
  shot fleet-wide 1280 900 /
  shot model-wide 1280 1600 /models/order-fraud
  shot model-narrow 390 1600 /models/order-fraud
  shot model-dark 1280 1600 /models/order-fraud --blink-settings=preferredColorScheme=0
  shot performance-wide 1280 2400 /models/order-fraud/performance
  shot performance-narrow 390 2400 /models/order-fraud/performance
  shot fairness-wide 1280 1600 /models/order-fraud/fairness
  shot column-wide 1280 1200 /models/order-fraud/columns/amount
else
  skip "chromium is not installed"
fi

kill -INT "$SERVER"
code=0; wait "$SERVER" || code=$?
[ $code -eq 0 ] && pass "Ctrl-C ends it with exit 0" || fail "Ctrl-C: exit $code"
summary
