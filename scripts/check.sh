#!/usr/bin/env bash
# What can be known without running the program. Every part runs; the last line says how it went.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH" DJANGO_SETTINGS_MODULE=tatap.config.settings
failed=()
part() { local name=$1; shift; if ! "$@" >.cache/check.log 2>&1; then failed+=("$name"); echo "== $name"; tail -40 .cache/check.log; fi; }
scratch=$(mktemp -d); trap 'rm -rf "$scratch"' EXIT
export TATAP_DATA_DIR=$scratch
part "style (ruff)" ruff check -q .
part "types (mypy)" mypy --no-error-summary
part "import walls (lint-imports)" lint-imports
part "templates (djlint)" djlint --lint --quiet tatap
part "migrations are complete" python -m django makemigrations --check --dry-run
part "settings fit for the open net" env TATAP_ORIGIN=https://tatap.example TATAP_HOSTS=tatap.example TATAP_SECRET_KEY="$(head -c 60 /dev/urandom | base64 -w0)" python -m django check --deploy --fail-level WARNING
part "types (tsc)" npm run --silent typecheck
part "style (eslint)" npm run --silent lint
part "import walls (dependency-cruiser)" npm run --silent deps
if [ ${#failed[@]} = 0 ]; then echo "check: all is well"; else printf 'check: not well: %s\n' "${failed[*]}"; exit 1; fi
