#!/bin/sh
# Gets and renews the certificates of PAGES_HOST and RELAY_HOST (Let's Encrypt, through port 80) and lays them out as
# the proxy and the relay read them. A name that is empty is left out: a second relay's machine has RELAY_HOST alone.
set -eu
out=/certificates
lay_out() {
  live=/etc/letsencrypt/live/$1
  [ -f "$live/fullchain.pem" ] || return 0
  umask 027
  if [ "$2" = pages ]; then
    cat "$live/fullchain.pem" "$live/privkey.pem" > "$out/new"
  else
    cp "$live/privkey.pem" "$out/relay.key.new" && chmod 640 "$out/relay.key.new" && chgrp "${RELAY_GROUP:-65534}" "$out/relay.key.new"
    mv "$out/relay.key.new" "$out/relay.key"
    cp "$live/fullchain.pem" "$out/new"
  fi
  chmod 644 "$out/new"; [ "$2" = relay ] || chmod 600 "$out/new"
  cmp -s "$out/new" "$out/$2.pem" && rm "$out/new" || mv "$out/new" "$out/$2.pem"
}
while :; do
  for pair in "${PAGES_HOST:-}:pages" "${RELAY_HOST:-}:relay"; do
    host=${pair%:*} name=${pair#*:}
    [ -n "$host" ] || continue
    certbot certonly --standalone --http-01-port "${HTTP_PORT:-8402}" --non-interactive --agree-tos --keep-until-expiring \
      -m "$MAIL" -d "$host" --cert-name "$host" || echo "No certificate for $host this time; trying again later." >&2
    lay_out "$host" "$name"
  done
  sleep 43200 & wait $!
done
