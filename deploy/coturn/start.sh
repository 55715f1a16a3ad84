#!/bin/sh
# Puts this relay's own lines behind the shared ones and runs it; secrets stay out of the list of processes.
set -eu
here=$(dirname "$0") whole=${WHOLE:-/tmp/turnserver.conf}
umask 077
cat "$here/turnserver.conf" "$here/own.conf" > "$whole"
exec "${WITH_CERTIFICATES:-/with-certificates.sh}" turnserver -c "$whole"
