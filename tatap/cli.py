"""The ``tatap`` command."""

import os
import sys
from collections.abc import Callable
from importlib import import_module

OWN: dict[str, str] = {
    "serve": "tatap.config.serve",
    "worker": "tatap.config.commands.worker",
    "setup": "tatap.config.commands.setup",
    "demo": "tatap.config.demo.command",
    "backup": "tatap.config.commands.backup",
    "restore": "tatap.config.commands.restore",
    "check-settings": "tatap.config.commands.check_settings",
    "messages": "tatap.config.commands.messages",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tatap.config.settings")
    name = sys.argv[1] if len(sys.argv) > 1 else "help"
    if name in OWN:
        run: Callable[[list[str]], None] = import_module(OWN[name]).main
        try:
            run(sys.argv[2:])
        except KeyboardInterrupt:
            sys.exit(130)
        return
    if name in {"help", "--help", "-h"}:
        sys.stdout.write(f"tatap COMMAND: {', '.join(OWN)}, and Django's own (tatap migrate, …).\n")
        return
    from django.core.management import execute_from_command_line

    execute_from_command_line(["tatap", *sys.argv[1:]])
