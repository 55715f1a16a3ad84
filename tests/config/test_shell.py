"""What the shell answers before Django: static files, the line test, STUN, whose word is believed."""

import asyncio
import socket
from typing import Any

import pytest
from aioice import stun

from tatap.config.shell import line
from tatap.config.shell.proxy import honest
from tatap.config.shell.stun import StunServer


def ask(app: Any, method: str, path: str, *, query: str = "", chunks: list[bytes] | None = None) -> tuple[int, bytes]:
    waiting, sent = list(chunks or [b""]), list[dict[str, Any]]()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": []}
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], b"".join(part.get("body", b"") for part in sent[1:])


def test_the_line_test_is_bounded_both_ways() -> None:
    assert ask(line.line_test, "GET", "/garis/ping") == (204, b"")
    assert len(ask(line.line_test, "GET", "/garis/turun", query="b=1000")[1]) == 1000
    assert len(ask(line.line_test, "GET", "/garis/turun", query="b=999999999")[1]) == line.MOST
    assert ask(line.line_test, "GET", "/garis/turun", query="b=-5")[1] == b""
    status, said = ask(line.line_test, "POST", "/garis/naik", chunks=[b"x" * 50_000, b"x" * 50_000])
    assert (status, b'"bytes":100000' in said) == (200, True)
    assert ask(line.line_test, "POST", "/garis/naik", chunks=[b"x" * 100_000, b"x" * 100_000])[0] == 413
    assert ask(line.line_test, "POST", "/garis/ping")[0] == 404


class Wire:
    def __init__(self) -> None:
        self.sent: list[tuple[bytes, Any]] = []

    def sendto(self, data: bytes, address: Any) -> None:
        self.sent.append((data, address))


def stun_answer(data: bytes) -> list[tuple[bytes, Any]]:
    server, wire = StunServer(), Wire()
    server.connection_made(wire)
    server.datagram_received(data, ("203.0.113.9", 40_001))
    return wire.sent


def request() -> stun.Message:
    return stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)


def test_stun_tells_a_phone_its_own_address() -> None:
    asked = request()
    [(data, address)] = stun_answer(bytes(asked))
    told = stun.parse_message(data)
    assert (told.transaction_id, told.message_class) == (asked.transaction_id, stun.Class.RESPONSE)
    assert (told.attributes["XOR-MAPPED-ADDRESS"], address) == (("203.0.113.9", 40_001), ("203.0.113.9", 40_001))
    assert len(data) <= 2 * len(bytes(asked))  # nobody is flooded by us in another's name


@pytest.mark.parametrize(
    "data",
    [
        b"", b"x" * 19, b"\x80" + bytes(40), b"\x00" * 600, bytes(range(60)), bytes(request())[:-1] + b"zz",
        bytes(stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.RESPONSE)),
        bytes(stun.Message(message_method=stun.Method.ALLOCATE, message_class=stun.Class.REQUEST)),
    ],
)
def test_stun_answers_nothing_else(data: bytes) -> None:
    assert stun_answer(data) == []


def scope(*headers: tuple[bytes, bytes], kind: str = "http") -> dict[str, Any]:
    return {"type": kind, "scheme": "http", "client": ("10.0.0.1", 5), "headers": list(headers)}


FORGED = (b"x-forwarded-for", b"1.2.3.4"), (b"x-forwarded-proto", b"https"), (b"forwarded", b"for=1.2.3.4")


def test_without_a_trusted_proxy_its_headers_are_thrown_away() -> None:
    seen = honest(scope(*FORGED, (b"x_forwarded_proto", b"https"), (b"host", b"a")), trusted=False)
    assert (seen["headers"], seen["scheme"], seen["client"]) == ([(b"host", b"a")], "http", ("10.0.0.1", 5))


def test_of_a_trusted_proxy_only_its_own_entry_is_believed() -> None:
    lies = (b"x-forwarded-for", b"6.6.6.6, 203.0.113.9"), (b"x-forwarded-proto", b"https"), (b"x_forwarded_for", b"6.6.6.6")
    seen = honest(scope(*lies), trusted=True)
    assert (seen["client"], seen["scheme"]) == (("203.0.113.9", 0), "https")
    assert seen["headers"] == [(b"x-forwarded-proto", b"https"), (b"x-forwarded-for", b"203.0.113.9")]
    assert honest(scope(*lies, kind="websocket"), trusted=True)["scheme"] == "wss"
    assert honest(scope((b"x-forwarded-proto", b"gopher")), trusted=True)["scheme"] == "http"


def test_a_served_practice_answers_on_udp_and_serves_hashed_files_for_ever(practice_served: Any) -> None:
    served = practice_served().start()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        phone.settimeout(5)
        phone.bind(("127.0.0.1", 0))
        asked = request()
        phone.sendto(bytes(asked), ("127.0.0.1", served.port))
        assert stun.parse_message(phone.recv(600)).attributes["XOR-MAPPED-ADDRESS"] == phone.getsockname()
    page = served.page("/")
    style = page.text.split('rel="stylesheet" href="')[1].split('"')[0]
    for encoding in ("br", "gzip", "identity"):
        file = served.ask("GET", style, Accept_Encoding=encoding)
        assert (file.status, "immutable" in file.headers["Cache-Control"]) == (200, True)
        assert (file.headers["Content-Encoding"] or "identity") in {encoding, "gzip", "identity"}
    assert served.ask("GET", "/static/../secret-key").status in {400, 404}
    assert served.ask("GET", "/static/nothing.css").status == 404
