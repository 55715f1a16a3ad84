import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.config.postgresql import PROGRAMS, Cluster
from tests.config.served import CLEAN, Served


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small practice on SQLite, to copy."""
    folder = tmp_path_factory.mktemp("seeded")
    made = subprocess.run(
        [sys.executable, "-m", "tests.config.seed"], capture_output=True, text=True, check=False,
        env={**CLEAN, "TATAP_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "tatap.config.settings"},
    )
    assert made.returncode == 0, made.stderr
    (folder / "facts.json").write_text(made.stdout.splitlines()[-1])
    return folder


@pytest.fixture
def practice_served(seeded: Path, tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Makes a served practice; whatever is still running is ended with the test."""
    made: list[Served] = []

    def make(**environment: str) -> Served:
        made.append(Served(tmp_path / f"practice{len(made)}", seeded, **environment))
        return made[-1]

    yield make
    for served in made:
        if hasattr(served, "process") and served.process.poll() is None:
            served.process.kill()
            served.process.wait(10)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    if PROGRAMS is None:
        pytest.skip("PostgreSQL is not installed")
    made = Cluster()
    yield made
    made.end()
