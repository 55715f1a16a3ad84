#!/usr/bin/env bash
# A private PostgreSQL for the tests: `start` prints its address, `stop` ends and deletes it.
set -euo pipefail
cd "$(dirname "$0")/.."
home=${TMPDIR:-/tmp}/tatap-test-postgresql
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
if [ "$1" = start ]; then
  if [ -z "$bin" ] || [ ! -x "$bin/initdb" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      echo "Installing PostgreSQL" >&2
      apt-get update -qq >/dev/null 2>&1 || true
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >.cache/apt.log 2>&1
      bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
    else
      echo "PostgreSQL is not installed, so its tests are left out. Install it with: sudo apt-get install postgresql" >&2
      exit 1
    fi
  fi
  "$0" stop
  mkdir -p "$home"
  as=()
  if [ "$(id -u)" = 0 ]; then chown postgres "$home"; as=(setpriv --reuid=postgres --regid=postgres --clear-groups env HOME="$home"); fi
  "${as[@]}" "$bin/initdb" -D "$home/data" -U tatap -A trust --no-sync >/dev/null
  "${as[@]}" "$bin/pg_ctl" -D "$home/data" -w -s -l "$home/log" \
    -o "-c listen_addresses='' -c unix_socket_directories=$home -c fsync=off -c max_connections=120" start >/dev/null
  "${as[@]}" "$bin/createdb" -h "$home" -U tatap tatap
  echo "postgresql://tatap@/tatap?host=$home"
elif [ -d "$home" ]; then
  as=()
  if [ "$(id -u)" = 0 ]; then as=(setpriv --reuid=postgres --regid=postgres --clear-groups); fi
  [ -n "$bin" ] && "${as[@]}" "$bin/pg_ctl" -D "$home/data" -m immediate -s stop >/dev/null 2>&1 || true
  rm -rf "$home"
fi
