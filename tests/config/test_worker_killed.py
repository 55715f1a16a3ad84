"""``kill -9`` of the worker between any two steps: a copy of this process does the work and kills itself before its
first statement, then before its second, and so on, until it gets to the end; each time the next worker finishes.
What is then in the database is the same as without a kill."""

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models import Sum

from tatap.bookings import actions as bookings
from tatap.bookings import queries as booking_queries
from tatap.bookings import tasks as booking_tasks
from tatap.bookings.models import Appointment, Claim
from tatap.config import worker
from tatap.counsellors.models import Opening
from tatap.journey import tasks as journey_tasks
from tatap.journey.models import Reminder, Told
from tatap.notifications import actions as notifications
from tatap.notifications.actions import Recipient
from tatap.notifications.models import Message
from tatap.payments import actions as payments
from tatap.payments import tasks as payment_tasks
from tatap.payments.models import Invoice, Posting
from tests.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)

START = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)
LETTERS, REMINDERS = worker.WORK[:2]
MOST_STEPS = 400
AFTER = worker.LEASE + timedelta(seconds=1)
Work = Callable[[datetime], object]


class Steps:
    """Counts the steps of this process and ends it before the one it is told."""

    def __init__(self, last: int) -> None:
        self.left = last

    def __call__(self) -> None:
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1

    def statement(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self()
        return execute(sql, params, many, context)


step: Callable[[], None] = lambda: None  # noqa: E731 - what the post office of a killed process calls


class Paper:
    """A post office that writes down what it sends."""

    def send(self, letter: Any) -> None:
        step()
        with open(os.environ["POSTED"], "a") as book:
            book.write(letter.key + "\n")
        step()


@pytest.fixture
def posted(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], int]:
    """How often a letter went out."""
    book = tmp_path / "posted"
    book.touch()
    monkeypatch.setenv("POSTED", str(book))
    settings.NOTIFICATION_PROVIDERS = {"email": f"{__name__}.Paper"}
    return lambda key: book.read_text().split().count(key)


def killed_before(number: int, work: Work, now: datetime) -> bool:
    """Does the work in a copy of this process; False where it got to its end."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        global step
        steps = step = Steps(number)
        commit = connection._commit

        def committed() -> None:
            steps()
            commit()

        connection._commit = committed
        try:
            with connection.execute_wrapper(steps.statement):
                work(now)
        except BaseException:
            os._exit(1)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or status == 0, "the work failed instead of being killed"
    return os.WIFSIGNALED(status)


def play(make: Callable[[int], Any], work: Work, picture: Callable[[Any], Any], *, now: datetime) -> int:
    """Returns the number of steps. ``picture`` shows the end; the last run, which nobody kills, is the measure."""
    ends = []
    for number in range(MOST_STEPS):
        thing = make(number)
        killed = killed_before(number, work, now)
        if killed:
            work(now + AFTER)  # the next worker
        ends.append(picture(thing))
        if not killed:
            assert [end for end in ends if end != ends[-1]] == []
            return number
    raise AssertionError("it did not get to its end")


def due(kind: worker.Kind) -> Work:
    return lambda now: worker.run_due(kind, now=lambda: now)


def test_a_letter_is_sent_at_least_once_and_under_one_key(posted: Callable[[str], int]) -> None:
    to = Recipient(address="kirana@example.org", language="id", zone="Asia/Jakarta")
    sent: list[int] = []

    def make(number: int) -> Message:
        return notifications.queue(key=f"k{number}", to=to, subject="Janji temu", text="Halo", now=NOW)

    def picture(row: Message) -> tuple[bool, str]:
        row.refresh_from_db()
        sent.append(posted(row.key))
        return row.done_at is not None, row.last_error

    assert play(make, due(LETTERS), picture, now=NOW) >= 5
    assert set(sent) == {1, 2}  # twice only where it ended between sending and noting it
    assert sent.count(2) <= 3


@pytest.fixture
def booked(client_user: Any, service: Any, rules: Any) -> Callable[[int], Appointment]:
    """Hour after hour, each free of the others' rest."""

    def make(number: int, *, confirmed: bool = True) -> Appointment:
        start = START + timedelta(hours=2 * number)
        held = bookings.hold(client=client_user, service=service, starts_at=start, now=NOW, outside_hours=True)
        payments.open_invoice(appointment=held, payer=client_user, now=NOW)
        if confirmed:
            bookings.confirm(appointment=held, by=None, now=NOW)
        return held

    return make


def letters_of(appointment: Appointment) -> list[str]:
    keys = Message.objects.filter(key__contains=appointment.code).values_list("key", flat=True)
    return sorted(key.replace(appointment.code, "CODE") for key in keys)


def test_the_letters_of_a_booking_are_written_once(booked: Callable[[int], Appointment]) -> None:
    def picture(appointment: Appointment) -> tuple[Any, ...]:
        told = list(Told.objects.filter(appointment=appointment).values_list("what", "sequence"))
        kinds = sorted(Reminder.objects.filter(appointment=appointment).values_list("kind", flat=True))
        return told, kinds, letters_of(appointment)

    assert play(booked, journey_tasks.tell, picture, now=NOW) > 10


def test_a_reminder_is_written_once(booked: Callable[[int], Appointment]) -> None:
    def make(number: int) -> Appointment:
        appointment = booked(number)
        Reminder.objects.create(key=f"r{number}", appointment=appointment, kind="day", sequence=0, due_at=NOW)
        return appointment

    def picture(appointment: Appointment) -> tuple[Any, ...]:
        done = [row.done_at is not None for row in Reminder.objects.filter(appointment=appointment)]
        return done, letters_of(appointment)

    assert play(make, due(REMINDERS), picture, now=NOW) > 5


def time_of(appointment: Appointment) -> tuple[Any, ...]:
    """Its state, its claims, and whether the free times are those of the rules."""
    appointment.refresh_from_db()
    counsellor, moments = appointment.counsellor, (NOW, NOW + AFTER)
    have = set(Opening.objects.filter(counsellor=counsellor).values_list("start", "end"))
    wanted = [{(item.start, item.end) for item in booking_queries.openings_by_rule(counsellor, now=now)} for now in moments]
    return appointment.status, Claim.objects.filter(appointment=appointment).count(), have in wanted


def test_an_unpaid_seat_is_let_go_once_and_the_books_stay_whole(booked: Any) -> None:
    def picture(appointment: Appointment) -> tuple[Any, ...]:
        invoice = Invoice.objects.get(appointment=appointment)
        accounts = Posting.objects.filter(invoice=invoice).values_list("account").annotate(sum=Sum("amount"))
        return invoice.status, sorted(accounts), time_of(appointment)[:2]

    def make(number: int) -> Appointment:
        held = booked(number, confirmed=False)
        Invoice.objects.filter(appointment=held).update(due_at=NOW)
        return held  # type: ignore[no-any-return]

    assert play(make, payment_tasks.expire_unpaid, picture, now=NOW) > 10


def test_a_hold_is_released_whole(booked: Any) -> None:
    def make(number: int) -> Appointment:
        held = booked(number, confirmed=False)
        Appointment.objects.filter(pk=held.pk).update(hold_until=NOW)
        return held  # type: ignore[no-any-return]

    assert play(make, booking_tasks.release_expired_holds, time_of, now=NOW) > 10


def test_a_session_that_is_over_is_closed_once(booked: Callable[[int], Appointment]) -> None:
    def make(number: int) -> Appointment:
        appointment = booked(number)
        past = NOW - timedelta(days=2, hours=2 * number)
        Appointment.objects.filter(pk=appointment.pk).update(starts_at=past, ends_at=past + timedelta(minutes=50))
        return appointment

    def picture(appointment: Appointment) -> str:
        appointment.refresh_from_db()
        return appointment.status

    assert play(make, journey_tasks.close_past, picture, now=NOW) > 3


class Deadly:
    """A letter that takes whoever sends it with it."""

    def send(self, letter: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_row_that_takes_its_worker_with_it_ends_before_a_manager(settings: Any) -> None:
    settings.NOTIFICATION_PROVIDERS = {"email": f"{__name__}.Deadly"}
    to = Recipient(address="kirana@example.org", language="id", zone="Asia/Jakarta")
    row = notifications.queue(key="deadly", to=to, subject="Janji temu", text="Halo", now=NOW)
    now, deaths = NOW, 0
    while killed_before(MOST_STEPS, due(LETTERS), now):
        deaths, now = deaths + 1, now + AFTER
        assert deaths <= worker.MOST_TRIES
    row.refresh_from_db()
    assert (deaths, row.last_error, row.failed_at) == (worker.MOST_TRIES, "WorkerLost", now)
