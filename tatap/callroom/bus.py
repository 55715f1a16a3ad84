"""Carries a frame from a page to the sockets of its room: within the process by a call, between processes
(PostgreSQL) by NOTIFY."""

import json
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

CHANNEL = "tatap_room"
Listener = Callable[[str, dict[str, Any]], None]
_listeners: list[Listener] = []


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
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"code": code, "frame": frame})])
        return
    for listener in list(_listeners):
        listener(code, frame)
