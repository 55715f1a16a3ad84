"""A server that starts with the wrong keys would seal new words with them and show the old ones to nobody."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tatap.callroom import actions
from tatap.config import keys
from tatap.lib.cipher import new_key
from tests.config.served import CLEAN


@pytest.mark.django_db
def test_keys_fit_an_empty_practice_and_the_one_that_they_sealed(settings: Any, appointment: Any, client_user: Any) -> None:
    assert keys.fit() is True
    old, new = settings.ENCRYPTION_KEYS, new_key()
    actions.post_chat(code=appointment.code, by_id=client_user.pk, key="k", text="Halo", now=appointment.starts_at)
    found = []
    for given in (old, new, f"{new},{old}"):
        settings.ENCRYPTION_KEYS = given
        found.append(keys.fit())
    assert found == [True, False, True]


@pytest.mark.parametrize("command", [["serve", "--port", "1"], ["worker"]])
def test_a_server_does_not_start_with_keys_of_another_practice(seeded: Path, tmp_path: Path, command: list[str]) -> None:
    shutil.copytree(seeded, tmp_path, dirs_exist_ok=True)
    environment = {**CLEAN, "TATAP_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "tatap.config.settings"}
    (tmp_path / "encryption-key").rename(tmp_path / "kept elsewhere")
    said = subprocess.run(
        [sys.executable, "-m", "tatap", *command], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (said.returncode, "do not open what this practice has kept" in said.stderr) == (1, True)
    told = subprocess.run(
        [sys.executable, "-m", "tatap", "check-settings"], env=environment, capture_output=True, text=True, check=True
    )
    assert "--  The encryption keys do not open" in told.stdout
