"""Lines of many rooms, kept together."""

import asyncio
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tatap.callroom import actions
from tatap.callroom.actions import Line, RoomRefused
from tatap.callroom.models import ChatMessage, Room
from tatap.callroom.socket.chat_desk import ChatDesk


def line(key: str, text: str = "halo") -> Line:
    return Line(code="ABC234", by_id=1, key=key, text=text)


def desk(batches: list[list[str]]) -> ChatDesk:
    async def keep_all(lines: list[Line]) -> list[Any]:
        batches.append([line.key for line in lines])
        await asyncio.sleep(0)
        if any(line.text == "boom" for line in lines):
            raise RuntimeError
        return [RoomRefused("ended") if line.text == "no" else {"key": line.key} for line in lines]

    return ChatDesk(keep_all)


def test_what_comes_while_one_transaction_runs_goes_together_into_the_next() -> None:
    batches: list[list[str]] = []

    async def story() -> list[Any]:
        made = desk(batches)
        first = asyncio.create_task(made.keep(line("a")))
        await asyncio.sleep(0)
        await asyncio.sleep(0)  # "a" is being kept
        rest = [asyncio.create_task(made.keep(line(key, text))) for key, text in [("b", "halo"), ("c", "no"), ("d", "halo")]]
        return await asyncio.gather(first, *rest, return_exceptions=True)

    found = asyncio.run(story())
    assert batches == [["a"], ["b", "c", "d"]]
    assert [answer.get("key") if isinstance(answer, dict) else answer.reason for answer in found] == ["a", "b", "ended", "d"]


def test_one_line_that_cannot_be_kept_takes_no_other_with_it() -> None:
    batches: list[list[str]] = []

    async def story() -> list[Any]:
        made = desk(batches)
        return await asyncio.gather(*(made.keep(line(k, t)) for k, t in [("a", "halo"), ("b", "boom"), ("c", "halo")]), return_exceptions=True)

    found = asyncio.run(story())
    assert [type(answer) for answer in found] == [dict, RuntimeError, dict]
    assert batches == [["a", "b", "c"], ["a"], ["b"], ["c"]]


@pytest.mark.django_db
def test_lines_of_one_transaction_are_numbered_in_order_each_key_once(
    appointment: Any, client_user: Any, counsellor: Any, other_client: Any
) -> None:
    def said(by: Any, key: str, text: str = "halo", code: str = appointment.code) -> Line:
        return Line(code=code, by_id=by.pk, key=key, text=text)

    now = appointment.starts_at
    lines = [
        said(client_user, "a"), said(counsellor.user, "b"), said(client_user, "a", "sent again"), said(other_client, "c"),
        said(client_user, "d", "  "), said(client_user, "e", code="NOBODY"), said(counsellor.user, "f"),
    ]
    found = [a.reason if isinstance(a, RoomRefused) else (a["n"], a["text"]) for a in actions.keep_chat(lines=lines, now=now)]
    assert found == [(1, "halo"), (2, "halo"), (1, "halo"), "not_found", "empty", "not_found", (3, "halo")]
    assert list(ChatMessage.objects.values_list("n", "key")) == [(1, "a"), (2, "b"), (3, "f")]
    assert Room.objects.get().messages_kept == 3


@pytest.mark.django_db
def test_many_lines_cost_as_many_queries_as_one(appointment: Any, client_user: Any, now: datetime) -> None:
    def queries(count: int, name: str) -> int:
        lines = [Line(code=appointment.code, by_id=client_user.pk, key=f"{name}{n}", text="halo") for n in range(count)]
        with CaptureQueriesContext(connection, ) as seen:
            actions.keep_chat(lines=lines, now=appointment.starts_at)
        return len(seen)

    queries(1, "first")
    assert queries(1, "one") == queries(30, "many") <= 8
