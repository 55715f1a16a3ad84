from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from tatap.bookings import actions as bookings
from tatap.closing import actions as closing
from tatap.closing.models import Task
from tatap.followup import actions, queries
from tatap.followup.models import TaskProgress


@pytest.fixture
def tasks(appointment: Any, counsellor: Any, now: datetime) -> list[Task]:
    card = closing.save_card(
        appointment=appointment, by=counsellor.user, revision=0, points=[], next_start=None, now=now,
        tasks=[{"text": "Ponsel di luar kamar"}, {"text": "Tulis surat"}],
    )
    return card.current_tasks


@pytest.fixture
def next_one(appointment: Any, client_user: Any, service: Any, now: datetime) -> Any:
    held = bookings.hold(
        client=client_user, service=service, starts_at=appointment.starts_at + timedelta(days=7), now=now
    )
    bookings.confirm(appointment=held, by=None, now=now)
    return held


def tick_url(task: Task) -> str:
    return reverse("followup:tick", args=[task.pk])


def test_a_tick_and_a_line_are_kept(client: Any, client_user: Any, tasks: list[Task]) -> None:
    client.force_login(client_user)
    response = client.post(tick_url(tasks[0]), {"done": "on", "reflection": " Dua malam berhasil. "})
    assert response.url == f"/tugas/#t-{tasks[0].pk}"
    row = TaskProgress.objects.get()
    assert (row.ticked_at is not None, row.reflection) == (True, "Dua malam berhasil.")
    assert "Dua malam berhasil." in client.get("/tugas/").content.decode()


def test_a_tick_can_be_taken_back(client_user: Any, tasks: list[Task], now: datetime) -> None:
    for done in (True, True, False):
        actions.tick(task=tasks[0], by=client_user, done=done, reflection="a", now=now)
    assert TaskProgress.objects.get().ticked_at is None
    assert [task.pk for task in queries.open_tasks(person=client_user)] == [task.pk for task in tasks]


def test_ticking_again_keeps_the_first_moment(client_user: Any, tasks: list[Task], now: datetime) -> None:
    for minute in (0, 5):
        actions.tick(task=tasks[0], by=client_user, done=True, reflection="", now=now + timedelta(minutes=minute))
    assert TaskProgress.objects.get().ticked_at == now


def test_a_line_that_is_too_long_stays_in_the_field(client: Any, client_user: Any, tasks: list[Task]) -> None:
    client.force_login(client_user)
    response = client.post(tick_url(tasks[0]), {"reflection": "a" * 501})
    assert response.status_code == 422
    assert "a" * 501 in response.content.decode()
    assert not TaskProgress.objects.exists()


def test_strangers_and_the_counsellor_tick_nothing(
    client: Any, tasks: list[Task], other_client: Any, counsellor: Any, other_counsellor: Any, manager: Any
) -> None:
    assert client.post(tick_url(tasks[0])).status_code == 302
    for person in (other_client, counsellor.user, other_counsellor.user, manager):
        client.force_login(person)
        assert client.post(tick_url(tasks[0]), {"done": "on"}).status_code == 404
    assert not TaskProgress.objects.exists()


def test_the_page_is_the_clients_own(
    client: Any, tasks: list[Task], other_client: Any, counsellor: Any, manager: Any
) -> None:
    assert client.get("/tugas/").status_code == 302
    client.force_login(other_client)
    page = client.get("/tugas/")
    assert (page.status_code, "Tulis surat" in page.content.decode()) == (200, False)
    for person in (counsellor.user, manager):
        client.force_login(person)
        assert client.get("/tugas/").status_code == 404


def test_the_next_session_opens_with_the_last_tasks(
    client: Any, client_user: Any, counsellor: Any, tasks: list[Task], next_one: Any, now: datetime
) -> None:
    actions.tick(task=tasks[0], by=client_user, done=True, reflection="Dua malam berhasil.", now=now)
    for person in (client_user, counsellor.user):
        client.force_login(person)
        page = client.get(reverse("followup:opening", args=[next_one.code])).content.decode()
        assert [text in page for text in ("Ponsel di luar kamar", "Tulis surat", "Dua malam berhasil.")] == [True] * 3


def test_strangers_see_no_opening(
    client: Any, next_one: Any, tasks: list[Task], other_client: Any, other_counsellor: Any, manager: Any
) -> None:
    url = reverse("followup:opening", args=[next_one.code])
    assert client.get(url).status_code == 302
    for person in (other_client, other_counsellor.user, manager):
        client.force_login(person)
        assert client.get(url).status_code == 404


def test_a_first_session_has_no_last_tasks(client: Any, client_user: Any, appointment: Any) -> None:
    client.force_login(client_user)
    assert client.get(reverse("followup:opening", args=[appointment.code])).status_code == 200
    assert queries.last_tasks(appointment) == []


def test_the_page_takes_as_many_queries_for_one_as_for_three(
    client: Any, client_user: Any, counsellor: Any, appointment: Any, now: datetime
) -> None:
    from tests.closing.test_views import queries_of

    client.force_login(client_user)
    client.get("/tugas/")
    counts = []
    for revision, many in ((0, 1), (1, 3)):
        card = closing.save_card(
            appointment=appointment, by=counsellor.user, revision=revision, points=[], next_start=None, now=now,
            tasks=[{"text": f"{many} {i}"} for i in range(many)],
        )
        actions.tick(task=card.current_tasks[0], by=client_user, done=True, reflection="", now=now)
        counts.append(queries_of(lambda: client.get("/tugas/")))
    assert counts[0] == counts[1]
