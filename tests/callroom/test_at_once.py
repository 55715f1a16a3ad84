"""Several people writing at the same moment, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from django.db import connections

from tatap.callroom import actions
from tatap.callroom.models import Attendance, ChatMessage

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(calls: list[Any]) -> list[Any]:
    def run(call: Any) -> Any:
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(run, calls))


def test_chat_written_at_once_is_numbered_without_a_gap(
    appointment: Any, client_user: Any, counsellor: Any, now: datetime
) -> None:
    people = [client_user.pk, counsellor.user_id]

    def say(i: int) -> Any:
        # Each key is sent twice, as by a browser whose line broke.
        return lambda: actions.post_chat(
            code=appointment.code, by_id=people[(i // 2) % 2], key=f"k{i // 2}", text="halo", now=appointment.starts_at
        )

    answers = at_once([say(i) for i in range(40)])
    assert sorted(ChatMessage.objects.values_list("n", flat=True)) == list(range(1, 21))
    assert [answers[i]["n"] for i in range(0, 40, 2)] == [answers[i]["n"] for i in range(1, 40, 2)]


def test_tabs_that_arrive_at_once_leave_one_seat(appointment: Any, client_user: Any) -> None:
    def arrive(i: int) -> Any:
        return lambda: actions.arrive(
            code=appointment.code, user_id=client_user.pk, tab=f"t{i}", now=appointment.starts_at
        )

    at_once([arrive(i) for i in range(8)])
    assert Attendance.objects.filter(left_at=None).count() == 1
    assert Attendance.objects.count() == 8
