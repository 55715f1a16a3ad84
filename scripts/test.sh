#!/usr/bin/env bash
# Everything that must pass: units of the browser's code, the suite on SQLite (with the journeys in Chromium)
# and on PostgreSQL.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
failed=0

[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || {
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium" >&2
    apt-get update -qq >/dev/null 2>&1
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >.cache/apt.log 2>&1 || { echo "Chromium could not be installed; .cache/apt.log says why." >&2; exit 1; }
  else
    echo "Missing: chromium. Install it with: sudo apt-get install chromium" >&2; exit 1
  fi
}

command -v turnserver >/dev/null || {
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing coturn" >&2
    apt-get update -qq >/dev/null 2>&1
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends coturn >.cache/apt.log 2>&1 || echo "coturn could not be installed, so the relay's tests are left out; .cache/apt.log says why." >&2
  else
    echo "coturn is missing, so the relay's tests are left out. Install it with: sudo apt-get install coturn" >&2
  fi
}

echo "== browser units"
npm run --silent test || failed=1

count() { grep -oE '[0-9]+ passed' "$1" | tail -1 | grep -oE '[0-9]+' || echo 0; }
bad() { grep -oE '[0-9]+ (failed|error)' "$1" | grep -oE '[0-9]+' | paste -sd+ | bc 2>/dev/null || echo 0; }

echo "== SQLite"
python -m pytest -q -p no:cacheprovider 2>&1 | tee .cache/sqlite.log
[ "${PIPESTATUS[0]}" = 0 ] || failed=1
on_sqlite=$(count .cache/sqlite.log)

echo "== PostgreSQL"
on_postgresql=0
if address=$(scripts/postgresql.sh start); then
  TATAP_DATABASE_URL="$address" python -m pytest -q -p no:cacheprovider -m "not browser" 2>&1 | tee .cache/postgresql.log
  [ "${PIPESTATUS[0]}" = 0 ] || failed=1
  on_postgresql=$(count .cache/postgresql.log)
  scripts/postgresql.sh stop
fi
[ "$on_sqlite" -gt 0 ] || { echo "No test ran." >&2; failed=1; }
echo
echo "On SQLite $on_sqlite passed, on PostgreSQL $on_postgresql passed."
if [ "$failed" = 0 ]; then echo "$((on_sqlite + on_postgresql)) passed, 0 failed"; else echo "$((on_sqlite + on_postgresql)) passed, 1 failed"; fi
exit $failed
