"""For an ASGI server of the operator's own choice; ``tatap serve`` is the ordinary way."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tatap.config.settings")
django.setup()

from tatap.config.shell.application import Shell  # noqa: E402 - after the settings

application = Shell()
