# Shared by the end-to-end scripts: a scratch folder, checks that count, and
# servers that are stopped whatever happens.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
LEEWAY=$ROOT/bin/leeway
WORK=$(mktemp -d)
PASSED=0 FAILED=0 SKIPPED=0
PIDS=()

cleanup() {
  for pid in "${PIDS[@]:-}"; do [ -n "$pid" ] && kill "$pid" 2>/dev/null || true; done
  umount "$WORK/small" 2>/dev/null || true
  chmod -R u+w "$WORK" 2>/dev/null || true
  rm -rf "$WORK"
}
trap cleanup EXIT

pass() { PASSED=$((PASSED + 1)); printf 'ok    %s\n' "$*"; }
fail() { FAILED=$((FAILED + 1)); printf 'FAIL  %s\n' "$*"; }
skip() { SKIPPED=$((SKIPPED + 1)); printf 'skip  %s\n' "$*"; }

# check NAME COMMAND...: the command must succeed.
check() {
  local name=$1; shift
  if "$@" >"$WORK/out" 2>"$WORK/err"; then pass "$name"; else fail "$name"; tail -n 5 "$WORK/out" "$WORK/err"; fi
}

# exits CODE NAME COMMAND...: the command must end with this code, in one line
# on stderr at most per error and without a stack trace.
exits() {
  local want=$1 name=$2 got=0; shift 2
  "$@" >"$WORK/out" 2>"$WORK/err" || got=$?
  if [ "$got" -ne "$want" ]; then
    fail "$name: exit $got instead of $want"; tail -n 5 "$WORK/err"
  elif grep -qE '^(panic|goroutine )' "$WORK/err"; then
    fail "$name: a stack trace"; head -n 5 "$WORK/err"
  else
    pass "$name"
  fi
}

# eventually COMMAND...: the command succeeds within ten minutes, which is patience
# for a machine that does a lot besides and no promise of anything.
eventually() {
  local end=$((SECONDS + 600))
  until "$@"; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.1
  done
}

# serve BUCKET: starts a server on a free port; its address is in $URL.
serve() {
  "$LEEWAY" serve --bucket "$1" --listen 127.0.0.1:0 2>"$WORK/serve.log" &
  PIDS+=($!)
  SERVER=$!
  started() {
    URL=$(sed -n 's/^leeway: listening on //p' "$WORK/serve.log" | head -1)
    [ -n "$URL" ] || ! kill -0 "$SERVER" 2>/dev/null
  }
  if ! eventually started || [ -z "$URL" ]; then
    fail "the server did not start"; cat "$WORK/serve.log"; exit 1
  fi
}

# fingerprint DIR: names and contents of all files below, as one line each.
fingerprint() { (cd "$1" && find . -type f | LC_ALL=C sort | xargs -r sha256sum); }

summary() {
  printf '%d passed, %d failed, %d skipped\n' "$PASSED" "$FAILED" "$SKIPPED"
  [ "$FAILED" -eq 0 ]
}
