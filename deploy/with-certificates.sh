#!/bin/sh
# with-certificates.sh PROGRAM...: waits for the certificates, runs the program, and tells it (SIGUSR2, at which both
# haproxy and coturn read them anew) when they have changed. CERTIFICATES names their folder, EVERY the seconds between looks.
set -eu
folder=${CERTIFICATES:-/certificates} every=${EVERY:-60}
state() { cat "$folder"/*.pem 2>/dev/null | sha256sum; }
while ! ls "$folder"/*.pem >/dev/null 2>&1; do sleep 2; done
known=$(state)
"$@" &
program=$!
trap 'kill -TERM $program 2>/dev/null; wait $program; exit' TERM INT
while kill -0 $program 2>/dev/null; do
  sleep "$every" & wait $! || true
  now=$(state)
  [ "$now" = "$known" ] || { known=$now; kill -USR2 $program; }
done
wait $program
