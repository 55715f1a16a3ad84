"""Answers that need no page."""

import asyncio
from http.cookies import CookieError, SimpleCookie

from django.conf import settings

from tatap.config import trouble
from tatap.lib.asgi import Receive, Send

LINGER, QUIET = 30.0, 5.0  # seconds in all and without a byte
MOST_THROWN_AWAY = 64 * 1024 * 1024  # bytes
POLICY = b"default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; frame-ancestors 'none'"


async def answer(
    send: Send,
    status: int,
    body: bytes,
    *,
    kind: bytes = b"text/plain; charset=utf-8",
    close: bool = False,
) -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
    if close:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def say(send: Send, status: int, *, cookies: bytes, busy: bool = False, rest: Receive | None = None) -> None:
    """A page with one sentence, then the line is closed. ``rest``: what the browser still sends is read for a
    while and thrown away, since a line closed on a browser that is sending shows it no page at all."""
    words = trouble.page(status, language(cookies), busy=busy).encode()
    headers = [
        (b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(words)).encode()),
        (b"cache-control", b"no-store"), (b"content-security-policy", POLICY), (b"connection", b"close"),
    ]
    if status == 503:
        headers.append((b"retry-after", str(trouble.LATER).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words, "more_body": True})
    if rest is not None:
        await _throw_away(rest)
    await send({"type": "http.response.body", "body": b""})


async def _throw_away(receive: Receive) -> None:
    size = 0
    try:
        async with asyncio.timeout(LINGER):
            while size < MOST_THROWN_AWAY:
                async with asyncio.timeout(QUIET):
                    message = await receive()
                size += len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body"):
                    return
    except TimeoutError:
        return


def language(cookies: bytes) -> str:
    """The reader's, as far as her browser tells."""
    try:
        chosen = SimpleCookie(cookies.decode("latin-1")).get(settings.LANGUAGE_COOKIE_NAME)
    except CookieError:
        return settings.LANGUAGE_CODE
    known = dict(settings.LANGUAGES)
    return chosen.value if chosen is not None and chosen.value in known else settings.LANGUAGE_CODE
