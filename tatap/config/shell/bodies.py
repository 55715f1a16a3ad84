"""Reads a request's body before a page thread is taken: small ones in memory, larger ones on disk. Fifty
slow phones then cost fifty files and no thread."""

import asyncio
import contextlib
import errno
import tempfile
import time
from typing import Any

from tatap.lib.asgi import Receive

IN_MEMORY = 64 * 1024  # bytes
IDLE = 20.0  # seconds without a byte
TOTAL = 900.0  # seconds; 5 MB at 64 kbit/s take 655
MOST_AT_ONCE = 200
ON_DISK_AT_ONCE = 600 * 1024 * 1024  # bytes, all bodies together
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class BodyRefused(Exception):
    """``status``: the HTTP status to answer with."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Spool:
    """Bodies that are being read, with their limits."""

    def __init__(self, *, largest: int) -> None:
        self.largest, self.reading, self.on_disk = largest, 0, 0

    async def read(self, receive: Receive, *, declared: int | None) -> "Body":
        if declared is not None and declared > self.largest:
            raise BodyRefused(413)
        if self.reading >= MOST_AT_ONCE:
            raise BodyRefused(503)
        self.reading += 1
        body = Body(self)
        try:
            await self._fill(body, receive)
            body.rewind()
        except OSError as problem:
            body.close()
            if problem.errno in FULL:
                raise BodyRefused(507) from None
            raise
        except BaseException:
            body.close()
            raise
        finally:
            self.reading -= 1
        return body

    async def _fill(self, body: "Body", receive: Receive) -> None:
        deadline = time.monotonic() + TOTAL
        while True:
            try:
                async with asyncio.timeout(min(IDLE, max(0.0, deadline - time.monotonic()))):
                    message = await receive()
            except TimeoutError:
                raise BodyRefused(408) from None
            if message["type"] == "http.disconnect":
                raise ConnectionAbortedError
            body.write(message.get("body", b""))
            if not message.get("more_body"):
                return


class Body:
    def __init__(self, spool: Spool) -> None:
        self._spool, self.size, self._counted = spool, 0, 0
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by close()

    def write(self, chunk: bytes) -> None:
        if not chunk:
            return
        self.size += len(chunk)
        if self.size > self._spool.largest:
            raise BodyRefused(413)
        if self.size > IN_MEMORY:
            self._spool.on_disk += self.size - self._counted
            self._counted = self.size
            if self._spool.on_disk > ON_DISK_AT_ONCE:
                raise BodyRefused(503)
        self._file.write(chunk)

    def rewind(self) -> None:
        self._file.seek(0)

    def receive(self) -> Receive:
        """The body again, as the application inside asks for it."""
        done = asyncio.Event()
        finished = False

        async def again() -> dict[str, Any]:
            nonlocal finished
            if finished:
                await done.wait()  # a page never learns of a disconnect; its answer is simply not sent
            chunk = self._file.read(IN_MEMORY)
            finished = len(chunk) < IN_MEMORY
            return {"type": "http.request", "body": chunk, "more_body": not finished}

        return again

    def close(self) -> None:
        self._spool.on_disk -= self._counted
        self._counted = 0
        with contextlib.suppress(OSError):  # a full disk complains once more about what was not yet written
            self._file.close()
