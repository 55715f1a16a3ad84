"""Carries frames from pages to the sockets of a room: within the process by a call, between processes
(PostgreSQL) by NOTIFY. A chat message travels as its key: its words stay sealed in the table."""

import itertools
import json
import secrets
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, transaction

CHANNEL = "tatap_room"
LARGEST = 7000  # characters of a part; PostgreSQL takes payloads below 8,000 bytes
Listener = Callable[[str, dict[str, Any]], None]
_listeners: list[Listener] = []
_count = itertools.count()


def listen(listener: Listener) -> None:
    """``listener(code, frame)`` is called from any thread."""
    _listeners.append(listener)


def forget(listener: Listener) -> None:
    if listener in _listeners:
        _listeners.remove(listener)


def publish(code: str, frame: dict[str, Any]) -> None:
    """Once what it tells of is committed."""
    transaction.on_commit(lambda: _send(code, frame))


def _send(code: str, frame: dict[str, Any]) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for part in pack("pages", code, {"t": "all", "frame": frame}):
                cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, part])
        return
    for listener in list(_listeners):
        listener(code, frame)


def pack(origin: str, code: str, note: dict[str, Any]) -> Iterator[str]:
    """One payload, or numbered parts of one that is too long. Pure ASCII, so characters are bytes; with a
    number, since PostgreSQL folds equal payloads of one transaction into one."""
    text = json.dumps([origin, code, note, next(_count)], separators=(",", ":"))
    if len(text) <= LARGEST:
        yield text
        return
    name, count = secrets.token_hex(6), -(-len(text) // LARGEST)
    for i in range(count):
        yield f"{name} {i} {count} {text[i * LARGEST : (i + 1) * LARGEST]}"


class Unpacker:
    """Puts parts together again. NOTIFY keeps the order of one sender, so a later part is never first."""

    def __init__(self) -> None:
        self._parts: dict[str, list[str]] = {}

    def take(self, payload: str) -> tuple[str, str, dict[str, Any]] | None:
        """``(origin, code, note)``, or None where parts are still missing."""
        if not payload.startswith("["):
            name, i, count, part = payload.split(" ", 3)
            parts = self._parts.setdefault(name, [])
            if len(parts) != int(i):  # one was lost with a connection
                self._parts.pop(name)
                return None
            parts.append(part)
            if len(parts) < int(count):
                self._forget_oldest()
                return None
            payload = "".join(self._parts.pop(name))
        origin, code, note, _n = json.loads(payload)
        return str(origin), str(code), note

    def _forget_oldest(self) -> None:
        while len(self._parts) > 200:
            self._parts.pop(next(iter(self._parts)))
