"""The least that a relay can be: two sockets of a room, text from one to the other. The reference of
``bench.room_sockets``; ``python -m bench.raw_relay PORT``."""

import sys
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn

Send = Callable[[dict[str, Any]], Awaitable[None]]
rooms: dict[str, list[Send]] = {}


async def app(scope: dict[str, Any], receive: Callable[[], Awaitable[dict[str, Any]]], send: Send) -> None:
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    room = rooms.setdefault(scope["path"], [])
    room.append(send)
    while (message := await receive())["type"] == "websocket.receive":
        for other in room:
            if other is not send:
                await other({"type": "websocket.send", "text": message["text"]})
    room.remove(send)


if __name__ == "__main__":
    uvicorn.run(
        app, port=int(sys.argv[1]), log_level="warning", access_log=False, lifespan="off", ws="websockets-sansio",
        ws_per_message_deflate=False, ws_ping_interval=None,
    )
