"""One socket, from hello to goodbye."""

import asyncio
import contextlib
import json
import logging
import time
from collections import deque
from typing import Any

from tatap.accounts import sign_ins
from tatap.accounts.sign_ins import SignIn
from tatap.callroom import actions, tickets
from tatap.callroom.socket import frames
from tatap.callroom.socket.frames import (
    BAD_TICKET,
    FRAMES_PER_10_S,
    HELLO_WITHIN,
    MOST_TO_KEEP,
    NO_HELLO,
    NOT_IN_WINDOW,
    NOT_OURS,
    RESTARTING,
    TAKEN_OVER,
    TOO_LONG,
    Closed,
    Gone,
)
from tatap.callroom.socket.kept import KEPT
from tatap.callroom.socket.rooms import Rooms
from tatap.lib import clock
from tatap.lib.asgi import Receive, Scope, Send

log = logging.getLogger("tatap.callroom")


class Connection:
    """One of thousands, most of which are silent: nothing is made before it is needed."""

    __slots__ = (
        "_receive", "_send", "again_at", "by_door", "count", "count_from", "heard", "heard_at", "hub", "keeping", "outbox",
        "scope", "sign_in", "signed_out", "sockets", "tab", "ticket", "to_keep",
    )

    def __init__(self, sockets: Rooms, scope: Scope, receive: Receive, send: Send) -> None:
        self.sockets, self.hub = sockets, sockets.hub
        self.scope, self._receive, self._send = scope, receive, send
        self.outbox: asyncio.Queue[str | int] = asyncio.Queue(maxsize=2 * 256)
        self.ticket: tickets.Ticket | None = None
        self.sign_in: SignIn | None = None
        self.signed_out = False
        self.tab = ""
        self.heard_at = clock.now()
        self.by_door = False
        self.count, self.count_from = 0, time.monotonic()
        self.heard = time.monotonic()
        self.again_at = 0.0
        self.to_keep: deque[tuple[str, dict[str, Any]]] | None = None
        self.keeping: asyncio.Task[None] | None = None

    # -- what the hub asks of a seat
    def send(self, text: str) -> None:
        self._put(text)

    def take_over(self) -> None:
        self._put(TAKEN_OVER)

    def close_soon(self, code: int) -> None:
        self._put(code)

    async def lost(self) -> None:
        self.heard = float("inf")
        self.close_soon(RESTARTING)
        await self._leave()

    async def sign_out(self) -> None:
        """Nothing more is taken from it, whether or not its browser minds the closing."""
        self.signed_out = True
        self.close_soon(BAD_TICKET)
        await self._leave()

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
        if not frames.same_origin(self.scope):
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
        except RecursionError:
            self._put(NOT_OURS)  # nested deeper than it can be written again
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
        frame = frames.read(await self._receive())
        if self.signed_out:
            raise Closed(BAD_TICKET)
        self.heard = time.monotonic()
        self.heard_at = clock.now()
        self._count()
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
        old = self.hub.person(ticket.code, ticket.user_id).seat
        heard = old.heard_at if isinstance(old, Connection) else None
        try:
            self.sign_in = await self.sockets.run(lambda: sign_ins.standing(key=ticket.session, user_id=ticket.user_id))
            if self.sign_in is None:
                raise Closed(BAD_TICKET)
            await self.sockets.call(
                actions.arrive, code=ticket.code, user_id=ticket.user_id, tab=self.tab, heard=heard
            )
            facts = await self.sockets.call(actions.snapshot, code=ticket.code, user_id=ticket.user_id)
        except actions.RoomRefused:
            raise Closed(NOT_IN_WINDOW) from None
        except Closed:
            raise
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
                "waiting_since": me.waiting_since, "again": self._again(ticket), **facts,
            }
        )
        for text in missed:
            self._put(text)
        self.hub.sit(code, ticket.user_id, self, now=clock.now().isoformat())

    def _again(self, ticket: tickets.Ticket) -> str:
        self.again_at = time.monotonic()
        return tickets.again(ticket)

    def _pong(self, ticket: tickets.Ticket, n: Any) -> dict[str, Any]:
        aged = time.monotonic() - self.again_at > tickets.AGAIN_EVERY
        return {"t": "pong", "n": n, **({"again": self._again(ticket)} if aged else {})}

    async def _leave(self) -> None:
        if self.ticket is None:
            return
        if self.keeping is not None:
            await asyncio.wait([self.keeping])  # what was sent before the line broke is kept
        if self.hub.stand(self.ticket.code, self.ticket.user_id, self):
            # While the process stops its threads are gone; the next arrival closes the line.
            with contextlib.suppress(RuntimeError):
                await self.sockets.call(
                    actions.depart, code=self.ticket.code, user_id=self.ticket.user_id, tab=self.tab,
                    heard=self.heard_at, by_door=self.by_door,
                )

    def _handle(self, frame: dict[str, Any]) -> None:
        assert self.ticket is not None
        code, me = self.ticket.code, self.ticket.user_id
        kind = frame["t"]
        if kind == "ping":
            self._say(self._pong(self.ticket, frame.get("n")))
        elif kind == "signal":
            self.hub.signal(code, me, frame.get("d"))
        elif kind == "state" and isinstance(frame.get("d"), dict):
            self.hub.set_state(code, me, frames.plain(frame["d"]))
        elif kind in KEPT and frames.is_whole(frame):
            self._keep(kind, frame)
        elif kind == "leave":
            self.by_door = True
            raise Closed(1000)
        else:
            raise Closed(NOT_OURS)

    def _keep(self, kind: str, frame: dict[str, Any]) -> None:
        """In the order sent, beside the reading: a signal never waits for a save."""
        if self.to_keep is None:
            self.to_keep = deque()
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
                await KEPT[kind](self.sockets, self.ticket.code, self.ticket.user_id, frame)
            except actions.RoomRefused as refused:
                self._refuse(kind, frame, refused.reason)
            except Exception as problem:
                log.warning("could not keep %s: %s", kind, type(problem).__name__)
                self._refuse(kind, frame, "later")

    def _refuse(self, kind: str, frame: dict[str, Any], reason: str) -> None:
        self._say({"t": "refused", "what": kind, "key": frame.get("key"), "reason": reason})
