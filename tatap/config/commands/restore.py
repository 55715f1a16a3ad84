"""``tatap restore FILE``: into an empty database of the same kind; never over a practice that is in use."""

import sqlite3
import sys
from pathlib import Path

from tatap.config.commands.backup import address, ran


def main(arguments: list[str]) -> None:
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        sys.exit("usage: tatap restore FILE")
    import django

    django.setup()
    from django.db import connection

    if connection.introspection.table_names():
        sys.exit("This database is not empty; restore into a new one. Nothing was changed.")
    if connection.vendor == "sqlite":
        connection.close()
        source, copy = sqlite3.connect(arguments[0]), sqlite3.connect(connection.settings_dict["NAME"])
        try:
            source.backup(copy)
        except sqlite3.DatabaseError:
            sys.exit(f"{arguments[0]} is not a backup of an SQLite practice.")
        finally:
            source.close()
            copy.close()
    else:
        ran(["pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", *address(), arguments[0]])
    sys.stdout.write("Restored. `tatap migrate` brings it up to this version.\n")
