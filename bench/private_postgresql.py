"""A PostgreSQL of one's own for as long as a bench runs: in a temporary folder, reached by a socket in it,
with Debian's settings (fsync on) but for the number of connections."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CONNECTIONS = 300


@contextmanager
def private_postgresql() -> Iterator[str | None]:
    """Its address, or None (with a word on stderr) where PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        sys.stderr.write("PostgreSQL is not installed (apt-get install postgresql); its figures are null.\n")
        yield None
        return
    programs, home = found[-1].parent, Path(tempfile.mkdtemp(prefix="tatap-bench-postgresql-"))
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(home, "postgres", "postgres")
    try:
        _run([programs / "initdb", "-D", home / "data", "-U", "tatap", "-A", "trust"], home)
        options = f"-c listen_addresses='' -c unix_socket_directories={home} -c max_connections={CONNECTIONS}"
        _run([programs / "pg_ctl", "-D", home / "data", "-w", "-s", "-l", home / "log", "-o", options, "start"], home)
        _run([programs / "createdb", "-h", home, "-U", "tatap", "tatap"], home)
        yield f"postgresql://tatap@/tatap?host={home}"
    finally:
        if (home / "data" / "postmaster.pid").exists():
            _run([programs / "pg_ctl", "-D", home / "data", "-m", "fast", "-s", "stop"], home)
        shutil.rmtree(home, ignore_errors=True)


def _run(command: list[str | Path], home: Path) -> None:
    owner: dict[str, str] = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
    subprocess.run(
        [str(part) for part in command], check=True, stdout=subprocess.DEVNULL, cwd=home,
        env={**os.environ, "HOME": str(home)}, extra_groups=[] if owner else None, **owner,  # type: ignore[arg-type]
    )
