#!/usr/bin/env bash
# Everything that must pass: units of the browser's code, the suite on SQLite and on PostgreSQL, the journeys in Chromium.
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

[ -x "${FIREFOX:-/usr/bin/firefox-esr}" ] || {
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Firefox ESR" >&2
    apt-get update -qq >/dev/null 2>&1
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends firefox-esr >.cache/apt.log 2>&1 || echo "Firefox ESR could not be installed, so its journey is left out; .cache/apt.log says why." >&2
  else
    echo "Firefox ESR is missing, so its journey is left out. Install it with: sudo apt-get install firefox-esr" >&2
  fi
}

echo "== browser units"
npm run --silent test || failed=1

count() { grep -oE '[0-9]+ passed' "$1" | tail -1 | grep -oE '[0-9]+' || echo 0; }

echo "== SQLite"
python -m pytest -q -p no:cacheprovider -m "not browser" 2>&1 | tee .cache/sqlite.log
[ "${PIPESTATUS[0]}" = 0 ] || failed=1
on_sqlite=$(count .cache/sqlite.log)

echo "== Journeys"
# A process a file: the browsers' driver keeps an event loop, beside which tests with one of their own cannot run. A
# journey that failed beside a busy machine is walked once more alone; that it failed first stays in the output.
in_browsers=0
for file in tests/journeys/test_*.py tests/bench/test_noise.py; do
  python -m pytest -q -p no:cacheprovider -m browser -rfE "$file" 2>&1 | tee .cache/journey.log
  status=${PIPESTATUS[0]}
  in_browsers=$((in_browsers + $(count .cache/journey.log)))
  if [ "$status" = 1 ]; then
    mapfile -t again < <(grep -oE '^(FAILED|ERROR) [^ ]+' .cache/journey.log | cut -d' ' -f2 | sort -u)
    echo "Once more, alone: ${again[*]}"
    python -m pytest -q -p no:cacheprovider -rfE "${again[@]}" 2>&1 | tee .cache/journey.log
    status=${PIPESTATUS[0]}
    in_browsers=$((in_browsers + $(count .cache/journey.log)))
  fi
  [ "$status" = 0 ] || failed=1
done

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
echo "On SQLite $on_sqlite passed, in browsers $in_browsers, on PostgreSQL $on_postgresql."
all=$((on_sqlite + in_browsers + on_postgresql))
if [ "$failed" = 0 ]; then echo "$all passed, 0 failed"; else echo "$all passed, 1 failed"; fi
exit $failed
