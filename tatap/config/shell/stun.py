"""Answers STUN binding requests on UDP, so that two phones behind ordinary NATs find each other without a
third party. Everything else is ignored; an answer is never much longer than the question."""

import asyncio
from typing import Any

from aioice import stun


class StunServer(asyncio.DatagramProtocol):
    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        if len(data) < 20 or len(data) > 548 or data[0] & 0xC0:
            return
        try:
            asked = stun.parse_message(data)
        except ValueError:
            return
        if asked.message_method != stun.Method.BINDING or asked.message_class != stun.Class.REQUEST:
            return
        reply = stun.Message(
            message_method=stun.Method.BINDING, message_class=stun.Class.RESPONSE, transaction_id=asked.transaction_id
        )
        reply.attributes["XOR-MAPPED-ADDRESS"] = addr[:2]
        self.transport.sendto(bytes(reply), addr)


async def serve(host: str, port: int) -> asyncio.DatagramTransport:
    loop = asyncio.get_running_loop()
    transport, _protocol = await loop.create_datagram_endpoint(StunServer, local_addr=(host, port))
    return transport
