"""The line test against our own server: a round trip, a bounded download and upload."""

import os
import time
from typing import Any
from urllib.parse import parse_qs

from tatap.config.shell.answers import answer
from tatap.lib.asgi import Receive, Send

MOST = 150_000  # bytes each way
_NOISE = os.urandom(MOST)  # cannot be made smaller on the way


async def line_test(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    path, method = scope["path"], scope["method"]
    if path == "/garis/ping" and method in {"GET", "HEAD"}:
        await answer(send, 204, b"")
    elif path == "/garis/turun" and method == "GET":
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("b", ["0"])[0]
        size = min(int(asked), MOST) if asked.isdigit() else 0
        await answer(send, 200, _NOISE[:size], kind=b"application/octet-stream")
    elif path == "/garis/naik" and method == "POST":
        await _upload(receive, send)
    else:
        await answer(send, 404, b"")


async def _upload(receive: Receive, send: Send) -> None:
    begin, size = time.monotonic(), 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size += len(message.get("body", b""))
        if size > MOST + 1024:
            await answer(send, 413, b"", close=True)
            return
        if not message.get("more_body"):
            break
    took = round((time.monotonic() - begin) * 1000, 1)
    await answer(send, 200, f'{{"bytes":{size},"ms":{took}}}'.encode(), kind=b"application/json")
