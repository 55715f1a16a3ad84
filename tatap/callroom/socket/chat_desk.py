"""Keeps what is written in all rooms of the process: what arrives while one transaction commits goes together into
the next. A commit waits for the disk and for its turn at the lock; fifty lines a second need not do so fifty times."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from tatap.callroom.actions import Line, RoomRefused

MOST = 100  # lines of one transaction

Kept = dict[str, Any] | RoomRefused


class ChatDesk:
    """``keep_all(lines)`` keeps lines in one transaction and answers each in its place."""

    def __init__(self, keep_all: Callable[[list[Line]], Awaitable[list[Kept]]]) -> None:
        self._keep_all = keep_all
        self._waiting: list[tuple[Line, asyncio.Future[Kept]]] = []
        self._work: asyncio.Task[None] | None = None

    async def keep(self, line: Line) -> dict[str, Any]:
        """What was kept, once it is committed; raises ``RoomRefused`` or whatever kept the transaction."""
        answer: asyncio.Future[Kept] = asyncio.get_running_loop().create_future()
        self._waiting.append((line, answer))
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._keep_waiting())
        kept = await answer
        if isinstance(kept, RoomRefused):
            raise kept
        return kept

    async def _keep_waiting(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                await self._keep(batch)
            except BaseException:
                for _line, answer in batch:
                    answer.cancel()
                raise

    async def _keep(self, batch: list[tuple[Line, asyncio.Future[Kept]]]) -> None:
        try:
            kept = await self._keep_all([line for line, _answer in batch])
        except Exception as problem:
            if len(batch) > 1:  # one line that cannot be kept takes no other with it
                for one in batch:
                    await self._keep([one])
            elif not batch[0][1].done():
                batch[0][1].set_exception(problem)
            return
        for (_line, answer), said in zip(batch, kept, strict=True):
            if not answer.done():  # whoever wrote it may have left
                answer.set_result(said)
