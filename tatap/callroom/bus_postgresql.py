"""The line between processes that hold sockets: PostgreSQL's LISTEN and NOTIFY, on two connections of its own.

Signals need no durability: what could not be sent while the line was down is dropped, and the browsers
negotiate again. What must be kept is in the tables before it is told."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection

from tatap.callroom.bus import CHANNEL, Unpacker, pack

log = logging.getLogger("tatap.callroom")
WAITING = 5000  # payloads; more than that while the database is away are dropped
Heard = Callable[[str, str, dict[str, Any]], None]


def _parameters() -> dict[str, Any]:
    given = connection.get_connection_params()
    return {k: v for k, v in given.items() if k in {"dbname", "user", "password", "host", "port", "sslmode"}}


class Line:
    """``heard(origin, code, note)`` is called on the event loop, for this process's own notes as well."""

    def __init__(self, heard: Heard) -> None:
        self.heard = heard
        self.ready = asyncio.Event()
        self._out: asyncio.Queue[str] = asyncio.Queue(maxsize=WAITING)
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._for_ever(work)) for work in (self._hear, self._tell)]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def send(self, origin: str, code: str, note: dict[str, Any]) -> None:
        with contextlib.suppress(asyncio.QueueFull):
            for part in pack(origin, code, note):
                self._out.put_nowait(part)

    async def _for_ever(self, work: Callable[[psycopg.AsyncConnection[Any]], Any]) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**_parameters(), autocommit=True) as line:
                    await work(line)
            except (psycopg.Error, OSError) as problem:
                log.warning("the line between processes was lost (%s) and is made again", type(problem).__name__)
                await asyncio.sleep(1)

    async def _hear(self, line: psycopg.AsyncConnection[Any]) -> None:
        unpacker = Unpacker()
        await line.execute(f"LISTEN {CHANNEL}")
        self.ready.set()
        async for note in line.notifies():
            try:
                got = unpacker.take(note.payload)
                if got is not None:
                    self.heard(*got)
            except (ValueError, KeyError, TypeError) as problem:
                log.warning("a note between processes was not ours: %s", type(problem).__name__)

    async def _tell(self, line: psycopg.AsyncConnection[Any]) -> None:
        while True:
            parts = [await self._out.get()]
            while len(parts) < 200 and not self._out.empty():
                parts.append(self._out.get_nowait())
            await line.execute(
                "SELECT pg_notify(%s, part) FROM unnest(%s::text[]) WITH ORDINALITY AS t(part, n) ORDER BY n",
                [CHANNEL, parts],
            )
