"""The room's WebSocket (ASGI). Nothing here waits for the database on the event loop: what must be kept goes
to ``callroom.actions`` in a few threads and is answered after it is committed."""

import asyncio
import contextlib
import json
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.db import close_old_connections

from tatap.callroom import actions, bus, tickets
from tatap.callroom.bus_postgresql import Line
from tatap.callroom.hub import Hub
from tatap.lib import clock
from tatap.lib.asgi import Receive, Scope, Send

log = logging.getLogger("tatap.callroom")

HELLO_WITHIN = 5.0  # seconds
LONGEST_FRAME = 64 * 1024  # characters
FRAMES_PER_10_S = 400
MOST_TO_KEEP = 64  # frames of one socket that wait for the database
BAD_TICKET, NOT_IN_WINDOW, NO_HELLO, TAKEN_OVER, TOO_LONG, NOT_OURS = 4401, 4403, 4408, 4409, 4413, 4422
RESTARTING = 1012


class Closed(Exception):
    """Ends the connection with a code that the browser understands."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Gone(Exception):
    """The browser has left."""


def _nobody(_code: str, _note: dict[str, Any]) -> None:
    """This process alone holds sockets."""


class RoomSockets:
    """All sockets of this process. ``between``: other processes hold sockets as well (PostgreSQL)."""

    def __init__(self, *, threads: int = 4, between: bool = False) -> None:
        self.hub = Hub(self._outward if between else _nobody)
        self.between = between
        self.line: Line | None = None
        self.pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="room")
        self.used_nonces: dict[str, float] = {}
        self.loop: asyncio.AbstractEventLoop | None = None
        self.open: set[Connection] = set()
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

    async def stop(self) -> None:
        bus.forget(self.from_page)
        for connection in list(self.open):
            connection.close_soon(RESTARTING)
        for task in list(self._tasks):
            task.cancel()
        if self.line is not None:
            await self.line.stop()
        self.pool.shutdown(wait=False, cancel_futures=True)

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
        self.outbox: asyncio.Queue[str | int] = asyncio.Queue(maxsize=2 * 256)
        self.ticket: tickets.Ticket | None = None
        self.tab = ""
        self.count, self.count_from = 0, time.monotonic()
        self.to_keep: deque[tuple[str, dict[str, Any]]] = deque()
        self.keeping: asyncio.Task[None] | None = None

    # -- what the hub asks of a seat
    def send(self, text: str) -> None:
        self._put(text)

    def take_over(self) -> None:
        self._put(TAKEN_OVER)

    def close_soon(self, code: int) -> None:
        self._put(code)

    def _put(self, item: str | int) -> None:
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
                self._handle(await self._frame())
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
                await self._send({"type": "websocket.send", "text": item})
            except Exception:  # the line is gone; the reading side hears of it
                return

    def _say(self, frame: dict[str, Any]) -> None:
        """To this socket alone, unnumbered."""
        self._put(json.dumps(frame, separators=(",", ":"), ensure_ascii=False))

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
        # What is said from here on, while the threads look things up, is in the ring and follows the welcome.
        before = self.hub.person(ticket.code, ticket.user_id).seq
        try:
            await self.sockets.call(actions.arrive, code=ticket.code, user_id=ticket.user_id, tab=self.tab)
            facts = await self.sockets.call(actions.snapshot, code=ticket.code, user_id=ticket.user_id)
        except actions.RoomRefused:
            raise Closed(NOT_IN_WINDOW) from None
        except Exception as problem:
            log.warning("no seat could be given: %s", type(problem).__name__)
            raise Closed(RESTARTING) from None  # the browser tries again
        self.ticket = ticket
        self._welcome(ticket, facts, hello, before)

    def _welcome(self, ticket: tickets.Ticket, facts: dict[str, Any], hello: dict[str, Any], before: int) -> None:
        """Written and seated in one go: no frame can slip between."""
        code = ticket.code
        for other in facts["others"]:
            self.hub.person(code, other["id"])
            other.update({k: v for k, v in self.hub.presence(code, other["id"]).items() if k != "t"})
        room, me = self.hub.room(code), self.hub.person(code, ticket.user_id)
        seq = hello["seq"] if isinstance(hello.get("seq"), int) else -1
        missed = me.after(seq) if hello.get("epoch") == room.epoch else None
        resumed = missed is not None
        if missed is None:
            seq, missed = before, me.after(before) or []
        self._say(
            {
                "t": "welcome", "epoch": room.epoch, "seq": seq, "resumed": resumed,
                "waiting_since": me.waiting_since, **facts,
            }
        )
        for text in missed:
            self._put(text)
        self.hub.sit(code, ticket.user_id, self, now=clock.now().isoformat())

    async def _leave(self) -> None:
        if self.ticket is None:
            return
        if self.keeping is not None:
            await asyncio.wait([self.keeping])  # what was sent before the line broke is kept
        if self.hub.stand(self.ticket.code, self.ticket.user_id, self):
            # While the process stops its threads are gone; the next arrival closes the line.
            with contextlib.suppress(RuntimeError):
                await self.sockets.call(
                    actions.depart, code=self.ticket.code, user_id=self.ticket.user_id, tab=self.tab
                )

    def _handle(self, frame: dict[str, Any]) -> None:
        assert self.ticket is not None
        code, me = self.ticket.code, self.ticket.user_id
        kind = frame["t"]
        if kind == "ping":
            self._say({"t": "pong", "n": frame.get("n")})
        elif kind == "signal":
            self.hub.signal(code, me, frame.get("d"))
        elif kind == "state" and isinstance(frame.get("d"), dict):
            self.hub.set_state(code, me, _plain(frame["d"]))
        elif kind in KEPT and _is_whole(frame):
            self._keep(kind, frame)
        elif kind == "leave":
            raise Closed(1000)
        else:
            raise Closed(NOT_OURS)

    def _keep(self, kind: str, frame: dict[str, Any]) -> None:
        """In the order sent, beside the reading: a signal never waits for a save."""
        if len(self.to_keep) >= MOST_TO_KEEP:
            self._refuse(kind, frame, "later")
            return
        self.to_keep.append((kind, frame))
        if self.keeping is None or self.keeping.done():
            self.keeping = asyncio.create_task(self._keep_all())

    async def _keep_all(self) -> None:
        assert self.ticket is not None
        while self.to_keep:
            kind, frame = self.to_keep.popleft()
            try:
                await KEPT[kind](self, self.ticket.code, self.ticket.user_id, frame)
            except actions.RoomRefused as refused:
                self._refuse(kind, frame, refused.reason)
            except Exception as problem:
                log.warning("could not keep %s: %s", kind, type(problem).__name__)
                self._refuse(kind, frame, "later")

    def _refuse(self, kind: str, frame: dict[str, Any], reason: str) -> None:
        self._say({"t": "refused", "what": kind, "key": frame.get("key"), "reason": reason})

    async def _chat(self, code: str, me: int, frame: dict[str, Any]) -> None:
        said = await self.sockets.call(
            actions.post_chat, code=code, by_id=me, key=frame["key"], text=frame["text"]
        )
        self.hub.to_all(code, {"t": "chat", **said})

    async def _admit(self, code: str, me: int, frame: dict[str, Any]) -> None:
        guest = frame["user"]
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


def _is_whole(frame: dict[str, Any]) -> bool:
    if frame["t"] == "chat":
        return isinstance(frame.get("key"), str) and isinstance(frame.get("text"), str)
    return frame["t"] != "admit" or type(frame.get("user")) is int


def _plain(state: dict[Any, Any]) -> dict[str, Any]:
    """A dozen short facts, nothing nested."""
    return {
        str(name)[:20]: value[:40] if isinstance(value, str) else value
        for name, value in list(state.items())[:12]
        if value is None or isinstance(value, str | bool | int)
    }


def _same_origin(scope: Scope) -> bool:
    """A page of another site may not open a socket with our reader's ticket."""
    headers = {name: value.decode("latin-1") for name, value in scope.get("headers", [])}
    origin = headers.get(b"origin")
    if origin is None:
        return True  # not a browser
    host = headers.get(b"host", "")
    return bool(origin == settings.ORIGIN or origin.partition("://")[2] == host)
