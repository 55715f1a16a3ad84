#!/bin/sh
# start.sh pages|room|worker: one of the three processes. The pages bring the database up to date first.
set -eu
case "$1" in
  pages) tatap migrate -v 0; tatap collectstatic -v 0 --no-input; exec tatap serve --only pages --host 0.0.0.0 --port 8001 ;;
  room) exec tatap serve --only room --host 0.0.0.0 --port 8002 ;;
  worker) exec tatap worker ;;
  *) exec tatap "$@" ;;
esac
