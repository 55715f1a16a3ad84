"""``tatap backup FILE``: every row, while the practice is open. Sealed fields stay sealed: keep the
encryption keys elsewhere."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path


def main(arguments: list[str]) -> None:
    if len(arguments) != 1:
        sys.exit("usage: tatap backup FILE")
    target = Path(arguments[0])
    if target.exists():
        sys.exit(f"{target} exists already; nothing was written.")
    import django

    django.setup()
    from django.db import connection

    if connection.vendor == "sqlite":
        with sqlite3.connect(connection.settings_dict["NAME"]) as source, sqlite3.connect(target) as copy:
            source.backup(copy)
        source.close()
        copy.close()
    else:
        ran(["pg_dump", "-Fc", "-f", str(target), *address()])
    os.chmod(target, 0o600)
    sys.stdout.write(f"Written to {target}. It opens only with the encryption keys; keep those elsewhere.\n")


def ran(command: list[str]) -> None:
    """One of PostgreSQL's own programs; what it says against it is on stderr."""
    try:
        subprocess.run(command, env=secrets(), check=True)
    except FileNotFoundError:
        sys.exit(f"Missing: {command[0]}. Install it with: sudo apt-get install postgresql-client")
    except subprocess.CalledProcessError:
        sys.exit(f"{command[0]} stopped; its words above say why.")


def address() -> list[str]:
    """The database as PostgreSQL's own programs take it."""
    from django.db import connection

    given = connection.settings_dict
    named = [("-h", given["HOST"]), ("-p", given["PORT"]), ("-U", given["USER"]), ("-d", given["NAME"])]
    return [word for flag, value in named if value for word in (flag, str(value))]


def secrets() -> dict[str, str]:
    from django.db import connection

    return {**os.environ, "PGPASSWORD": str(connection.settings_dict["PASSWORD"] or "")}
