from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from tatap.audit.models import Event
from tatap.bookings import queries as bookings
from tatap.bookings.models import Appointment
from tatap.closing import actions, queries
from tatap.closing.actions import Conflict, WrongCard
from tatap.closing.casenotes.actions import NoteConflict, NoteTooLong, save_note
from tatap.closing.casenotes.models import Note
from tatap.closing.models import Addition, Card, Task
from tatap.followup import actions as followup

FRIDAY = date(2026, 11, 27)


@pytest.fixture
def save(appointment: Any, counsellor: Any, now: datetime) -> Any:
    def call(revision: int, **given: Any) -> Card:
        wanted = {"points": ["Ayah"], "tasks": [{"text": "Surat", "due_on": FRIDAY}], "next_start": None, "now": now}
        return actions.save_card(
            appointment=appointment, by=counsellor.user, revision=revision, **{**wanted, **given}
        )

    return call


def test_each_change_is_a_new_revision(save: Any) -> None:
    assert [save(0).revision, save(1, points=["Ayah", "tidur"]).revision] == [1, 2]
    assert Card.objects.get().points == ["Ayah", "tidur"]


def test_an_older_window_overwrites_nothing(save: Any) -> None:
    save(0)
    with pytest.raises(Conflict):
        save(0, points=["lain"])
    assert Card.objects.get().points == ["Ayah"]


def test_the_same_content_sent_again_is_the_same_as_once(save: Any) -> None:
    assert [save(0).revision, save(0).revision] == [1, 1]
    assert Task.objects.count() == 1


def test_a_task_keeps_its_identity_while_its_words_change(save: Any) -> None:
    task = save(0).current_tasks[0]
    save(1, tasks=[{"id": str(task.pk), "text": "Surat pendek", "due_on": FRIDAY}])
    assert [(row.pk, row.text) for row in Task.objects.all()] == [(task.pk, "Surat pendek")]


def test_a_task_without_a_day_is_due_a_week_on(save: Any, appointment: Any) -> None:
    assert save(0, tasks=[{"text": "Surat"}]).current_tasks[0].due_on == date(2026, 12, 2)


def test_what_the_client_said_of_a_task_outlives_the_task(save: Any, client_user: Any, now: datetime) -> None:
    task = save(0).current_tasks[0]
    followup.tick(task=task, by=client_user, done=True, reflection="Sudah.", now=now)
    card = save(1, tasks=[])
    assert card.current_tasks == []
    assert Task.objects.get().progress.reflection == "Sudah."


@pytest.mark.parametrize(
    "given",
    [
        {"points": ["a"] * 13}, {"points": ["a" * 1001]}, {"tasks": [{"text": "a"}] * 4},
        {"tasks": [{"text": "a", "due_on": "besok"}]},
    ],
)
def test_too_much_is_refused(save: Any, given: dict[str, Any]) -> None:
    with pytest.raises(WrongCard):
        save(0, **given)


def test_a_next_time_is_kept_while_it_is_free(save: Any, counsellor: Any, now: datetime) -> None:
    free = bookings.next_slots(counsellor=counsellor, minutes=50, now=now, count=1)[0]
    assert save(0, next_start=free).next_start == free
    assert save(1, next_start=free + timedelta(minutes=7)).next_start is None


def test_a_change_takes_the_acceptance_back(save: Any, appointment: Any, client_user: Any, now: datetime) -> None:
    save(0)
    actions.accept_card(appointment=appointment, by=client_user, now=now)
    assert Card.objects.get().accepted_at == now
    save(2, points=["lain"])
    assert Card.objects.get().accepted_at is None


def test_what_was_not_read_is_not_accepted(save: Any, appointment: Any, client_user: Any, now: datetime) -> None:
    save(0)
    with pytest.raises(Conflict):
        actions.accept_card(appointment=appointment, by=client_user, now=now, revision=0)
    assert Card.objects.get().accepted_at is None


def test_accepting_twice_keeps_the_first_moment(save: Any, appointment: Any, client_user: Any, now: datetime) -> None:
    save(0)
    for minute in (0, 3):
        actions.accept_card(appointment=appointment, by=client_user, now=now + timedelta(minutes=minute))
    assert Card.objects.get().accepted_at == now


def test_words_sent_twice_are_added_once(appointment: Any, client_user: Any, now: datetime) -> None:
    for _time in range(2):
        actions.add_words(appointment=appointment, by=client_user, text=" Saya lega. ", now=now)
    assert [row.text for row in Addition.objects.all()] == ["Saya lega."]
    assert Card.objects.get().revision == 1


def test_a_crash_between_the_steps_leaves_the_card_as_it_was(save: Any, monkeypatch: Any) -> None:
    save(0)

    def fail(*_args: Any, **_facts: Any) -> None:
        raise OSError

    monkeypatch.setattr(actions, "_write_tasks", fail)
    with pytest.raises(OSError):
        save(1, points=["lain"])
    card = Card.objects.get()
    assert (card.revision, card.points) == (1, ["Ayah"])


def test_typing_is_written_down_once_an_hour(save: Any, now: datetime) -> None:
    save(0)
    save(1, points=["b"])
    save(2, points=["c"], now=now + timedelta(minutes=61))
    assert Event.objects.filter(verb="card.saved").count() == 2


def test_the_clients_own_reading_is_not_written_down(
    save: Any, appointment: Any, client_user: Any, counsellor: Any, now: datetime
) -> None:
    save(0)
    for person in (client_user, counsellor.user):
        actions.note_opening(appointment=appointment, by=person, now=now)
        assert queries.last_opened(appointment) == (None if person is client_user else now)
    assert [event.actor for event in Event.objects.filter(verb="card.opened")] == [str(counsellor.user_id)]


def test_when_it_was_last_opened_may_come_with_the_appointment(save: Any, appointment: Any, counsellor: Any, now: datetime) -> None:
    def asked() -> Any:
        return queries.last_opened(Appointment.objects.annotate(last_opened=queries.LAST_OPENED).get(pk=appointment.pk))

    save(0)
    assert asked() is None
    for at in (now, now + timedelta(hours=2)):
        actions.note_opening(appointment=appointment, by=counsellor.user, now=at)
    assert asked() == now + timedelta(hours=2)


def test_nothing_of_the_card_or_note_lies_open_in_the_database(
    save: Any, appointment: Any, client_user: Any, counsellor: Any, now: datetime
) -> None:
    save(0, points=["RAHASIA"], tasks=[{"text": "RAHASIA"}])
    actions.add_words(appointment=appointment, by=client_user, text="RAHASIA", now=now)
    save_note(appointment=appointment, by=counsellor.user, body="RAHASIA", revision=0, now=now)
    followup.tick(task=Task.objects.get(), by=client_user, done=True, reflection="RAHASIA", now=now)
    columns = [
        ("points_json", "closing_card"), ("text", "closing_task"), ("text", "closing_addition"),
        ("body", "casenotes_note"), ("reflection", "followup_taskprogress"),
    ]
    for column, table in columns:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {column} FROM {table}")  # noqa: S608
            (sealed,) = cursor.fetchone()
        assert len(bytes(sealed)) >= 40
        assert b"RAHASIA" not in bytes(sealed)


def test_a_note_is_kept_and_not_overwritten_by_an_older_window(
    appointment: Any, counsellor: Any, now: datetime
) -> None:
    me = {"appointment": appointment, "by": counsellor.user, "now": now}
    assert save_note(body="satu", revision=0, **me).revision == 1
    assert save_note(body="satu", revision=0, **me).revision == 1
    assert save_note(body="dua", revision=1, **me).revision == 2
    with pytest.raises(NoteConflict):
        save_note(body="tiga", revision=1, **me)
    with pytest.raises(NoteTooLong):
        save_note(body="a" * 50_001, revision=2, **me)
    assert Note.objects.get().body == "dua"


def test_offers_are_free_times_around_the_same_hour_next_week(appointment: Any, now: datetime) -> None:
    week_on = appointment.starts_at + timedelta(days=7)
    offered = queries.offers(appointment, now=now)
    assert [(start - week_on) / timedelta(minutes=30) for start in offered] == [-3, -2, -1, 0]


def test_offers_leave_out_when_the_client_is_with_somebody_else(appointment: Any, other_counsellor: Any, now: datetime) -> None:
    from tatap.bookings import actions as bookings

    asked = {"now": now, "count": 2}
    taken = queries.offers(appointment, **asked)[-1]
    service = other_counsellor.services.get(kind="individual")
    bookings.hold(client=appointment.client, service=service, starts_at=taken, now=now, outside_hours=True)
    others = queries.of_the_same_two(appointment, now=now)
    assert [stretch.start for stretch in others.taken if stretch.start == taken] == [taken]
    assert queries.offers(appointment, **asked, elsewhere=others.taken) == queries.offers(appointment, **asked)
    assert taken not in queries.offers(appointment, **asked, elsewhere=others.taken)
    assert others.booked is None
