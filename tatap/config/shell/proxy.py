"""Who is asking, and over what: believed from a proxy only where the operator says there is one."""

from typing import Any

from tatap.lib.asgi import Scope

_FORWARDED = (b"x-forwarded-", b"forwarded")


def honest(scope: Scope, *, trusted: bool) -> Scope:
    """The scope with the proxy's word taken (the entry that our own proxy wrote, the last one) or, without a
    trusted proxy, thrown away. Names with an underscore go too: under WSGI they would pass for the real ones."""
    headers: list[tuple[bytes, bytes]] = [(n, v) for n, v in scope["headers"] if b"_" not in n]
    plain = [(n, v) for n, v in headers if not n.startswith(_FORWARDED)]
    if not trusted:
        return {**scope, "headers": plain}
    changed: dict[str, Any] = {}
    proto = _last(headers, b"x-forwarded-proto")
    if proto in {"http", "https"}:
        secure = proto == "https"
        changed["scheme"] = ("wss" if secure else "ws") if scope["type"] == "websocket" else proto
        plain.append((b"x-forwarded-proto", proto.encode()))
    address = _last(headers, b"x-forwarded-for")
    if address:
        changed["client"] = (address, 0)
        plain.append((b"x-forwarded-for", address.encode("latin-1")))
    return {**scope, **changed, "headers": plain}


def _last(headers: list[tuple[bytes, bytes]], name: bytes) -> str:
    values = [value.decode("latin-1") for key, value in headers if key == name]
    return values[-1].rpartition(",")[2].strip() if values else ""
