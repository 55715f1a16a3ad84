from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from tatap.audit.models import Event
from tatap.bookings import actions as bookings
from tatap.callroom import actions, queries
from tatap.callroom.actions import RoomRefused
from tatap.callroom.models import Admission, Attendance, ChatMessage, Room


@pytest.fixture
def start(appointment: Any) -> datetime:
    return appointment.starts_at


def refused(reason: str) -> Any:
    return pytest.raises(RoomRefused, match=f"^{reason}$")


def say(appointment: Any, person: Any, key: str, text: str, now: datetime) -> dict[str, Any]:
    return actions.post_chat(code=appointment.code, by_id=person.pk, key=key, text=text, now=now)


@pytest.mark.parametrize("minutes", [-15, 0, 65])
def test_one_may_enter_within_the_window(appointment: Any, client_user: Any, start: datetime, minutes: int) -> None:
    now = start + timedelta(minutes=minutes)
    assert actions.may_enter(code=appointment.code, user_id=client_user.pk, now=now) == ""


@pytest.mark.parametrize("minutes", [-15.1, 65.1])
def test_outside_the_window_nobody_enters(
    appointment: Any, client_user: Any, start: datetime, minutes: float
) -> None:
    now = start + timedelta(minutes=minutes)
    assert actions.may_enter(code=appointment.code, user_id=client_user.pk, now=now) == "not_in_window"


def test_only_those_who_take_part_enter(appointment: Any, other_client: Any, manager: Any, start: datetime) -> None:
    for stranger in (other_client, manager):
        assert actions.may_enter(code=appointment.code, user_id=stranger.pk, now=start) == "not_found"


def test_a_seat_that_is_only_held_does_not_open_the_room(
    client_user: Any, service: Any, appointment: Any, now: datetime
) -> None:
    held = bookings.hold(
        client=client_user, service=service, starts_at=now + timedelta(hours=1), now=now, outside_hours=True
    )
    assert actions.may_enter(code=held.code, user_id=client_user.pk, now=held.starts_at) == "not_in_window"


def test_admission_is_given_once_and_stays(
    appointment: Any, counsellor: Any, client_user: Any, start: datetime
) -> None:
    for minute in (0, 5):
        now = start + timedelta(minutes=minute)
        actions.admit(code=appointment.code, user_id=client_user.pk, by_id=counsellor.user_id, now=now)
    assert [row.at for row in Admission.objects.all()] == [start]
    assert Event.objects.filter(verb="room.admitted", about=str(client_user.pk)).count() == 1
    actions.depart(code=appointment.code, user_id=client_user.pk, tab="a", now=start)
    again = actions.snapshot(code=appointment.code, user_id=client_user.pk, now=start + timedelta(minutes=6))
    assert (again["admitted"], again["door"]) == (True, True)


def test_a_client_can_neither_admit_nor_open_nor_end(
    appointment: Any, client_user: Any, counsellor: Any, start: datetime
) -> None:
    me = {"by_id": client_user.pk, "now": start, "code": appointment.code}
    with refused("not_counsellor"):
        actions.admit(user_id=counsellor.user_id, **me)
    with refused("not_counsellor"):
        actions.open_door(**me)
    with refused("not_counsellor"):
        actions.end(**me)


def test_a_stranger_cannot_be_admitted(
    appointment: Any, other_client: Any, counsellor: Any, start: datetime
) -> None:
    with refused("not_found"):
        actions.admit(code=appointment.code, user_id=other_client.pk, by_id=counsellor.user_id, now=start)


def test_chat_is_numbered_in_the_order_it_was_kept(
    appointment: Any, client_user: Any, counsellor: Any, start: datetime
) -> None:
    people = [client_user, counsellor.user, client_user]
    kept = [say(appointment, person, f"k{i}", f"kata {i}", start) for i, person in enumerate(people)]
    assert [item["n"] for item in kept] == [1, 2, 3]
    found = actions.snapshot(code=appointment.code, user_id=client_user.pk, now=start)
    assert found["chat"] == kept
    assert actions.snapshot(code=appointment.code, user_id=client_user.pk, now=start, chat_after=2)["chat"] == kept[2:]


def test_a_message_sent_twice_is_kept_once(appointment: Any, client_user: Any, start: datetime) -> None:
    first = say(appointment, client_user, "same", "halo", start)
    assert say(appointment, client_user, "same", "halo", start + timedelta(seconds=9)) == first
    assert say(appointment, client_user, "next", "lagi", start)["n"] == 2


def test_a_message_whose_answer_was_lost_is_found_after_the_end(
    appointment: Any, client_user: Any, counsellor: Any, start: datetime
) -> None:
    first = say(appointment, client_user, "same", "halo", start)
    actions.end(code=appointment.code, by_id=counsellor.user_id, now=start + timedelta(minutes=50))
    assert say(appointment, client_user, "same", "halo", start + timedelta(minutes=51)) == first
    with refused("ended"):
        say(appointment, client_user, "new", "halo", start + timedelta(minutes=51))


@pytest.mark.parametrize(
    ("key", "text", "reason"),
    [("k", "  ", "empty"), ("k", "a" * 4001, "too_long"), ("", "a", "too_long"), ("k" * 41, "a", "too_long")],
)
def test_chat_that_is_not_ours(
    appointment: Any, client_user: Any, start: datetime, key: str, text: str, reason: str
) -> None:
    with refused(reason):
        say(appointment, client_user, key, text, start)


def test_the_longest_message_is_kept_whole(appointment: Any, client_user: Any, start: datetime) -> None:
    assert say(appointment, client_user, "k", "é" * 4000, start)["text"] == "é" * 4000


def test_chat_lies_sealed_in_the_database(appointment: Any, client_user: Any, start: datetime) -> None:
    say(appointment, client_user, "k", "Ayah meninggal", start)
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM callroom_chatmessage")
        assert b"Ayah" not in bytes(cursor.fetchone()[0])
    assert ChatMessage.objects.get().body == "Ayah meninggal"


def test_a_failing_audit_leaves_no_admission(
    appointment: Any, client_user: Any, counsellor: Any, start: datetime, monkeypatch: Any
) -> None:
    def fail(**_facts: Any) -> None:
        raise OSError

    monkeypatch.setattr(actions.audit, "record", fail)
    with pytest.raises(OSError):
        actions.admit(code=appointment.code, user_id=client_user.pk, by_id=counsellor.user_id, now=start)
    assert not Admission.objects.exists()
    assert Room.objects.get().door_opened_at is None


def test_a_second_tab_takes_the_seat_of_the_first(appointment: Any, client_user: Any, start: datetime) -> None:
    for tab, minute in (("a", 0), ("b", 3), ("b", 4)):
        now = start + timedelta(minutes=minute)
        actions.arrive(code=appointment.code, user_id=client_user.pk, tab=tab, now=now)
    rows = [(row.tab, row.left_at) for row in Attendance.objects.order_by("pk")]
    assert rows == [("a", start + timedelta(minutes=3)), ("b", None)]


def test_status_follows_the_counsellor(appointment: Any, counsellor: Any, start: datetime) -> None:
    early = start - timedelta(minutes=5)
    assert queries.status(appointment, now=early).code == "not_yet"
    actions.arrive(code=appointment.code, user_id=counsellor.user_id, tab="c", now=early)
    assert queries.status(appointment, now=early).code == "here"
    actions.everybody_left(now=early)
    assert queries.status(appointment, now=early).code == "not_yet"


def test_both_were_there_needs_both(
    appointment: Any, client_user: Any, counsellor: Any, start: datetime
) -> None:
    actions.arrive(code=appointment.code, user_id=client_user.pk, tab="a", now=start)
    assert not queries.both_were_there(appointment=appointment)
    actions.arrive(code=appointment.code, user_id=counsellor.user_id, tab="c", now=start)
    assert queries.both_were_there(appointment=appointment)


def test_a_snapshot_takes_as_many_queries_whatever_was_said(
    appointment: Any, client_user: Any, start: datetime, django_assert_num_queries: Any
) -> None:
    actions.snapshot(code=appointment.code, user_id=client_user.pk, now=start)
    for count in (1, 3):
        say(appointment, client_user, f"k{count}", "halo", start)
        with django_assert_num_queries(10):
            actions.snapshot(code=appointment.code, user_id=client_user.pk, now=start)
