"""The most read pages ask the database as often for three rows as for one, and at most twelve times."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tatap.bookings import actions as bookings
from tatap.closing import actions as closing
from tatap.lib import clock
from tatap.lib.remembered import Remembered
from tests.conftest import make_counsellor

MOST = 12


def count(client: Client, address: str) -> int:
    Remembered.forget_all()  # as in a process that has just begun
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def same_at_one_and_three(client: Client, address: Callable[[], str], more: Callable[[], object]) -> None:
    more()
    one = count(client, address())
    more()
    more()
    assert count(client, address()) == one
    assert one <= MOST


@pytest.fixture
def book(client_user: Any, counsellor: Any, service: Any) -> Callable[[], Any]:
    """One more session of the client, each a day later than the last, from tomorrow on."""
    from tatap.bookings.models import Appointment

    def made() -> Any:
        days = 1 + Appointment.objects.count()
        start = clock.now().replace(hour=3, minute=0, second=0, microsecond=0) + timedelta(days=days)
        row = bookings.hold(
            client=client_user, service=service, starts_at=start, now=clock.now(), outside_hours=True
        )
        bookings.confirm(appointment=row, by=None, now=clock.now())
        return row

    return made


def test_the_directory_and_the_front_page(client: Client, client_user: Any, manager: Any, rules: Any, practice: Any) -> None:
    client.force_login(client_user)
    names = iter(["satu", "dua", "tiga", "empat", "lima", "enam"])

    def another() -> None:
        bookings.refresh_openings(counsellor=make_counsellor(next(names), manager), now=clock.now())

    same_at_one_and_three(client, lambda: "/konselor/", another)
    same_at_one_and_three(client, lambda: "/", another)


def test_a_counsellors_page(client: Client, client_user: Any, counsellor: Any, practice: Any) -> None:
    client.force_login(client_user)
    counsellor.weekly_hours.all().delete()
    weekdays = iter(range(7))

    def another() -> None:
        counsellor.weekly_hours.create(weekday=next(weekdays), start="09:00", end="12:00")
        bookings.refresh_openings(counsellor=counsellor, now=clock.now())

    same_at_one_and_three(client, lambda: "/konselor/nur/", another)


def test_my_sessions_to_come(client: Client, client_user: Any, book: Any, practice: Any) -> None:
    client.force_login(client_user)
    same_at_one_and_three(client, lambda: "/sesi/", book)


def test_my_sessions_that_are_over(client: Client, client_user: Any, book: Any, practice: Any) -> None:
    client.force_login(client_user)

    def over() -> None:
        row = book()
        closing.open_card(appointment=row, by=row.counsellor.user, now=clock.now())
        bookings.finish(appointment=row, outcome="fulfilled", now=clock.now())

    same_at_one_and_three(client, lambda: "/sesi/", over)


def test_the_counsellors_day(client: Client, counsellor: Any, client_user: Any, service: Any, practice: Any) -> None:
    client.force_login(counsellor.user)
    noon = clock.now().replace(hour=3, minute=0, second=0, microsecond=0) + timedelta(days=1)
    starts = iter([noon, noon + timedelta(hours=1), noon + timedelta(hours=2)])

    def another() -> None:
        row = bookings.hold(client=client_user, service=service, starts_at=next(starts), now=clock.now(), outside_hours=True)
        bookings.confirm(appointment=row, by=None, now=clock.now())
        _finished_without_note(client_user, service)

    same_at_one_and_three(client, lambda: f"/praktik/?hari={noon.date()}", another)


def _finished_without_note(client_user: Any, service: Any) -> None:
    from tatap.bookings.models import Appointment

    start = clock.now().replace(minute=0, second=0, microsecond=0) - timedelta(days=2, hours=Appointment.objects.count())
    row = bookings.hold(client=client_user, service=service, starts_at=start, now=start - timedelta(days=1), outside_hours=True)
    bookings.confirm(appointment=row, by=None, now=start - timedelta(days=1))
    bookings.finish(appointment=row, outcome="fulfilled", now=start + timedelta(hours=1))


def _met(appointment: Any) -> None:
    """Both were in the room and the line was gone for a while, so that every part of the card is asked for."""
    from tatap.callroom import actions as callroom
    from tatap.callroom.models import LineReport, Room

    code, by, start = appointment.code, appointment.counsellor.user_id, appointment.starts_at
    for person in (by, appointment.client.pk):
        callroom.arrive(code=code, user_id=person, tab="t", now=start - timedelta(minutes=2))
    callroom.open_door(code=code, by_id=by, now=start - timedelta(minutes=1))
    callroom.admit(code=code, user_id=appointment.client.pk, by_id=by, now=start)
    room = Room.objects.get(appointment=appointment)
    for person in (by, appointment.client.pk):
        LineReport.objects.create(
            room=room, person_id=person, key="k", start=start + timedelta(minutes=9), end=start + timedelta(minutes=19),
            received_at=start + timedelta(minutes=20),
        )


@pytest.mark.parametrize("reader", ["client", "counsellor"])
def test_the_card(client: Client, appointment: Any, counsellor: Any, practice: Any, now: datetime, reader: str) -> None:
    client.force_login(appointment.client if reader == "client" else counsellor.user)
    _met(appointment)
    by, words = counsellor.user, ["satu", "dua", "tiga"]
    lines = iter([words[:1], words[:2], words])

    def another() -> None:
        written = next(lines)
        card = closing.open_card(appointment=appointment, by=by, now=now)
        closing.save_card(
            appointment=appointment, by=by, revision=card.revision, points=written, next_start=None, now=now,
            tasks=[{"text": word, "due_on": date(2026, 12, 1)} for word in written],
        )
        closing.add_words(appointment=appointment, by=appointment.client, text=written[-1], now=now)
        client.get(f"/sesi/{appointment.code}/kartu/")  # that it was opened is written down once an hour

    same_at_one_and_three(client, lambda: f"/sesi/{appointment.code}/kartu/", another)
