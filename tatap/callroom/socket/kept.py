"""Frames whose content is kept: done in a thread, told to the room once it is committed."""

from collections.abc import Awaitable, Callable
from typing import Any

from tatap.callroom import actions
from tatap.callroom.socket.rooms import Rooms


async def _chat(rooms: Rooms, code: str, me: int, frame: dict[str, Any]) -> None:
    said = await rooms.chat.keep(actions.Line(code=code, by_id=me, key=frame["key"], text=frame["text"]))
    rooms.hub.to_all(code, {"t": "chat", **said})


async def _admit(rooms: Rooms, code: str, me: int, frame: dict[str, Any]) -> None:
    guest = frame["user"]
    await rooms.call(actions.admit, code=code, user_id=guest, by_id=me)
    rooms.hub.to_all(code, {"t": "admitted", "user": guest})


async def _open(rooms: Rooms, code: str, me: int, frame: dict[str, Any]) -> None:
    await rooms.call(actions.open_door, code=code, by_id=me)
    rooms.hub.to_all(code, {"t": "door", "open": True})


async def _end(rooms: Rooms, code: str, me: int, frame: dict[str, Any]) -> None:
    await rooms.call(actions.end, code=code, by_id=me)
    rooms.hub.to_all(code, {"t": "ended", "by": me, "reason": "closed"})


KEPT: dict[str, Callable[..., Awaitable[None]]] = {
    "chat": _chat,
    "admit": _admit,
    "open": _open,
    "end": _end,
}
