"""The room's WebSocket (ASGI). Nothing here waits for the database on the event loop: what must be kept goes
to ``callroom.actions`` in a few threads and is answered after it is committed."""

from tatap.callroom.socket.connection import Connection
from tatap.callroom.socket.rooms import Rooms
from tatap.lib.asgi import Receive, Scope, Send


class RoomSockets(Rooms):
    """The rooms with their sockets."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = Connection(self, scope, receive, send)
        self.open.add(connection)
        try:
            await connection.run()
        finally:
            self.open.discard(connection)
