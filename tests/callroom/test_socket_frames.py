"""The room's socket, driven as an ASGI server drives it; what is kept is played by plain functions."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tatap.accounts import sign_ins
from tatap.callroom import actions, socket, tickets

HOST = [(b"host", b"127.0.0.1:8000"), (b"origin", b"http://127.0.0.1:8000")]


class Browser:
    def __init__(self, sockets: socket.RoomSockets, headers: list[tuple[bytes, bytes]] = HOST) -> None:
        self.inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.outbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.inbox.put_nowait({"type": "websocket.connect"})
        scope = {"type": "websocket", "path": "/ruang/socket", "headers": headers}
        self.task = asyncio.create_task(sockets(scope, self.inbox.get, self.outbox.put))

    def say(self, **frame: Any) -> None:
        self.inbox.put_nowait({"type": "websocket.receive", "text": json.dumps(frame)})

    def hello(self, user: int, tab: str = "t", **more: Any) -> None:
        ticket = tickets.make(code="ABC234", user_id=user, role="client", session="s")
        self.say(t="hello", **{"ticket": ticket, "tab": tab, "epoch": None, "seq": 0, **more})

    def drop(self) -> None:
        self.inbox.put_nowait({"type": "websocket.disconnect", "code": 1006})

    async def hear(self, *kinds: str) -> dict[str, Any]:
        """The next frame of one of these kinds."""
        while True:
            message = await asyncio.wait_for(self.outbox.get(), 5)
            if message["type"] == "websocket.send":
                frame = json.loads(message["text"])
                if frame["t"] in kinds:
                    return dict(frame)
            elif message["type"] == "websocket.close":
                return {"t": "close", "code": message["code"]}

    async def closed(self) -> int:
        return int((await self.hear("nothing"))["code"])


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the actions were asked to keep."""
    done: list[Any] = []

    def snapshot(*, code: str, user_id: int, now: Any) -> dict[str, Any]:
        others = [{"id": other, "alias": "x"} for other in (1, 2) if other != user_id]
        return {"me": {"id": user_id}, "others": others, "chat": []}

    def keep_chat(*, lines: list[actions.Line], now: Any) -> list[dict[str, Any]]:
        if any(line.text == "boom" for line in lines):
            raise RuntimeError
        done.extend(("chat", line.by_id, line.text) for line in lines)
        return [{"n": len(done), "key": line.key, "from": line.by_id, "text": line.text, "at": "now"} for line in lines]

    def admit(*, code: str, user_id: int, by_id: int, now: Any) -> None:
        raise actions.RoomRefused("not_counsellor")

    def standing(*, key: str, user_id: int) -> sign_ins.SignIn:
        return sign_ins.SignIn(key=key, user_id=user_id, mark="m")

    monkeypatch.setattr(sign_ins, "standing", standing)
    monkeypatch.setattr(sign_ins, "ended", lambda _held: set())
    monkeypatch.setattr(actions, "snapshot", snapshot)
    monkeypatch.setattr(actions, "keep_chat", keep_chat)
    monkeypatch.setattr(actions, "admit", admit)
    monkeypatch.setattr(actions, "arrive", lambda *, user_id, **_: done.append(("arrive", user_id)))
    monkeypatch.setattr(actions, "depart", lambda *, user_id, **_: done.append(("depart", user_id)))
    monkeypatch.setattr(socket.rooms, "close_old_connections", lambda: None)
    return done


def play(story: Callable[[socket.RoomSockets], Awaitable[None]]) -> None:
    async def run() -> None:
        sockets = socket.RoomSockets()
        sockets.loop = asyncio.get_running_loop()
        try:
            await asyncio.wait_for(story(sockets), 20)
        finally:
            await sockets.stop()
            sockets.pool.shutdown(wait=True)

    asyncio.run(run())


async def pair(sockets: socket.RoomSockets) -> tuple[Browser, Browser]:
    one, two = Browser(sockets), Browser(sockets)
    one.hello(1)
    await one.hear("welcome")
    two.hello(2)
    await two.hear("welcome")
    return one, two


def test_two_people_meet_and_signal(kept: list[Any]) -> None:
    async def story(sockets: socket.RoomSockets) -> None:
        one, two = await pair(sockets)
        assert (await one.hear("presence"))["here"] is True
        two.say(t="signal", d={"pc": "b", "want": "offer"})
        heard = await one.hear("signal")
        assert (heard["from"], heard["d"]) == (2, {"pc": "b", "want": "offer"})

    play(story)


def test_chat_is_echoed_to_both_once_it_is_kept(kept: list[Any]) -> None:
    async def story(sockets: socket.RoomSockets) -> None:
        one, two = await pair(sockets)
        one.say(t="chat", key="k1", text="halo")
        assert (await one.hear("chat"))["key"] == (await two.hear("chat"))["key"] == "k1"
        assert ("chat", 1, "halo") in kept

    play(story)


def test_what_could_not_be_kept_is_said_so_and_the_line_stays(kept: list[Any]) -> None:
    async def story(sockets: socket.RoomSockets) -> None:
        one, _two = await pair(sockets)
        one.say(t="chat", key="k1", text="boom")
        assert (await one.hear("refused"))["reason"] == "later"
        one.say(t="admit", user=2)
        assert (await one.hear("refused"))["reason"] == "not_counsellor"
        one.say(t="ping", n=7)
        assert await one.hear("pong") == {"t": "pong", "n": 7}

    play(story)


def test_a_signal_does_not_wait_for_a_save(kept: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    gate = threading.Event()

    def slow(*, lines: list[actions.Line], now: Any) -> list[Any]:
        gate.wait(10)
        return [{"n": 1, "key": line.key, "from": 1, "text": "", "at": ""} for line in lines]

    async def story(sockets: socket.RoomSockets) -> None:
        one, two = await pair(sockets)
        monkeypatch.setattr(actions, "keep_chat", slow)
        one.say(t="chat", key="k", text="halo")
        one.say(t="signal", d={"candidate": "x"})
        assert (await two.hear("signal", "chat"))["t"] == "signal"
        gate.set()
        assert (await two.hear("chat"))["key"] == "k"

    play(story)


def test_who_returns_in_time_is_given_only_what_was_missed(kept: list[Any]) -> None:
    async def story(sockets: socket.RoomSockets) -> None:
        one, two = Browser(sockets), Browser(sockets)
        one.hello(1)
        first = await one.hear("welcome")
        two.hello(2)
        seen = await one.hear("presence")
        one.drop()
        await one.task
        two.say(t="chat", key="k1", text="masih di sini")
        await two.hear("chat")
        again = Browser(sockets)
        again.hello(1, epoch=first["epoch"], seq=seen["seq"])
        assert (await again.hear("welcome"))["resumed"] is True
        assert (await again.hear("presence", "chat"))["key"] == "k1"

    play(story)


def test_with_another_epoch_everything_is_given_anew(kept: list[Any]) -> None:
    async def story(sockets: socket.RoomSockets) -> None:
        browser = Browser(sockets)
        browser.hello(1, epoch="of another server", seq=3)
        assert (await browser.hear("welcome"))["resumed"] is False

    play(story)


def test_what_is_said_while_a_seat_is_looked_up_is_not_lost(kept: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(sockets: socket.RoomSockets) -> None:
        loop = asyncio.get_running_loop()
        frame = {"t": "chat", "n": 1, "key": "k"}
        monkeypatch.setattr(
            actions, "arrive", lambda **_: loop.call_soon_threadsafe(sockets.hub.to_all, "ABC234", frame)
        )
        browser = Browser(sockets)
        browser.hello(1)
        await browser.hear("welcome")
        assert (await browser.hear("chat"))["key"] == "k"

    play(story)


def test_the_newer_tab_wins_and_the_attendance_goes_on(kept: list[Any]) -> None:
    async def story(sockets: socket.RoomSockets) -> None:
        old, new = Browser(sockets), Browser(sockets)
        old.hello(1, tab="old")
        await old.hear("welcome")
        new.hello(1, tab="new")
        await new.hear("welcome")
        assert await old.closed() == 4409
        old.drop()
        await old.task
        assert ("depart", 1) not in kept

    play(story)


def test_leaving_is_written_down(kept: list[Any]) -> None:
    async def story(sockets: socket.RoomSockets) -> None:
        one, two = await pair(sockets)
        one.say(t="leave")
        assert await one.closed() == 1000
        assert (await two.hear("presence"))["here"] is False
        one.drop()
        await one.task
        assert ("depart", 1) in kept

    play(story)


@pytest.mark.parametrize("ticket", ["", "not a ticket", 7])
def test_a_bad_ticket_is_refused(kept: list[Any], ticket: Any) -> None:
    async def story(sockets: socket.RoomSockets) -> None:
        browser = Browser(sockets)
        browser.hello(1, ticket=ticket)
        assert await browser.closed() == 4401

    play(story)


def test_a_ticket_is_used_once(kept: list[Any]) -> None:
    async def story(sockets: socket.RoomSockets) -> None:
        one, two = Browser(sockets), Browser(sockets)
        ticket = tickets.make(code="ABC234", user_id=1, role="client", session="s")
        one.hello(1, ticket=ticket)
        await one.hear("welcome")
        two.hello(1, ticket=ticket)
        assert await two.closed() == 4401

    play(story)


def test_after_a_restart_the_ticket_of_the_last_socket_opens_the_next(kept: list[Any]) -> None:
    given = ""

    async def before(sockets: socket.RoomSockets) -> None:
        nonlocal given
        browser = Browser(sockets)
        browser.hello(1)
        given = (await browser.hear("welcome"))["again"]

    async def after(sockets: socket.RoomSockets) -> None:
        browser = Browser(sockets)
        browser.hello(1, ticket=given)
        assert (await browser.hear("welcome"))["t"] == "welcome"

    play(before)
    play(after)


def test_an_old_ticket_is_refused(kept: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(sockets: socket.RoomSockets) -> None:
        ticket = tickets.make(code="ABC234", user_id=1, role="client", session="s")
        monkeypatch.setattr(tickets, "LIFE", -1)
        browser = Browser(sockets)
        browser.hello(1, ticket=ticket)
        assert await browser.closed() == 4401

    play(story)


def test_outside_the_window_nobody_sits(kept: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: Any) -> None:
        raise actions.RoomRefused("not_in_window")

    async def story(sockets: socket.RoomSockets) -> None:
        monkeypatch.setattr(actions, "arrive", refuse)
        browser = Browser(sockets)
        browser.hello(1)
        assert await browser.closed() == 4403

    play(story)


def test_who_says_nothing_is_let_go(kept: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(sockets: socket.RoomSockets) -> None:
        monkeypatch.setattr(socket.connection, "HELLO_WITHIN", 0.01)
        assert await Browser(sockets).closed() == 4408

    play(story)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"text": "x" * 65_537}, 4413),
        ({"text": "not json, and a secret"}, 4422),
        ({"text": "[]"}, 4422),
        ({"text": '{"t":"unknown"}'}, 4422),
        ({"text": '{"t":"admit","user":"x"}'}, 4422),
        ({"bytes": b"abc"}, 4422),
    ],
)
def test_a_message_not_ours_ends_the_line_and_is_not_logged(
    kept: list[Any], caplog: pytest.LogCaptureFixture, message: dict[str, Any], code: int
) -> None:
    async def story(sockets: socket.RoomSockets) -> None:
        one, _two = await pair(sockets)
        one.inbox.put_nowait({"type": "websocket.receive", **message})
        assert await one.closed() == code

    with caplog.at_level("INFO", logger="tatap.callroom"):
        play(story)
    assert "secret" not in caplog.text


def test_half_a_letter_does_not_end_the_line_of_the_other(kept: list[Any]) -> None:
    async def story(sockets: socket.RoomSockets) -> None:
        one, two = await pair(sockets)
        two.say(t="signal", d={"pc": "b\ud800", "to": "\U0001f642"})
        two.say(t="state", d={"mic": "\udc00on"})
        two.say(t="chat", key="k1", text="half \ud83d")
        while (message := await asyncio.wait_for(one.outbox.get(), 5)).get("text", "{}")[:11] != '{"t":"chat"':
            message.get("text", "").encode()
        assert json.loads(message["text"].encode())["text"] == "half \ufffd"

    play(story)


@pytest.mark.parametrize("depth", [30_000, 980])
def test_a_message_without_bottom_ends_only_its_own_line(kept: list[Any], depth: int) -> None:
    async def story(sockets: socket.RoomSockets) -> None:
        one, two = await pair(sockets)
        two.inbox.put_nowait({"type": "websocket.receive", "text": '{"t":"signal","d":' + "[" * depth + "]" * depth + "}"})
        two.inbox.put_nowait({"type": "websocket.receive", "text": "[]"})
        assert await two.closed() == 4422
        await two.task
        one.say(t="ping", n=1)
        assert (await one.hear("pong"))["n"] == 1

    play(story)


def test_a_flood_is_cut_off(kept: list[Any]) -> None:
    async def story(sockets: socket.RoomSockets) -> None:
        one, _two = await pair(sockets)
        for n in range(socket.frames.FRAMES_PER_10_S + 1):
            one.say(t="ping", n=n)
        assert await one.closed() == 4422

    play(story)


def test_a_page_of_another_site_gets_no_socket(kept: list[Any]) -> None:
    async def story(sockets: socket.RoomSockets) -> None:
        browser = Browser(sockets, [(b"host", b"127.0.0.1:8000"), (b"origin", b"https://elsewhere.example")])
        assert await browser.closed() == 4401

    play(story)


def test_a_slow_reader_is_asked_to_come_back_instead_of_filling_the_memory(kept: list[Any]) -> None:
    async def story(sockets: socket.RoomSockets) -> None:
        one, two = Browser(sockets), Browser(sockets)
        one.hello(1)
        await one.hear("welcome")
        stuck = next(iter(sockets.open))
        blocked = asyncio.Event()
        original = stuck._send

        async def wait(message: dict[str, Any]) -> None:
            await blocked.wait()
            await original(message)

        stuck._send = wait
        for n in range(600):
            sockets.hub.to_all("ABC234", {"t": "chat", "n": n})
        assert stuck.outbox.qsize() <= 2 * 256
        blocked.set()
        assert await one.closed() == socket.frames.RESTARTING
        two.drop()

    play(story)
