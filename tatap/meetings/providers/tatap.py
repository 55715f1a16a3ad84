"""Our own room, and the passwords for its relay (coturn's ``use-auth-secret``, the TURN REST API)."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from tatap.meetings.domain.relays import Entrance
from tatap.meetings.provider import Place

LONGEST = timedelta(hours=4)


class OwnRoom:
    def make(self, *, code: str, start: datetime, end: datetime) -> Place:
        return Place(kind="tatap", url="")


def own_stun(*, host: str, port: str) -> str:
    """The STUN server that a browser asks: the operator's, else this server itself. ``host`` as the browser named it,
    with or without a port; ``port``: that of the pages."""
    if settings.STUN_URL:
        return str(settings.STUN_URL)
    name = host if host.endswith("]") else host.rsplit(":", 1)[0]
    return f"stun:{name}:{settings.STUN_PORT or port}"


def credential(*, secret: str, username: str) -> str:
    """base64(HMAC-SHA1(secret, username)): SHA-1 because the relay's protocol says so."""
    return base64.b64encode(hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()).decode()


def ice_servers(
    *, session_id: str, now: datetime, minutes: int, relays: Sequence[Entrance], spare: int = 30
) -> dict[str, Any]:
    """``{"iceServers": [...], "ttl": seconds}``, one entry a relay in the order given. ``session_id`` is a random
    pseudonym, since it lands in the relay's log. Only our own servers are ever named. ``spare``: minutes
    that a password lives longer than was asked for."""
    servers: list[dict[str, Any]] = []
    if settings.STUN_URL:
        servers.append({"urls": [settings.STUN_URL]})
    length = min(timedelta(minutes=minutes + spare), LONGEST)
    username = f"{int((now + length).timestamp())}:{session_id}"
    for relay in relays:
        password = credential(secret=relay.secret, username=username)
        servers.append({"urls": list(relay.urls), "username": username, "credential": password})
    return {"iceServers": servers, "ttl": int(length.total_seconds())}
