#!/usr/bin/env bash
# Drives the real binary end to end: the demo, a live server, a real browser,
# promtool, crashes, full disks, missing permissions.
cd "$(dirname "$0")"
status=0
for part in demo.sh serve.sh crash.sh hostile.sh sagemaker.sh; do
  echo "-- $part"
  "./$part" || status=1
done
exit $status
