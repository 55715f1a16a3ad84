"""Bodies as they come from slow, broken and unkind senders."""

import asyncio
import errno
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tatap.config.shell import bodies
from tatap.config.shell.bodies import IN_MEMORY, BodyRefused, Spool


def sender(*chunks: bytes, then: str = "end") -> Callable[[], Awaitable[dict[str, Any]]]:
    """``then``: "end", "silence" or "disconnect"."""
    waiting = list(chunks)

    async def receive() -> dict[str, Any]:
        if waiting:
            chunk = waiting.pop(0)
            return {"type": "http.request", "body": chunk, "more_body": bool(waiting) or then != "end"}
        if then == "disconnect":
            return {"type": "http.disconnect"}
        await asyncio.Event().wait()
        raise AssertionError

    return receive


def read(spool: Spool, receive: Any, *, declared: int | None = None) -> bodies.Body:
    return asyncio.run(spool.read(receive, declared=declared))


def refusal(spool: Spool, receive: Any, *, declared: int | None = None) -> int:
    with pytest.raises(BodyRefused) as refused:
        read(spool, receive, declared=declared)
    assert (spool.reading, spool.on_disk) == (0, 0)  # nothing is left behind
    return refused.value.status


async def whole(body: bodies.Body) -> bytes:
    receive, content = body.receive(), b""
    while True:
        message = await receive()
        content += message["body"]
        if not message["more_body"]:
            return content


@pytest.mark.parametrize(("size", "on_disk"), [(0, False), (IN_MEMORY, False), (IN_MEMORY + 1, True), (1_000_000, True)])
def test_a_body_above_64_kb_lies_on_disk_and_comes_back_whole(size: int, on_disk: bool) -> None:
    spool, content = Spool(largest=2_000_000), bytes(range(256)) * (size // 256) + bytes(size % 256)
    body = read(spool, sender(*[content[i : i + 50_000] for i in range(0, size, 50_000)] or [b""]))
    assert (body.size, bool(body._file._rolled), bool(spool.on_disk)) == (size, on_disk, on_disk)  # type: ignore[attr-defined]
    assert asyncio.run(whole(body)) == content
    body.close()
    assert spool.on_disk == 0


def test_too_large_is_refused_before_it_is_read_and_while_it_is_read() -> None:
    spool = Spool(largest=1000)
    assert refusal(spool, sender(then="silence"), declared=1001) == 413
    assert refusal(spool, sender(b"x" * 600, b"x" * 600)) == 413


def test_a_sender_that_falls_silent_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "IDLE", 0.01)
    assert refusal(Spool(largest=1000), sender(b"begin", then="silence")) == 408


def test_a_sender_that_drips_for_ever_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "TOTAL", 0.05)

    async def drip() -> dict[str, Any]:
        await asyncio.sleep(0.001)
        return {"type": "http.request", "body": b"x", "more_body": True}

    assert refusal(Spool(largest=1_000_000), drip) == 408


def test_more_bodies_than_there_is_room_for_are_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MOST_AT_ONCE", 0)
    assert refusal(Spool(largest=1000), sender(b"x")) == 503
    monkeypatch.undo()
    monkeypatch.setattr(bodies, "ON_DISK_AT_ONCE", 100_000)
    assert refusal(Spool(largest=1_000_000), sender(*[b"x" * 60_000] * 3)) == 503


def test_a_full_disk_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    class FullDisk:
        def write(self, chunk: bytes) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(bodies.tempfile, "SpooledTemporaryFile", lambda **_: FullDisk())
    assert refusal(Spool(largest=1_000_000), sender(b"x")) == 507


def test_who_goes_away_halfway_leaves_nothing_behind() -> None:
    spool = Spool(largest=1_000_000)
    with pytest.raises(ConnectionAbortedError):
        read(spool, sender(b"x" * 100_000, then="disconnect"))
    assert (spool.reading, spool.on_disk) == (0, 0)
