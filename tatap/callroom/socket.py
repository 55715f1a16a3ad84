"""The room's WebSocket (ASGI). Nothing here waits for the database on the event loop: what must be kept goes
to ``callroom.actions`` in a few threads and is answered after it is committed."""

import asyncio
import contextlib
import functools
import json
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.db import close_old_connections

from tatap.callroom import actions, bus, tickets
from tatap.callroom.hub import Hub
from tatap.lib import clock
from tatap.lib.asgi import Receive, Scope, Send

log = logging.getLogger("tatap.callroom")

HELLO_WITHIN = 5.0  # seconds
LONGEST_FRAME = 64 * 1024  # characters
FRAMES_PER_10_S = 400
BAD_TICKET, NOT_IN_WINDOW, NO_HELLO, TAKEN_OVER, TOO_LONG, NOT_OURS = 4401, 4403, 4408, 4409, 4413, 4422
RESTARTING = 1012



class Closed(Exception):
    """Ends the connection with a code that the browser understands."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Gone(Exception):
    """The browser has left."""


class RoomSockets:
    """All sockets of this process."""

    def __init__(self, *, threads: int = 4) -> None:
        self.hub = Hub()
        self.pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="room")
        self.used_nonces: dict[str, float] = {}
        self.loop: asyncio.AbstractEventLoop | None = None
        self.open: set[Connection] = set()

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        bus.listen(self.from_bus)

    def stop(self) -> None:
        bus.forget(self.from_bus)
        for connection in list(self.open):
            connection.close_soon(RESTARTING)
        self.pool.shutdown(wait=False, cancel_futures=True)

    def from_bus(self, code: str, frame: dict[str, Any]) -> None:
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.hub.to_all, code, frame)

    async def call(self, action: Callable[..., Any], **facts: Any) -> Any:
        """Runs an action in a thread, with the connections looked after."""

        def work() -> Any:
            close_old_connections()
            try:
                return action(**facts, now=clock.now())
            finally:
                close_old_connections()

        return await asyncio.get_running_loop().run_in_executor(self.pool, work)

    def spend(self, nonce: str) -> bool:
        """Whether this ticket is used for the first time."""
        now = time.monotonic()
        if len(self.used_nonces) > 10_000:
            self.used_nonces = {n: t for n, t in self.used_nonces.items() if t > now}
        if self.used_nonces.get(nonce, 0) > now:
            return False
        self.used_nonces[nonce] = now + tickets.LIFE + 5
        return True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = Connection(self, scope, receive, send)
        self.open.add(connection)
        try:
            await connection.run()
        finally:
            self.open.discard(connection)


class Connection:
    """One socket, from hello to goodbye."""

    def __init__(self, sockets: RoomSockets, scope: Scope, receive: Receive, send: Send) -> None:
        self.sockets, self.hub = sockets, sockets.hub
        self.scope, self._receive, self._send = scope, receive, send
        self.outbox: asyncio.Queue[dict[str, Any] | int] = asyncio.Queue(maxsize=2 * 256)
        self.ticket: tickets.Ticket | None = None
        self.tab = ""
        self.count, self.count_from = 0, time.monotonic()

    # -- what the hub asks of a seat
    def send(self, frame: dict[str, Any]) -> None:
        self._put(frame)

    def take_over(self) -> None:
        self._put(TAKEN_OVER)

    def close_soon(self, code: int) -> None:
        self._put(code)

    def _put(self, item: dict[str, Any] | int) -> None:
        try:
            self.outbox.put_nowait(item)
        except asyncio.QueueFull:
            # It reads too slowly to keep up; a fresh socket resumes by its numbers.
            while not self.outbox.empty():
                self.outbox.get_nowait()
            self.outbox.put_nowait(RESTARTING)

    # -- life
    async def run(self) -> None:
        await self._receive()  # websocket.connect
        if not _same_origin(self.scope):
            await self._send({"type": "websocket.close", "code": BAD_TICKET})
            return
        await self._send({"type": "websocket.accept"})
        writer = asyncio.create_task(self._write())
        try:
            await self._greet()
            while True:
                await self._handle(await self._frame())
        except Closed as closed:
            if closed.code in {TOO_LONG, NOT_OURS}:
                log.info("a socket was closed: %s", closed.code)
            self._put(closed.code)
        except Gone:
            pass
        finally:
            await self._leave()
            self._put(RESTARTING)
            try:
                await asyncio.wait_for(writer, 2)
            except (TimeoutError, asyncio.CancelledError):
                writer.cancel()

    async def _write(self) -> None:
        while True:
            item = await self.outbox.get()
            try:
                if isinstance(item, int):
                    await self._send({"type": "websocket.close", "code": item})
                    return
                await self._send({"type": "websocket.send", "text": json.dumps(item, separators=(",", ":"))})
            except Exception:
                return

    async def _frame(self) -> dict[str, Any]:
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            raise Gone
        text = message.get("text")
        if text is None or not isinstance(text, str):
            raise Closed(NOT_OURS)
        if len(text) > LONGEST_FRAME:
            raise Closed(TOO_LONG)
        self._count()
        try:
            frame = json.loads(text)
        except ValueError:
            raise Closed(NOT_OURS) from None
        if not isinstance(frame, dict) or not isinstance(frame.get("t"), str):
            raise Closed(NOT_OURS)
        return frame

    def _count(self) -> None:
        now = time.monotonic()
        if now - self.count_from > 10:
            self.count, self.count_from = 0, now
        self.count += 1
        if self.count > FRAMES_PER_10_S:
            raise Closed(NOT_OURS)

    async def _greet(self) -> None:
        try:
            hello = await asyncio.wait_for(self._frame(), HELLO_WITHIN)
        except TimeoutError:
            raise Closed(NO_HELLO) from None
        if hello["t"] != "hello" or not isinstance(hello.get("tab"), str) or not 1 <= len(hello["tab"]) <= 40:
            raise Closed(NOT_OURS)
        try:
            ticket = tickets.read(str(hello.get("ticket", "")))
        except tickets.BadTicket:
            raise Closed(BAD_TICKET) from None
        if not self.sockets.spend(ticket.nonce):
            raise Closed(BAD_TICKET)
        self.tab = hello["tab"]
        seq = hello["seq"] if isinstance(hello.get("seq"), int) else 0
        missed = self.hub.missed(ticket.code, ticket.user_id, epoch=hello.get("epoch"), seq=seq)
        try:
            await self.sockets.call(actions.arrive, code=ticket.code, user_id=ticket.user_id, tab=self.tab)
            facts = await self.sockets.call(actions.snapshot, code=ticket.code, user_id=ticket.user_id)
        except actions.RoomRefused:
            raise Closed(NOT_IN_WINDOW) from None
        self.ticket = ticket
        self._welcome(ticket, facts, missed)

    def _welcome(self, ticket: tickets.Ticket, facts: dict[str, Any], missed: list[dict[str, Any]] | None) -> None:
        """Written and seated in one go: no frame can slip between."""
        for other in facts["others"]:
            self.hub.person(ticket.code, other["id"])
            other.update({k: v for k, v in self.hub.presence(ticket.code, other["id"]).items() if k != "t"})
        me = self.hub.person(ticket.code, ticket.user_id)
        resumed = missed is not None
        seq = me.seq
        self._put({"t": "welcome", "epoch": self.hub.epoch, "seq": seq, "resumed": resumed, **facts})
        for frame in missed or []:
            self._put(frame)
        self.hub.sit(ticket.code, ticket.user_id, self, now=clock.now().isoformat())

    async def _leave(self) -> None:
        if self.ticket is None:
            return
        if self.hub.stand(self.ticket.code, self.ticket.user_id, self):
            # While the process stops its threads are gone; the next arrival closes the line.
            with contextlib.suppress(RuntimeError):
                await self.sockets.call(
                    actions.depart, code=self.ticket.code, user_id=self.ticket.user_id, tab=self.tab
                )

    async def _handle(self, frame: dict[str, Any]) -> None:
        assert self.ticket is not None
        code, me = self.ticket.code, self.ticket.user_id
        kind = frame["t"]
        if kind == "ping":
            self._put({"t": "pong", "n": frame.get("n")})
        elif kind == "signal":
            self.hub.signal(code, me, frame.get("d"))
        elif kind == "state" and isinstance(frame.get("d"), dict):
            person = self.hub.person(code, me)
            person.state = {str(k)[:20]: v for k, v in list(frame["d"].items())[:12] if isinstance(v, str | bool | int)}
            self.hub.to_others(code, me, self.hub.presence(code, me))
        elif kind in KEPT:
            await self._keep(kind, frame)
        elif kind == "leave":
            raise Closed(1000)
        else:
            raise Closed(NOT_OURS)

    async def _keep(self, kind: str, frame: dict[str, Any]) -> None:
        assert self.ticket is not None
        try:
            await KEPT[kind](self, self.ticket.code, self.ticket.user_id, frame)
        except actions.RoomRefused as refused:
            self._put({"t": "refused", "what": kind, "key": frame.get("key"), "reason": refused.reason})
        except Exception as problem:
            log.warning("could not keep %s: %s", kind, type(problem).__name__)
            self._put({"t": "refused", "what": kind, "key": frame.get("key"), "reason": "later"})

    async def _chat(self, code: str, me: int, frame: dict[str, Any]) -> None:
        said = await self.sockets.call(
            actions.post_chat, code=code, by_id=me, key=str(frame.get("key", "")), text=str(frame.get("text", ""))
        )
        self.hub.to_all(code, {"t": "chat", **said})

    async def _admit(self, code: str, me: int, frame: dict[str, Any]) -> None:
        guest = frame.get("user")
        if not isinstance(guest, int):
            raise Closed(NOT_OURS)
        await self.sockets.call(actions.admit, code=code, user_id=guest, by_id=me)
        self.hub.to_all(code, {"t": "admitted", "user": guest})

    async def _open(self, code: str, me: int, frame: dict[str, Any]) -> None:
        await self.sockets.call(actions.open_door, code=code, by_id=me)
        self.hub.to_all(code, {"t": "door", "open": True})

    async def _end(self, code: str, me: int, frame: dict[str, Any]) -> None:
        await self.sockets.call(actions.end, code=code, by_id=me)
        self.hub.to_all(code, {"t": "ended", "by": me, "reason": "closed"})


KEPT: dict[str, Callable[..., Awaitable[None]]] = {
    "chat": Connection._chat,
    "admit": Connection._admit,
    "open": Connection._open,
    "end": Connection._end,
}


@functools.lru_cache(maxsize=1)
def _origins() -> set[str]:
    return {settings.ORIGIN}


def _same_origin(scope: Scope) -> bool:
    """A page of another site may not open a socket with our reader's ticket."""
    headers = {name: value.decode("latin-1") for name, value in scope.get("headers", [])}
    origin = headers.get(b"origin")
    if origin is None:
        return True  # not a browser
    host = headers.get(b"host", "")
    return origin in _origins() or origin.partition("://")[2] == host
