"""The outer shell: what must not wait for a page thread is answered here; the rest is Django under WSGI."""

import asyncio
import logging
from typing import Any

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.db import connection

from tatap.callroom.socket import RoomSockets
from tatap.config.shell import answers, stun
from tatap.config.shell.bodies import Body, BodyRefused, Spool
from tatap.config.shell.line import line_test
from tatap.config.shell.proxy import honest
from tatap.config.shell.static import static_files
from tatap.config.worker import BREATH, Worker
from tatap.lib.asgi import Receive, Scope, Send

log = logging.getLogger("tatap.shell")
#: SQLite answers without waiting, so more threads only share one interpreter in smaller pieces, and the room's chat
#: has to wait for a piece of each; on PostgreSQL a thread waits for the network most of its time.
PAGE_THREADS = {"sqlite": 4, "postgresql": 8}
READER_STALLS = 60.0  # seconds in which a reader takes nothing of an answer


class Shell:
    """``pages`` and ``room`` say which parts this process serves."""

    def __init__(
        self,
        *,
        pages: bool = True,
        room: bool = True,
        worker: bool = False,
        stun_address: tuple[str, int] | None = None,
    ) -> None:
        from tatap.config.wsgi import application as django

        # Without a limit on the queue a slow reader costs memory (an answer is a few MB at most), not a thread.
        self.pages = WSGIMiddleware(django, workers=PAGE_THREADS[connection.vendor], send_queue_size=0) if pages else None
        self.static = static_files() if pages else None
        self.sockets = RoomSockets(between=connection.vendor == "postgresql") if room else None
        self.spool = Spool(largest=settings.UPLOAD_LIMIT)
        self.worker = Worker(breath=BREATH) if worker else None
        self.stun_address = stun_address
        self._stun: asyncio.DatagramTransport | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        scope = honest(scope, trusted=settings.TRUST_PROXY)
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self._http(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.sockets is None or scope["path"] != "/ruang/socket":
            await receive()
            await send({"type": "websocket.close", "code": 4404})
            return
        await self.sockets(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path.startswith("/garis/"):
            await line_test(scope, receive, send)
        elif self.pages is None or self.static is None:
            await answers.answer(send, 404, b"")
        elif path.startswith(settings.STATIC_URL):
            await self.static(scope, receive, send)
        else:
            await self._page(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.pages is not None
        headers = dict(scope["headers"])
        try:
            body = await self._body(headers, receive)
        except BodyRefused as refused:
            await answers.say(
                send, refused.status, cookies=headers.get(b"cookie", b""), busy=refused.status == 503,
                rest=None if refused.status == 408 else receive,
            )
            return
        except ConnectionAbortedError:
            return
        except asyncio.CancelledError:  # the server restarts
            await answers.say(send, 503, cookies=headers.get(b"cookie", b""))
            return
        scope = {**scope, "headers": [*_without_length(scope["headers"]), (b"content-length", str(body.size).encode())]}
        try:
            await self.pages(scope, body.receive(), _patient(send))
        except TimeoutError:
            log.info("a reader stopped reading")
        finally:
            body.close()

    async def _body(self, headers: dict[bytes, bytes], receive: Receive) -> Body:
        length = headers.get(b"content-length", b"")
        return await self.spool.read(receive, declared=int(length) if length.isdigit() else None)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self._start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self._stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _start(self) -> None:
        if self.sockets is not None:
            self.sockets.start(asyncio.get_running_loop())
        if self.worker is not None:
            self.worker.start()
        if self.stun_address is not None:
            try:
                self._stun = await stun.serve(*self.stun_address)
            except OSError as problem:
                log.warning("no STUN on UDP port %s: %s", self.stun_address[1], problem.strerror)

    def stopping(self) -> None:
        """At the first sign of the end: no new work is begun."""
        if self.worker is not None:
            self.worker.stop_soon()

    async def _stop(self) -> None:
        self.stopping()
        if self.sockets is not None:
            await self.sockets.stop()
        if self._stun is not None:
            self._stun.close()


def _patient(send: Send) -> Send:
    async def send_in_time(message: dict[str, Any]) -> None:
        async with asyncio.timeout(READER_STALLS):
            await send(message)

    return send_in_time


def _without_length(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in headers if name not in {b"content-length", b"transfer-encoding"}]
