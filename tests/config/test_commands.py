"""The commands as an operator meets them: processes of their own, a folder of their own."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tatap.config.commands.check_settings import mail
from tatap.config.serve import refusal


def tatap(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("TATAP_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "tatap", *words], env={**clean, "TATAP_DATA_DIR": str(folder)},
        capture_output=True, text=True, check=False,
    )


def rows(database: Path) -> list[str]:
    with sqlite3.connect(database) as line:
        found = list(line.iterdump())
    line.close()
    return found


SETUP = (
    "setup", "--practice", "Ruang Teduh", "--zone", "WIB", "--manager", "m@example.org", "--password", "sore teduh 2026",
    "--bank", "BSI", "7123", "Ruang Teduh", "--invite", "nur@example.org",
)


def test_a_practice_is_set_up_backed_up_and_restored_row_by_row(tmp_path: Path) -> None:
    old, new, copy = tmp_path / "old", tmp_path / "new", tmp_path / "copy"
    assert tatap(old, *SETUP).returncode == 0
    assert tatap(old, "backup", str(copy)).returncode == 0
    assert tatap(new, "restore", str(copy)).returncode == 0
    assert rows(new / "tatap.sqlite3") == rows(old / "tatap.sqlite3")
    assert "not empty" in tatap(new, "restore", str(copy)).stderr


def test_setting_up_twice_is_refused(tmp_path: Path) -> None:
    assert tatap(tmp_path, *SETUP).returncode == 0
    assert "already" in tatap(tmp_path, *SETUP).stderr


def test_check_settings_says_what_works(tmp_path: Path) -> None:
    said = tatap(tmp_path, "check-settings").stdout
    assert "run `tatap migrate`" in said
    assert "Clients on mobile data often cannot connect" in said


@pytest.mark.parametrize(
    ("backend", "sent", "words"), [("smtp", True, "go out by mail"), ("console", False, "on the console"), ("filebased", False, "in the folder")]
)
def test_check_settings_says_what_becomes_of_letters(settings: Any, backend: str, sent: bool, words: str) -> None:
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    good, sentence = mail()
    assert good is sent and words in sentence


def test_a_wrong_key_is_named_at_the_start(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tatap", "check"], capture_output=True, text=True, check=False,
        env={**os.environ, "TATAP_DATA_DIR": str(tmp_path), "TATAP_ENCRYPTION_KEYS": "short"},
    )
    assert "TATAP_ENCRYPTION_KEYS cannot be used" in done.stderr


@pytest.mark.parametrize(
    ("host", "tls", "proxy", "refused"),
    [("127.0.0.1", False, False, False), ("0.0.0.0", False, False, True), ("0.0.0.0", True, False, False), ("10.0.0.5", False, True, False)],
)
def test_beyond_loopback_needs_tls_or_a_proxy(host: str, tls: bool, proxy: bool, refused: bool) -> None:
    assert bool(refusal(host, tls=tls, proxy=proxy)) is refused
