#!/usr/bin/env bash
# Holds the store of S3 and the function, as it is deployed, against an S3 that is
# no AWS: versitygw over a folder. $VERSITYGW names the program; where it is not set,
# and none is in the path, it is built once (a quarter of an hour on a busy machine).
# Where it cannot be had this says so and is no failure.
set -euo pipefail
cd "$(dirname "$0")/../.."

version=v1.8.0
server=${VERSITYGW:-$(command -v versitygw || echo "$PWD/.cache/bin/versitygw")}
if [ ! -x "$server" ]; then
  if ! GOBIN=$PWD/.cache/bin CGO_ENABLED=0 go install github.com/versity/versitygw/cmd/versitygw@$version; then
    echo "SKIPPED: versitygw cannot be built from here, so nothing is tried on a self-hosted S3"
    exit 0
  fi
fi
dir=$(mktemp -d)
mkdir "$dir/data" "$dir/sidecar"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
ROOT_ACCESS_KEY=test ROOT_SECRET_KEY=test "$server" -q --port "127.0.0.1:$port" --region eu-west-1 posix --sidecar "$dir/sidecar" "$dir/data" > "$dir/log" 2>&1 &
pid=$!
trap 'kill $pid; rm -rf "$dir"' EXIT
for _ in $(seq 600); do
  if (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then
    scripts/e2e/aws.sh -s3 "http://127.0.0.1:$port"
    exit
  fi
  kill -0 $pid || { cat "$dir/log"; exit 1; }
  sleep 1
done
echo "versitygw does not answer" >&2
exit 1
