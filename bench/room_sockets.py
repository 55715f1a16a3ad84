"""What the room's socket costs beside a bare relay, and how sure and quick kept chat is.

    python -m bench.room_sockets [--quick] [--runs N] [--database sqlite|postgresql]

Signalling: 1,000 sockets in pairs, each sends one message a second (30 s; with ``--quick`` 300 sockets and 4 s) to a
room process.
``cpu_us_per_message`` is the server's processor time for each message delivered; ``kib_per_socket`` what its memory
grew by, from before the first socket to after the last message; ``_ratio_raw``: divided by the same of a raw ASGI
relay (``bench/raw_relay.py``), measured in turn with it. ``p99_ms_two``: the two of each pair in two room processes
on PostgreSQL. Kept chat: 50 messages a second in the embedded process (SQLite) while 8 readers open signed-in pages
one after the other, each a quarter of a second after the last was read, and the worker sends letters. The pages
are read once before the clock runs: a server that has just started compiles its templates."""

import argparse
import contextlib
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from typing import Any

from bench.private_postgresql import private_postgresql
from bench.report import percentile, report, say

SOCKETS, SOCKETS_QUICK = 1000, 300
WARM = 1.5  # seconds
READERS, READS_FOR = 8, 0.25  # readers; seconds
TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    def __init__(self, module: str, *words: object, port: int, environment: dict[str, str]) -> None:
        self.port = port
        self.child = subprocess.Popen(
            [sys.executable, "-m", module, *map(str, words)], env=environment, stdout=subprocess.DEVNULL
        )
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return
            time.sleep(0.05)
        raise SystemExit(f"{module} did not start")

    def cpu_s(self) -> float:
        with open(f"/proc/{self.child.pid}/stat") as line:
            fields = line.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def kib(self) -> int:
        with open(f"/proc/{self.child.pid}/status") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

    def stop(self) -> None:
        self.child.terminate()
        self.child.wait(10)


class Place:
    def __init__(self, folder: str, address: str = "") -> None:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("TATAP_")}
        self.environment = {
            **clean, "TATAP_DATA_DIR": folder, "TATAP_DATABASE_URL": address,
            "DJANGO_SETTINGS_MODULE": "tatap.config.settings",
            "TATAP_EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
        }

    def seed(self, rooms: int) -> dict[str, Any]:
        made = subprocess.run(
            [sys.executable, "-m", "bench.room_sockets_seed", str(rooms)], env=self.environment, check=True,
            stdout=subprocess.PIPE, text=True,
        )
        return dict(json.loads(made.stdout.splitlines()[-1]))

    def serve(self, *words: str) -> Server:
        port = free_port()
        return Server("tatap", "serve", "--port", port, *words, port=port, environment=self.environment)


class Load:
    """The browsers; ``linked`` once every socket has its seat."""

    def __init__(self, place: Place, servers: list[Server], rooms: list[Any], *, seconds: float, **plan: Any) -> None:
        self.child = subprocess.Popen(
            [sys.executable, "-m", "bench.room_sockets_load"], env=place.environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        urls = [f"ws://127.0.0.1:{server.port}" for server in servers]
        self._tell(json.dumps({"raw": False, "chat": False, "every": 1.0, "seconds": seconds, "urls": urls, "rooms": rooms, **plan}))
        self._heard("linked")

    def _tell(self, line: str) -> None:
        assert self.child.stdin is not None
        self.child.stdin.write(line + "\n")
        self.child.stdin.flush()

    def _heard(self, word: str) -> str:
        assert self.child.stdout is not None
        line = self.child.stdout.readline()
        if not line.startswith(word):
            raise SystemExit(f"the load stopped: {line!r}")
        return line[len(word) :]

    def run(self) -> dict[str, Any]:
        self._tell("go")
        return dict(json.loads(self._heard("done")))

    def end(self) -> None:
        self._tell("bye")
        self.child.wait(30)


def signalling(place: Place, server: Server, rooms: list[Any], *, seconds: float, raw: bool) -> dict[str, Any]:
    warm = Load(place, [server], rooms[-1:], seconds=0.5, raw=raw)
    warm.run()
    warm.end()
    before = server.kib()
    load = Load(place, [server], rooms[:-1], seconds=seconds, raw=raw)
    cpu = server.cpu_s()
    found = load.run()
    found["cpu_us"] = (server.cpu_s() - cpu) / max(1, found["delivered"]) * 1e6
    found["kib"] = (server.kib() - before) / found["sockets"]
    load.end()
    delays = found.pop("delays")
    found["p99_ms"] = percentile(delays, 0.99) * 1000
    return found


def both(place: Place, rooms: list[Any], *, seconds: float) -> tuple[dict[str, Any], dict[str, Any]]:
    server = place.serve("--only", "room")
    ours = signalling(place, server, rooms, seconds=seconds, raw=False)
    server.stop()
    port = free_port()
    server = Server("bench.raw_relay", port, port=port, environment=place.environment)
    bare = signalling(place, server, rooms, seconds=seconds, raw=True)
    server.stop()
    for name, found in (("ours", ours), ("raw", bare)):
        say(f"  {name}: {found['delivered']}/{found['expected']}, p99 {found['p99_ms']:.1f} ms, "
            f"{found['cpu_us']:.0f} us a message, {found['kib']:.1f} KiB a socket")
    return ours, bare


def one_process(place: Place, rooms: list[Any], *, runs: int, seconds: float) -> dict[str, float]:
    ours, bare = [], []
    for _ in range(runs):
        one, other = both(place, rooms, seconds=seconds)
        ours.append(one)
        bare.append(other)
    median = {name: statistics.median(run[name] for run in ours) for name in ("p99_ms", "cpu_us", "kib")}
    pairs = list(zip(ours, bare, strict=True))
    return {
        "sockets": ours[0]["sockets"],
        "expected": sum(run["expected"] for run in ours),
        "delivered": sum(run["delivered"] for run in ours),
        "out_of_order": sum(run["out_of_order"] for run in ours),
        "p99_ms": round(median["p99_ms"], 2),
        "cpu_us_per_message": round(median["cpu_us"], 1),
        "cpu_ratio_raw": round(statistics.median(a["cpu_us"] / b["cpu_us"] for a, b in pairs), 2),
        "kib_per_socket": round(median["kib"], 1),
        "kib_ratio_raw": round(statistics.median(a["kib"] / b["kib"] for a, b in pairs), 2),
    }


def two_processes(*, sockets: int, seconds: float) -> dict[str, float | None]:
    with private_postgresql() as address, tempfile.TemporaryDirectory(prefix="tatap-bench-") as folder:
        if address is None:
            return {"p99_ms_two": None, "delivered_share_two": None}
        place = Place(folder, address)
        rooms = place.seed(sockets // 2)["rooms"]
        servers = [place.serve("--only", "room") for _ in range(2)]
        load = Load(place, servers, rooms, seconds=seconds)
        found = load.run()
        load.end()
        for server in servers:
            server.stop()
    p99 = percentile(found["delays"], 0.99) * 1000
    say(f"  two processes: {found['delivered']}/{found['expected']}, p99 {p99:.1f} ms, out of order {found['out_of_order']}")
    return {"p99_ms_two": round(p99, 1), "delivered_share_two": round(found["delivered"] / found["expected"], 4)}


@contextlib.contextmanager
def readers(port: int, cookies: list[str], *, pause: float = READS_FOR) -> Iterator[list[float]]:
    """Pages are opened all the while; yields how long each took, in ms."""
    took: list[float] = []
    stop = threading.Event()

    def read(cookie: str) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while not stop.is_set():
            begin = time.monotonic()
            line.request("GET", "/sesi/", headers={"Cookie": cookie})
            answer = line.getresponse()
            answer.read()
            if answer.status != 200:
                raise SystemExit(f"a reader got {answer.status}")
            took.append((time.monotonic() - begin) * 1000)
            stop.wait(pause)

    crew = [threading.Thread(target=read, args=(cookie,), daemon=True) for cookie in cookies]
    for reader in crew:
        reader.start()
    yield took
    stop.set()
    for reader in crew:
        reader.join(5)


def chat(place: Place, made: dict[str, Any], *, seconds: float) -> dict[str, float]:
    """25 rooms, both people write once a second; letters wait for the worker."""
    subprocess.run(
        [sys.executable, "-m", "tatap", "collectstatic", "--noinput", "-v", "0"], env=place.environment, check=True
    )
    server = place.serve()
    load = Load(place, [server], made["rooms"][:25], seconds=seconds, chat=True)
    with readers(server.port, made["cookies"]) as took:
        time.sleep(WARM)
        took.clear()
        found = load.run()
    load.end()
    server.stop()
    p99 = percentile(found["delays"], 0.99) * 1000
    say(f"  chat: {found['expected'] // 2} kept, lost {found['chat_lost']}, refused {found['refused']}, p99 {p99:.0f} ms; "
        f"{len(took)} pages meanwhile, median {statistics.median(took):.0f} ms")
    return {
        "chat_sent": found["expected"] // 2, "chat_lost": found["chat_lost"], "chat_p99_ms": round(p99, 1),
        "pages_read": len(took), "pages_p95_ms": round(percentile(took, 0.95), 1),
    }


def main() -> None:
    reader = argparse.ArgumentParser(prog="bench.room_sockets")
    reader.add_argument("--quick", action="store_true")
    reader.add_argument("--runs", type=int, default=0)
    reader.add_argument("--database", choices=["sqlite", "postgresql"])
    asked = reader.parse_args()
    runs, seconds = asked.runs or (1 if asked.quick else 3), 4.0 if asked.quick else 30.0
    sockets = SOCKETS_QUICK if asked.quick else SOCKETS
    figures: dict[str, float | None] = {}
    if asked.database != "postgresql":
        with tempfile.TemporaryDirectory(prefix="tatap-bench-") as folder:
            place = Place(folder)
            made = place.seed(sockets // 2 + 1)
            say("signalling, one process")
            figures |= one_process(place, made["rooms"], runs=runs, seconds=seconds)
            say("kept chat in the embedded process")
            figures |= chat(place, made, seconds=2 * seconds if asked.quick else seconds)
    if asked.database != "sqlite":
        say("signalling, two processes on PostgreSQL")
        figures |= two_processes(sockets=sockets, seconds=seconds)
    report("room_sockets", figures, runs=runs)


if __name__ == "__main__":
    main()
