"""The rooms of this process: their memory, the threads that keep, and the way to pages and other processes."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Protocol

from django.db import close_old_connections

from tatap.accounts import sign_ins
from tatap.accounts.sign_ins import SignIn
from tatap.callroom import actions, bus, tickets
from tatap.callroom.bus_postgresql import Line
from tatap.callroom.hub import Hub
from tatap.callroom.socket.chat_desk import ChatDesk
from tatap.callroom.socket.frames import RESTARTING, SILENT_AFTER
from tatap.lib import clock

log = logging.getLogger("tatap.callroom")
MIND_SIGN_INS_EVERY = 5.0  # seconds


class OpenSocket(Protocol):
    heard: float
    sign_in: SignIn | None

    def close_soon(self, code: int) -> None: ...

    async def lost(self) -> None:
        """Nothing was heard of it for too long: its person is not here any more."""

    async def sign_out(self) -> None:
        """The sign-in by which it came has been ended."""


def _nobody(_code: str, _note: dict[str, Any]) -> None:
    """This process alone holds sockets."""


class Rooms:
    """All rooms of this process. ``between``: other processes hold sockets as well (PostgreSQL)."""

    def __init__(self, *, threads: int = 4, between: bool = False) -> None:
        self.hub = Hub(self._outward if between else _nobody)
        self.between = between
        self.line: Line | None = None
        self.pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="room")
        self.chat_pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="chat")  # never behind those who arrive
        self.chat = ChatDesk(lambda lines: self._run(self.chat_pool, actions.keep_chat, {"lines": lines}))
        self.used_nonces: dict[str, float] = {}
        self.loop: asyncio.AbstractEventLoop | None = None
        self.open: set[OpenSocket] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        if self.between:
            self.line = Line(self.from_far)
            self.line.start()
        else:
            bus.listen(self.from_page)
            self._task(self._nobody_sits_here_yet())
        self._task(self._sweep())
        self._task(self._mind_sign_ins())

    async def stop(self) -> None:
        bus.forget(self.from_page)
        for connection in list(self.open):
            connection.close_soon(RESTARTING)
        for task in list(self._tasks):
            task.cancel()
        if self.line is not None:
            await self.line.stop()
        for pool in (self.pool, self.chat_pool):
            pool.shutdown(wait=False, cancel_futures=True)

    def _task(self, work: Coroutine[Any, Any, None]) -> None:
        assert self.loop is not None
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _nobody_sits_here_yet(self) -> None:
        """Whoever sat here when this one process last died has no seat now."""
        try:
            await self.call(actions.everybody_left)
        except Exception as problem:
            log.warning("old seats could not be closed: %s", type(problem).__name__)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(5)
            self.hub.sweep(moment=time.monotonic())
            self.hub.outward("", {"t": "alive"})
            for connection in [one for one in self.open if time.monotonic() - one.heard > SILENT_AFTER]:
                self._task(connection.lost())

    async def _mind_sign_ins(self) -> None:
        """Whoever signed out elsewhere, has another password or may not come any more loses the socket as well. It is
        looked up, not told: no way of ending a sign-in can be forgotten so, and other processes need no word."""
        while True:
            await asyncio.sleep(MIND_SIGN_INS_EVERY)
            held = {one.sign_in for one in self.open if one.sign_in is not None}
            if not held:
                continue
            try:
                ended = await self.run(partial(sign_ins.ended, held))
            except Exception as problem:
                log.warning("sign-ins could not be looked up: %s", type(problem).__name__)
                continue
            for connection in [one for one in self.open if one.sign_in in ended]:
                self._task(connection.sign_out())

    # -- other threads, other processes
    def from_page(self, code: str, frame: dict[str, Any]) -> None:
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.hub.to_all, code, frame)

    def _outward(self, code: str, note: dict[str, Any]) -> None:
        if self.line is not None:
            if note["t"] == "all" and note["frame"]["t"] == "chat":
                note = {"t": "chat", "key": note["frame"]["key"]}  # the words stay sealed in their table
            self.line.send(self.hub.origin, code, note)

    def from_far(self, origin: str, code: str, note: dict[str, Any]) -> None:
        if note["t"] == "chat":
            if origin != self.hub.origin and code in self.hub.rooms:
                self._task(self._chat_from_far(code, note["key"]))
            return
        self.hub.from_far(origin, code, note, moment=time.monotonic())

    async def _chat_from_far(self, code: str, key: str) -> None:
        try:
            said = await self.call(actions.chat_kept, code=code, key=key)
        except Exception as problem:
            log.warning("a message kept elsewhere could not be read: %s", type(problem).__name__)
            return
        if said is not None:
            self.hub.to_all(code, {"t": "chat", **said}, outward=False)

    async def call(self, action: Callable[..., Any], **facts: Any) -> Any:
        """Runs an action in a thread, with the connections looked after."""
        return await self._run(self.pool, action, facts)

    async def run(self, work: Callable[[], Any]) -> Any:
        """The same for what needs no clock."""
        return await self._run(self.pool, lambda **_now: work(), {})

    async def _run(self, pool: ThreadPoolExecutor, action: Callable[..., Any], facts: dict[str, Any]) -> Any:
        def work() -> Any:
            close_old_connections()
            try:
                return action(**facts, now=clock.now())
            finally:
                close_old_connections()

        return await asyncio.get_running_loop().run_in_executor(pool, work)

    def spend(self, nonce: str) -> bool:
        """Whether this ticket is used for the first time."""
        now = time.monotonic()
        if len(self.used_nonces) > 10_000:
            self.used_nonces = {n: t for n, t in self.used_nonces.items() if t > now}
        if self.used_nonces.get(nonce, 0) > now:
            return False
        self.used_nonces[nonce] = now + tickets.AGAIN_LIFE + 5
        return True
