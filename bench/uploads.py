"""Whether pages stay quick while fifty people upload the proof of a transfer over weak lines.

    python -m bench.uploads [--quick] [--runs N]

The embedded process (SQLite) is served; 50 people send a proof each at 64 kbit/s, all at once, for 20 s (8 s with
``--quick``). Meanwhile 4 others open their sessions' page, one after the other, half a second after the last was
read. ``page_p95_ms_alone`` is the same without uploads, measured before in the same run; ``kept``: proofs that arrived
whole and were kept, of ``uploads``."""

import argparse
import asyncio
import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from typing import Any

from bench.report import percentile, report, say
from bench.room_sockets import Place, Server, readers

PEOPLE, READERS = 50, 4
RATE, PIECE = 8_000, 1_000  # bytes a second; bytes sent at once
PAUSE = 0.5  # seconds
SECRET = "b" * 32
JPEG = b"\xff\xd8\xff\xe0"


def proof(size: int) -> bytes:
    head = (
        f'--b\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{SECRET}\r\n'
        '--b\r\nContent-Disposition: form-data; name="bukti"; filename="b.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    )
    return head.encode() + JPEG + bytes(size - len(JPEG)) + b"\r\n--b--\r\n"


async def upload(port: int, person: dict[str, str], body: bytes) -> int:
    """The status of the answer."""
    reading, writing = await asyncio.open_connection("127.0.0.1", port)
    writing.write(
        f"POST /sesi/{person['code']}/bayar/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        f"Cookie: {person['cookie']}; csrftoken={SECRET}\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n".encode()
    )
    begin = time.monotonic()
    for sent in range(0, len(body), PIECE):
        writing.write(body[sent : sent + PIECE])
        await writing.drain()
        await asyncio.sleep(max(0.0, begin + sent / RATE - time.monotonic()))
    status = int((await reading.readline()).split()[1])
    writing.close()
    return status


@contextlib.contextmanager
def uploads(port: int, people: list[dict[str, str]], body: bytes) -> Iterator[list[int]]:
    """Begun together, in a thread of their own; yields the statuses, complete once it is left."""
    statuses: list[int] = []

    async def all_at_once() -> None:
        statuses.extend(await asyncio.gather(*(upload(port, person, body) for person in people)))

    work = threading.Thread(target=lambda: asyncio.run(all_at_once()))
    work.start()
    yield statuses
    work.join()


def once(*, seconds: float) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="tatap-bench-") as folder:
        place = Place(folder)
        made = subprocess.run(
            [sys.executable, "-m", "bench.uploads_seed", str(PEOPLE + READERS)], env=place.environment, check=True,
            stdout=subprocess.PIPE, text=True,
        )
        people: list[dict[str, str]] = json.loads(made.stdout.splitlines()[-1])
        server = place.serve()
        try:
            return measured(server, people, seconds=seconds)
        finally:
            server.stop()


def measured(server: Server, people: list[dict[str, str]], *, seconds: float) -> dict[str, float]:
    cookies = [person["cookie"] for person in people[PEOPLE:]]
    with readers(server.port, cookies, pause=PAUSE) as took:
        time.sleep(1.5)  # templates are compiled
        took.clear()
        time.sleep(seconds / 2)
        alone = list(took)
        with uploads(server.port, people[:PEOPLE], proof(int(RATE * seconds))) as statuses:
            time.sleep(0.5)
            took.clear()
            time.sleep(seconds - 0.5)
            meanwhile = list(took)
    found = {
        "uploads": PEOPLE, "kept": statuses.count(302), "pages_read": len(meanwhile),
        "page_p95_ms": percentile(meanwhile, 0.95), "page_p95_ms_alone": percentile(alone, 0.95),
    }
    say(f"  {found['kept']} of {PEOPLE} kept; page p95 {found['page_p95_ms']:.0f} ms, alone {found['page_p95_ms_alone']:.0f} ms")
    return found


def main() -> None:
    reader = argparse.ArgumentParser(prog="bench.uploads")
    reader.add_argument("--quick", action="store_true")
    reader.add_argument("--runs", type=int, default=0)
    asked = reader.parse_args()
    runs: int = asked.runs or (1 if asked.quick else 3)
    found: list[dict[str, Any]] = [once(seconds=8.0 if asked.quick else 20.0) for _ in range(runs)]
    report("uploads", {name: round(statistics.median(run[name] for run in found), 1) for name in found[0]}, runs=runs)


if __name__ == "__main__":
    main()
