#!/usr/bin/env bash
# Runs the conformance suites of AWS's sinks and triggers against moto, which speaks
# the services' protocols. Needs Python and a package index once; where they are not,
# it says so.
set -euo pipefail
cd "$(dirname "$0")/../.."

venv=.cache/venv/moto
if [ ! -x $venv/bin/moto_server ]; then
  if ! { python3 -m venv $venv && $venv/bin/pip install -q -r scripts/e2e/aws/requirements.txt; }; then
    rm -rf $venv
    echo "SKIPPED: moto cannot be installed from here"
    exit 0
  fi
fi
mkdir -p .cache
answers() { python3 -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1] + "/moto-api/data.json")' "$LEEWAY_MOTO" 2>/dev/null; }
moto=
trap '[ -z "$moto" ] || kill "$moto" 2>/dev/null' EXIT
for try in 1 2 3 4 5; do # somebody else may be quicker to take a port
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  $venv/bin/moto_server -H 127.0.0.1 -p "$port" > .cache/moto.log 2>&1 &
  moto=$!
  export LEEWAY_MOTO=http://127.0.0.1:$port
  for _ in $(seq 600); do
    if answers; then
      go test -count=1 -timeout 60m ./infra/aws/mototest
      exit
    fi
    kill -0 $moto 2>/dev/null || break
    sleep 1
  done
  kill $moto 2>/dev/null || true
done
cat .cache/moto.log
echo "moto does not answer" >&2
exit 1
