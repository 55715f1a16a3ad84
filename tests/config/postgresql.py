"""A PostgreSQL of a test's own, which it may stop and start; reached by a socket in its folder."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

PROGRAMS = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


class Cluster:
    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="tatap-pg-", dir="/tmp"))  # a socket's path may not be long
        self._as_root = os.getuid() == 0
        if self._as_root:  # PostgreSQL refuses to run as root
            shutil.chown(self.home, "postgres", "postgres")
        self._run("initdb", "-D", str(self.home / "data"), "-U", "tatap", "-A", "trust", "--no-sync")
        self.start()

    def _run(self, program: str, *words: str) -> None:
        assert PROGRAMS is not None
        owner = {"user": "postgres", "group": "postgres", "extra_groups": []} if self._as_root else {}
        subprocess.run(
            [str(PROGRAMS / program), *words], check=True, stdout=subprocess.DEVNULL, cwd=self.home,
            env={**os.environ, "HOME": str(self.home)}, **owner,  # type: ignore[call-overload]
        )

    def start(self) -> None:
        options = f"-c listen_addresses='' -c unix_socket_directories={self.home} -c fsync=off"
        self._run("pg_ctl", "-D", str(self.home / "data"), "-w", "-s", "-l", str(self.home / "log"), "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.home / "data"), "-m", "fast", "-w", "-s", "stop")

    def database(self, name: str) -> str:
        """A new one; its address."""
        self._run("createdb", "-h", str(self.home), "-U", "tatap", name)
        return f"postgresql://tatap@/{name}?host={self.home}"

    def end(self) -> None:
        if (self.home / "data" / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.home, ignore_errors=True)
