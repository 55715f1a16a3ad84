"""The socket as a browser meets it: a real server, real frames."""

import asyncio
import contextlib
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import uvicorn
from django.db import connections
from django.test import Client
from django.urls import reverse
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tatap.accounts import actions as accounts
from tatap.bookings.models import Appointment
from tatap.callroom import tickets
from tatap.callroom.socket import RoomSockets, rooms
from tatap.lib import clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def soon(appointment: Appointment, monkeypatch: pytest.MonkeyPatch) -> Appointment:
    monkeypatch.setattr("tatap.lib.clock.now", lambda: appointment.starts_at - timedelta(minutes=5))
    return appointment


@pytest.fixture
def room(soon: Appointment) -> Iterator[str]:
    """The address of a room server that runs in a thread, on the test's database."""
    sockets = RoomSockets()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            sockets.start(asyncio.get_running_loop())
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await sockets.stop()
            await send({"type": "lifespan.shutdown.complete"})
        else:
            await sockets(scope, receive, send)

    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_level="warning", ws="websockets-sansio", ws_per_message_deflate=False, timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"ws://127.0.0.1:{port}/ruang/socket"
    server.should_exit = True
    thread.join(5)
    sockets.pool.shutdown(wait=True)
    connections.close_all()


class Browser(Client):
    """Signed in; made in a thread, since the walks run on an event loop."""

    def __init__(self, person: Any) -> None:
        super().__init__()
        with ThreadPoolExecutor(1) as thread:
            self.session_key = thread.submit(self._sign_in, person).result()

    def _sign_in(self, person: Any) -> str:
        self.force_login(person)
        connections.close_all()
        return str(self.session.session_key)


def ticket(appointment: Appointment, person: Any, role: str = "client", browser: Browser | None = None) -> str:
    session = (browser or Browser(person)).session_key
    return tickets.make(code=appointment.code, user_id=person.pk, role=role, session=session)


class Person:
    """One browser's socket."""

    def __init__(self, line: ClientConnection) -> None:
        self.line = line

    async def say(self, **frame: Any) -> None:
        await self.line.send(json.dumps(frame))

    async def hear(self, kind: str) -> dict[str, Any]:
        async with asyncio.timeout(5):
            while True:
                frame: dict[str, Any] = json.loads(await self.line.recv())
                if frame["t"] == kind:
                    return frame


@contextlib.asynccontextmanager
async def seat(room: str, pass_: str, *, tab: str = "a", epoch: str | None = None, seq: int = 0) -> Any:
    async with connect(room, compression=None) as line:
        person = Person(line)
        await person.say(t="hello", ticket=pass_, tab=tab, epoch=epoch, seq=seq)
        yield person


async def closed_with(person: Person) -> int:
    async with asyncio.timeout(7):
        with pytest.raises(ConnectionClosed) as end:
            while True:
                await person.line.recv()
    assert end.value.rcvd is not None
    return end.value.rcvd.code


def test_two_people_meet_and_are_let_in(room: str, soon: Appointment, client_user: Any, counsellor: Any) -> None:
    async def walk() -> None:
        async with seat(room, ticket(soon, client_user)) as client, seat(room, ticket(soon, counsellor.user, "counsellor"), tab="b") as hers:
            welcome = await client.hear("welcome")
            assert (welcome["door"], welcome["admitted"], welcome["chat"]) == (False, False, [])
            await hers.hear("welcome")
            await hers.say(t="open")
            assert (await client.hear("door"))["open"] is True
            await hers.say(t="admit", user=client_user.pk)
            assert (await client.hear("admitted"))["user"] == client_user.pk
            await client.say(t="chat", key="k1", text="Selamat malam")
            for person in (client, hers):
                said = await person.hear("chat")
                assert (said["n"], said["text"], said["key"]) == (1, "Selamat malam", "k1")
            await hers.say(t="signal", d={"pc": "x"})
            assert (await client.hear("signal"))["d"] == {"pc": "x"}

    asyncio.run(walk())


def test_a_returning_browser_misses_nothing_and_is_let_in_already(
    room: str, soon: Appointment, client_user: Any, counsellor: Any
) -> None:
    async def walk() -> None:
        async with seat(room, ticket(soon, counsellor.user, "counsellor"), tab="b") as hers:
            async with seat(room, ticket(soon, client_user)) as client:
                welcome = await client.hear("welcome")
                await hers.say(t="admit", user=client_user.pk)
                last = (await client.hear("admitted"))["seq"]
            await hers.say(t="chat", key="k", text="Saya tunggu")
            await hers.hear("chat")
            async with seat(room, ticket(soon, client_user), epoch=welcome["epoch"], seq=last) as again:
                back = await again.hear("welcome")
                assert (back["resumed"], back["admitted"]) == (True, True)
                assert (await again.hear("chat"))["text"] == "Saya tunggu"

    asyncio.run(walk())


def test_a_second_tab_takes_the_seat(room: str, soon: Appointment, client_user: Any) -> None:
    async def walk() -> None:
        async with seat(room, ticket(soon, client_user), tab="first") as first:
            await first.hear("welcome")
            async with seat(room, ticket(soon, client_user), tab="second") as second:
                await second.hear("welcome")
                assert await closed_with(first) == 4409

    asyncio.run(walk())


def test_a_ticket_is_good_once(room: str, soon: Appointment, client_user: Any) -> None:
    async def walk() -> None:
        pass_ = ticket(soon, client_user)
        async with seat(room, pass_) as first:
            await first.hear("welcome")
            async with seat(room, pass_, tab="z") as second:
                assert await closed_with(second) == 4401

    asyncio.run(walk())


def test_a_strangers_ticket_opens_nothing(room: str, soon: Appointment, other_client: Any) -> None:
    async def walk() -> None:
        async with seat(room, ticket(soon, other_client)) as stranger:
            assert await closed_with(stranger) == 4403

    asyncio.run(walk())


def test_a_forged_ticket_is_refused(room: str, soon: Appointment, client_user: Any) -> None:
    async def walk() -> None:
        async with seat(room, ticket(soon, client_user)[:-3] + "abc") as forger:
            assert await closed_with(forger) == 4401

    asyncio.run(walk())


@pytest.mark.parametrize(
    ("text", "code"), [("not json", 4422), ('["list"]', 4422), ('{"t":"unheard"}', 4422), ('{"t":"' + "x" * 66_000 + '"}', 4413)]
)
def test_what_is_not_ours_is_closed_with_a_reason(
    room: str, soon: Appointment, client_user: Any, text: str, code: int
) -> None:
    async def walk() -> None:
        async with seat(room, ticket(soon, client_user)) as person:
            await person.hear("welcome")
            await person.line.send(text)
            assert await closed_with(person) == code

    asyncio.run(walk())


def test_a_client_cannot_let_herself_in(room: str, soon: Appointment, client_user: Any) -> None:
    async def walk() -> None:
        async with seat(room, ticket(soon, client_user)) as person:
            await person.hear("welcome")
            await person.say(t="admit", user=client_user.pk)
            assert (await person.hear("refused"))["reason"] == "not_counsellor"

    asyncio.run(walk())


def test_the_same_message_sent_twice_is_kept_once(room: str, soon: Appointment, client_user: Any) -> None:
    async def walk() -> None:
        async with seat(room, ticket(soon, client_user)) as person:
            await person.hear("welcome")
            for _try in range(2):
                await person.say(t="chat", key="same", text="sekali")
            assert [(await person.hear("chat"))["n"] for _try in range(2)] == [1, 1]

    asyncio.run(walk())


def _done(end: Any, browser: Client, person: Any) -> None:
    try:
        end(browser, person)
    finally:
        connections.close_all()


def _signs_out(browser: Client, person: Any) -> None:
    browser.post(reverse("account_logout"))


def _signs_out_everywhere(browser: Client, person: Any) -> None:
    accounts.sign_out_everywhere(person=person, now=clock.now())


def _has_a_new_password(browser: Client, person: Any) -> None:
    """Set in another browser: the session's own row stays."""
    person.set_password("kalimat panjang yang baru")
    person.save()


def _may_not_come_any_more(browser: Client, person: Any) -> None:
    person.is_active = False
    person.save()


ENDS = [_signs_out, _signs_out_everywhere, _has_a_new_password, _may_not_come_any_more]


@pytest.mark.parametrize("end", ENDS)
def test_with_the_sign_in_the_seat_and_its_next_ticket_end(
    room: str, soon: Appointment, client_user: Any, counsellor: Any, monkeypatch: pytest.MonkeyPatch, end: Any
) -> None:
    monkeypatch.setattr(rooms, "MIND_SIGN_INS_EVERY", 0.1)
    browser = Browser(client_user)

    async def walk() -> None:
        async with seat(room, ticket(soon, counsellor.user, "counsellor"), tab="b") as hers:
            await hers.hear("welcome")
            async with seat(room, ticket(soon, client_user, browser=browser)) as client:
                again = (await client.hear("welcome"))["again"]
                assert (await hers.hear("presence"))["here"] is True
                await asyncio.to_thread(_done, end, browser, client_user)
                assert await closed_with(client) == 4401
            assert (await hers.hear("presence"))["here"] is False
            async with seat(room, again) as back:
                assert await closed_with(back) == 4401
            await hers.say(t="ping", n=1)
            assert (await hers.hear("pong"))["n"] == 1

    asyncio.run(walk())


def test_a_ticket_of_another_persons_session_opens_nothing(
    room: str, soon: Appointment, client_user: Any, other_client: Any
) -> None:
    async def walk() -> None:
        async with seat(room, ticket(soon, client_user, browser=Browser(other_client))) as person:
            assert await closed_with(person) == 4401

    asyncio.run(walk())


def test_the_ticket_of_the_last_socket_opens_the_next_while_the_sign_in_stands(
    room: str, soon: Appointment, client_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "MIND_SIGN_INS_EVERY", 0.05)

    async def walk() -> None:
        async with seat(room, ticket(soon, client_user)) as client:
            again = (await client.hear("welcome"))["again"]
            await asyncio.sleep(0.3)  # looked up several times meanwhile
            await client.say(t="ping", n=1)
            await client.hear("pong")
        async with seat(room, again) as back:
            await back.hear("welcome")

    asyncio.run(walk())
