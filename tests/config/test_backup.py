"""A backup on a fresh machine: every row is there, and sealed words open with the key alone."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.config.served import CLEAN

ROWS = """
import json, django; django.setup()
from django.apps import apps
from django.db import connection
found = {}
with connection.cursor() as cursor:
    for table in sorted(connection.introspection.table_names()):
        cursor.execute(f'SELECT * FROM "{table}"')
        found[table] = sorted(repr([bytes(v) if isinstance(v, memoryview) else v for v in row]) for row in cursor)
print(json.dumps(found))
"""
CHAT = """
import django; django.setup()
from tatap.callroom.models import ChatMessage
print(ChatMessage.objects.get().body)
"""


def python(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], env=environment, capture_output=True, text=True, check=False
    )


def moved(old: dict[str, str], new: dict[str, str], tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    for environment, command in ((old, "backup"), (new, "restore")):
        done = python(environment, "-m", "tatap", command, str(copy))
        assert done.returncode == 0, done.stderr
    assert copy.stat().st_mode & 0o077 == 0  # for its owner alone
    before, after = (json.loads(python(environment, "-c", ROWS).stdout) for environment in (old, new))
    assert before["callroom_chatmessage"] != []
    assert after == before
    assert b"Selamat malam" not in copy.read_bytes()
    closed = python(new, "-c", CHAT)  # the fresh machine has a key of its own
    assert (closed.returncode, "CannotOpen" in closed.stderr) == (1, True)
    assert "do not open what this practice has kept" in python(new, "-m", "tatap", "serve", "--port", "1").stderr
    shutil.copy(Path(old["TATAP_DATA_DIR"], "encryption-key"), new["TATAP_DATA_DIR"])
    assert python(new, "-c", CHAT).stdout == "Selamat malam\n"
    assert "not empty" in python(new, "-m", "tatap", "restore", str(copy)).stderr


def machine(folder: Path, **more: str) -> dict[str, str]:
    folder.mkdir(exist_ok=True)
    return {**CLEAN, "TATAP_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "tatap.config.settings", **more}


def test_a_backup_is_whole_on_a_fresh_machine_on_sqlite(seeded: Path, tmp_path: Path) -> None:
    shutil.copytree(seeded, tmp_path / "old")
    moved(machine(tmp_path / "old"), machine(tmp_path / "new"), tmp_path)


def test_a_backup_is_whole_on_a_fresh_machine_on_postgresql(cluster: Any, tmp_path: Path) -> None:
    old, new = (machine(tmp_path / name, TATAP_DATABASE_URL=cluster.database(name)) for name in ("old", "new"))
    assert python(old, "-m", "tests.config.seed").returncode == 0
    moved(old, new, tmp_path)
    damaged = tmp_path / "damaged"
    damaged.write_bytes(b"PGDMP" + bytes(100))
    empty = machine(tmp_path / "empty", TATAP_DATABASE_URL=cluster.database("empty"))
    said = python(empty, "-m", "tatap", "restore", str(damaged))
    assert (said.returncode, "pg_restore stopped" in said.stderr, "Traceback" in said.stderr) == (1, True, False)
