from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from tatap.bookings import actions as bookings
from tatap.bookings.models import Appointment
from tatap.journey import actions, links, tasks
from tatap.journey.models import Reminder
from tatap.notifications.models import Message
from tatap.payments import actions as payments
from tatap.payments.models import Invoice

START = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


@pytest.fixture
def booked(client_user: Any, counsellor: Any, service: Any, manager: Any, rules: Any, now: datetime) -> Appointment:
    bookings.refresh_openings(counsellor=counsellor, now=now)
    made = actions.book(client=client_user, service=service, starts_at=START, now=now)
    payments.accept(invoice=Invoice.objects.get(appointment=made), by=manager, now=now)
    made.refresh_from_db()
    return made


def letters() -> list[tuple[str, str]]:
    return sorted(Message.objects.values_list("address", "subject"))


def ics(message: Message) -> dict[str, str]:
    calendar = Calendar.from_ical(bytes(message.ics))
    event = calendar.walk("VEVENT")[0]
    return {name: str(event[name]) for name in ("UID", "SEQUENCE", "STATUS", "SUMMARY")} | {
        "METHOD": str(calendar["METHOD"])
    }


def test_a_confirmed_seat_is_told_to_both_once(booked: Appointment, now: datetime) -> None:
    assert tasks.tell(now) == 1
    assert tasks.tell(now) == 0
    assert [address for address, _subject in letters()] == ["kirana@example.org", "nur@example.org"]
    assert "19.00\u00a0WIB" in Message.objects.get(address="kirana@example.org").subject
    assert "20.00\u00a0WITA" in Message.objects.get(address="nur@example.org").subject


def test_the_calendar_file_is_neutral_and_stable(booked: Appointment, client_user: Any, now: datetime) -> None:
    tasks.tell(now)
    first = ics(Message.objects.get(address="kirana@example.org"))
    assert (first["SUMMARY"], first["METHOD"], first["SEQUENCE"]) == ("Janji temu", "REQUEST", "0")
    actions.move(appointment=booked, starts_at=START - timedelta(hours=1), by=client_user, now=now)
    tasks.tell(now)
    moved = ics(Message.objects.filter(address="kirana@example.org").latest("pk"))
    assert (moved["UID"], moved["SEQUENCE"]) == (first["UID"], "1")
    actions.cancel(appointment=Appointment.objects.get(pk=booked.pk), by=client_user, now=now)
    tasks.tell(now)
    gone = ics(Message.objects.filter(address="kirana@example.org").latest("pk"))
    assert (gone["METHOD"], gone["STATUS"], gone["SEQUENCE"], gone["UID"]) == ("CANCEL", "CANCELLED", "2", first["UID"])


def test_neither_learns_the_others_address(booked: Appointment, now: datetime) -> None:
    tasks.tell(now)
    message = Message.objects.get(address="kirana@example.org")
    assert b"nur@example.org" not in bytes(message.ics)
    assert "nur@example.org" not in message.text


def test_a_reminder_for_a_moved_session_says_nothing(booked: Appointment, client_user: Any, now: datetime) -> None:
    tasks.tell(now)
    old = Reminder.objects.get(kind="day")
    actions.move(appointment=booked, starts_at=START + timedelta(days=1), by=client_user, now=now)
    before = Message.objects.count()
    tasks.remind(Reminder.objects.get(pk=old.pk), now + timedelta(days=2))
    assert Message.objects.count() == before


def test_a_reminder_is_written_once_however_often_it_is_tried(booked: Appointment, now: datetime) -> None:
    tasks.tell(now)
    row, before = Reminder.objects.get(kind="hour"), Message.objects.count()
    for _try in range(3):
        tasks.remind(row, row.due_at)
    assert Message.objects.count() == before + 2


def test_a_signed_link_changes_nothing_by_being_looked_at(
    client: Client, booked: Appointment, client_user: Any, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr("tatap.lib.clock.now", lambda: now)
    link = links.make(appointment=booked, person=client_user).partition("/t/")[2]
    page = client.get(f"/t/{link}")
    assert page.status_code == 200
    assert Appointment.objects.get(pk=booked.pk).status == "booked"
    client.post(f"/t/{link}", {"do": "cancel"})
    assert Appointment.objects.get(pk=booked.pk).status == "cancelled"


def test_a_forged_link_leads_nowhere(client: Client, booked: Appointment, client_user: Any) -> None:
    link = links.make(appointment=booked, person=client_user).partition("/t/")[2].rstrip("/")
    assert client.get(f"/t/{link[:-2]}xx/").status_code == 404


@pytest.mark.parametrize(("hours", "owed"), [(25, "refund_owed"), (23, "paid")])
def test_a_cancellation_gives_back_what_the_rule_says(
    booked: Appointment, client_user: Any, hours: int, owed: str
) -> None:
    actions.cancel(appointment=booked, by=client_user, now=START - timedelta(hours=hours))
    assert Invoice.objects.get(appointment=booked).status == owed


def test_moving_late_is_refused_to_the_client_alone(booked: Appointment, client_user: Any, counsellor: Any) -> None:
    late = START - timedelta(hours=11)
    assert actions.may_move(booked, by=client_user, now=late) is False
    assert actions.may_move(booked, by=counsellor.user, now=late) is True


def test_a_taken_time_is_answered_with_the_nearest_ones(
    client: Client, booked: Appointment, other_client: Any, service: Any, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr("tatap.lib.clock.now", lambda: now)
    client.force_login(other_client)
    answer = client.post("/pesan/nur/", {"service": service.pk, "start": START.isoformat()})
    assert answer.status_code == 422
    assert "baru saja diambil" in answer.content.decode()
    assert 'name="start"' in answer.content.decode()


def test_booking_leads_to_the_payment(
    client: Client, client_user: Any, counsellor: Any, service: Any, rules: Any, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    bookings.refresh_openings(counsellor=counsellor, now=now)
    monkeypatch.setattr("tatap.lib.clock.now", lambda: now)
    client.force_login(client_user)
    answer = client.post("/pesan/nur/", {"service": service.pk, "start": START.isoformat()})
    code = Appointment.objects.get().code
    assert answer.headers["Location"] == reverse("payments:pay", args=[code])


def test_a_past_session_without_both_is_a_no_show(booked: Appointment) -> None:
    assert tasks.close_past(START + timedelta(hours=2)) == 1
    assert Appointment.objects.get(pk=booked.pk).status == "noshow"


@pytest.mark.parametrize("rows", [1, 3])
def test_my_sessions_takes_the_same_queries_for_any_number(
    client: Client, client_user: Any, counsellor: Any, service: Any, rules: Any, now: datetime, rows: int,
    django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:
    bookings.refresh_openings(counsellor=counsellor, now=now)
    monkeypatch.setattr("tatap.lib.clock.now", lambda: now)
    for day in range(rows):
        actions.book(client=client_user, service=service, starts_at=START + timedelta(days=day), now=now)
    client.force_login(client_user)
    with django_assert_max_num_queries(14):
        assert client.get("/sesi/").status_code == 200
