"""What comes over a socket: limits, closing codes, and which frames are whole."""

import json
from typing import Any

from django.conf import settings

from tatap.lib.asgi import Scope

HELLO_WITHIN = 5.0  # seconds
SILENT_AFTER = 18.0  # seconds; a browser that is there speaks every five
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


def read(message: dict[str, Any]) -> dict[str, Any]:
    """The frame in one ASGI message; raises ``Closed`` or ``Gone``."""
    if message["type"] == "websocket.disconnect":
        raise Gone
    text = message.get("text")
    if text is None or not isinstance(text, str):
        raise Closed(NOT_OURS)
    if len(text) > LONGEST_FRAME:
        raise Closed(TOO_LONG)
    try:
        frame = _whole_letters(text)
    except (ValueError, RecursionError):
        raise Closed(NOT_OURS) from None
    if not isinstance(frame, dict) or not isinstance(frame.get("t"), str):
        raise Closed(NOT_OURS)
    return frame


def _whole_letters(text: str) -> Any:
    """The JSON in it. Half a letter (a lone surrogate, as where a text is cut within an emoji) cannot be sent on as
    UTF-8: it would end the line of whoever it is for, each time anew. It is replaced, as browsers do."""
    frame = json.loads(text)
    if "\\ud" not in text.lower():
        return frame
    whole = json.dumps(frame, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return json.loads(whole)


def is_whole(frame: dict[str, Any]) -> bool:
    if frame["t"] == "chat":
        return isinstance(frame.get("key"), str) and isinstance(frame.get("text"), str)
    return frame["t"] != "admit" or type(frame.get("user")) is int


def plain(state: dict[Any, Any]) -> dict[str, Any]:
    """A dozen short facts, nothing nested."""
    return {
        str(name)[:20]: value[:40] if isinstance(value, str) else value
        for name, value in list(state.items())[:12]
        if value is None or isinstance(value, str | bool | int)
    }


def same_origin(scope: Scope) -> bool:
    """A page of another site may not open a socket with our reader's ticket."""
    headers = {name: value.decode("latin-1") for name, value in scope.get("headers", [])}
    origin = headers.get(b"origin")
    if origin is None:
        return True  # not a browser
    host = headers.get(b"host", "")
    return bool(origin == settings.ORIGIN or origin.partition("://")[2] == host)
