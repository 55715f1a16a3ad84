#!/usr/bin/env bash
# Gathers the sentences of each room into its own catalogue and compiles them.
set -euo pipefail
cd "$(dirname "$0")/.."
export PYTHONPATH=$PWD DJANGO_SETTINGS_MODULE=tatap.config.settings
command -v xgettext >/dev/null || { echo "Missing: gettext. Install it with: sudo apt-get install gettext" >&2; exit 1; }
top=$PWD
for room in accounts counsellors bookings payments preparation callroom closing followup journey; do
  mkdir -p "tatap/$room/locale"
  (cd "tatap/$room" && "$top/.venv/bin/django-admin" makemessages -l id --no-location --no-wrap -v 0)
done
mkdir -p tatap/locale
(cd tatap && "$top/.venv/bin/django-admin" makemessages -l id --no-location --no-wrap -v 0 \
  -i accounts -i counsellors -i bookings -i payments -i preparation -i callroom -i closing -i followup -i journey)
.venv/bin/python -m tatap messages
