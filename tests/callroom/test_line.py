"""What the line took, from the records to the minutes that are taken at the end."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from tatap.bookings import actions as bookings
from tatap.bookings.models import Appointment, Claim
from tatap.callroom import actions, bus, queries, tasks
from tatap.callroom.actions import Report, RoomRefused
from tatap.callroom.models import Attendance, Extension, LineReport
from tatap.notifications.models import Message
from tatap.preparation import actions as preparation


@pytest.fixture
def start(appointment: Any) -> datetime:
    return appointment.starts_at


@pytest.fixture
def meeting(appointment: Any, client_user: Any, counsellor: Any, start: datetime) -> Any:
    """Both in their seats and the client let in, at the start."""
    for person, tab in ((client_user, "phone"), (counsellor.user, "laptop")):
        actions.arrive(code=appointment.code, user_id=person.pk, tab=tab, now=start)
    actions.admit(code=appointment.code, user_id=client_user.pk, by_id=counsellor.user_id, now=start)
    return appointment


def tell(appointment: Any, person: Any, start: datetime, a: float, b: float, key: str = "k", late: float = 1) -> list[str]:
    return actions.report_line(
        code=appointment.code, by_id=person.pk, now=start + timedelta(seconds=b + late),
        reports=[Report(key, start + timedelta(seconds=a), start + timedelta(seconds=b))],
    )


def test_what_both_tell_is_lost(meeting: Any, client_user: Any, counsellor: Any, start: datetime) -> None:
    tell(meeting, client_user, start, 600, 640)
    assert (queries.lost_of(meeting).seconds, queries.lost_of(meeting).claimed_seconds) == (0, 40)
    tell(meeting, counsellor.user, start, 602, 641)
    assert (queries.lost_of(meeting).seconds, queries.lost_of(meeting).claimed_seconds) == (38, 0)


def test_before_admission_nothing_is_lost(appointment: Any, client_user: Any, counsellor: Any, start: datetime) -> None:
    for person in (client_user, counsellor.user):
        actions.arrive(code=appointment.code, user_id=person.pk, tab="t", now=start)
        tell(appointment, person, start, 10, 100)
    assert queries.lost_of(appointment).seconds == 0
    actions.admit(
        code=appointment.code, user_id=client_user.pk, by_id=counsellor.user_id, now=start + timedelta(seconds=70)
    )
    assert queries.lost_of(appointment).seconds == 30


def test_the_servers_own_record_stands_in_for_a_browser_that_died(
    meeting: Any, client_user: Any, counsellor: Any, start: datetime
) -> None:
    actions.depart(code=meeting.code, user_id=client_user.pk, tab="phone", now=start + timedelta(seconds=100))
    actions.arrive(code=meeting.code, user_id=client_user.pk, tab="new", now=start + timedelta(seconds=130))
    tell(meeting, counsellor.user, start, 100, 133)
    assert queries.lost_of(meeting).seconds == 30


def test_who_left_by_the_door_was_not_lost(
    meeting: Any, client_user: Any, counsellor: Any, start: datetime
) -> None:
    at = start + timedelta(seconds=100)
    actions.depart(code=meeting.code, user_id=client_user.pk, tab="phone", now=at, by_door=True)
    tell(meeting, counsellor.user, start, 100, 700)
    assert queries.lost_of(meeting).seconds == 0


def test_a_socket_that_fell_silent_was_left_when_it_was_last_heard(
    meeting: Any, client_user: Any, start: datetime
) -> None:
    heard, noticed = start + timedelta(seconds=100), start + timedelta(seconds=145)
    actions.arrive(code=meeting.code, user_id=client_user.pk, tab="phone", now=noticed, heard=heard)
    rows = Attendance.objects.filter(person=client_user).order_by("pk")
    assert [(row.arrived_at, row.left_at) for row in rows] == [(start, heard), (noticed, None)]
    actions.depart(code=meeting.code, user_id=client_user.pk, tab="phone", now=noticed + timedelta(seconds=60), heard=heard)
    assert rows.last().left_at == noticed  # type: ignore[union-attr]  # never before it was taken


def test_a_report_is_kept_as_it_was_first_told(meeting: Any, client_user: Any, start: datetime) -> None:
    assert tell(meeting, client_user, start, 600, 640) == ["k"]
    assert tell(meeting, client_user, start, 500, 700) == ["k"]
    row = LineReport.objects.get()
    assert (row.start, row.end) == (start + timedelta(seconds=600), start + timedelta(seconds=640))
    row.end += timedelta(minutes=9)
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()


def test_nobody_tells_of_time_to_come_or_outside_the_window(meeting: Any, client_user: Any, start: datetime) -> None:
    tell(meeting, client_user, start, 600, 900, late=-200)
    assert LineReport.objects.get().end == start + timedelta(seconds=700)
    tell(meeting, client_user, start, 800, 900, key="later", late=-300)
    tell(meeting, client_user, start, -5000, -4000, key="long ago", late=4500)
    assert LineReport.objects.count() == 1
    with pytest.raises(RoomRefused, match=r"^not_in_window$"):
        tell(meeting, client_user, start, 600, 700, key="too late", late=5000)


def test_a_flood_of_reports_is_refused(
    meeting: Any, client_user: Any, start: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_REPORTS", 2)
    for key in ("a", "b"):
        tell(meeting, client_user, start, 10, 20, key=key)
    with pytest.raises(RoomRefused, match=r"^too_long$"):
        tell(meeting, client_user, start, 10, 20, key="c")


def test_a_stranger_tells_nothing(meeting: Any, other_client: Any, start: datetime) -> None:
    with pytest.raises(RoomRefused, match=r"^not_found$"):
        tell(meeting, other_client, start, 10, 20)


def test_lost_takes_as_many_queries_whatever_was_told(
    meeting: Any, client_user: Any, start: datetime, django_assert_num_queries: Any
) -> None:
    found = Appointment.objects.select_related("counsellor").prefetch_related("participants__person").get(pk=meeting.pk)
    for count in (1, 3):
        tell(meeting, client_user, start, 10, 20, key=f"k{count}")
        with django_assert_num_queries(2):
            queries.lost_of(found)


def both_lose(appointment: Any, people: list[Any], start: datetime, a: int, b: int) -> None:
    for person in people:
        tell(appointment, person, start, a, b)


@pytest.fixture
def seven_lost(meeting: Any, client_user: Any, counsellor: Any, start: datetime) -> Any:
    both_lose(meeting, [client_user, counsellor.user], start, 600, 1005)  # 6 min 45 s
    return meeting


def take(appointment: Any, by: Any, now: datetime) -> dict[str, str]:
    return actions.extend(code=appointment.code, by_id=by.pk, now=now)


def test_the_lost_minutes_are_taken_at_the_end_once(
    seven_lost: Any, counsellor: Any, client_user: Any, start: datetime
) -> None:
    near = start + timedelta(minutes=41)
    assert queries.offered(seven_lost, now=near - timedelta(minutes=2)) == 0
    assert queries.offered(seven_lost, now=near) == 7
    for _tap in range(2):
        moved = take(seven_lost, counsellor.user, near)
        assert moved["ends_at"] == (start + timedelta(minutes=57)).isoformat()
    assert [row.minutes for row in Extension.objects.all()] == [7]
    assert queries.offered(Appointment.objects.get(pk=seven_lost.pk), now=near) == 0
    for person in (counsellor.user, client_user):
        assert Claim.objects.filter(person=person, appointment=seven_lost).count() == 12


def test_a_session_that_follows_is_never_taken_from(
    seven_lost: Any, counsellor: Any, other_client: Any, service: Any, start: datetime
) -> None:
    near = start + timedelta(minutes=45)
    next_one = bookings.hold(
        client=other_client, service=service, starts_at=start + timedelta(minutes=65), now=start - timedelta(hours=3),
        outside_hours=True,
    )
    assert queries.offered(seven_lost, now=near) == 5  # ten minutes of rest stay before the next
    bookings.cancel(appointment=next_one, by=other_client, now=start)
    assert queries.offered(seven_lost, now=near) == 7


def test_the_client_may_be_the_one_who_has_no_time(
    seven_lost: Any, counsellor: Any, client_user: Any, other_counsellor: Any, start: datetime
) -> None:
    bookings.hold(
        client=client_user, service=other_counsellor.services.get(kind="individual"),
        starts_at=start + timedelta(minutes=50), now=start - timedelta(hours=3), outside_hours=True,
    )
    near = start + timedelta(minutes=45)
    assert queries.offered(seven_lost, now=near) == 0
    with pytest.raises(RoomRefused, match=r"^not_free$"):
        take(seven_lost, counsellor.user, near)
    assert not Extension.objects.exists()


def test_the_rule_may_say_no(seven_lost: Any, rules: Any, start: datetime) -> None:
    near = start + timedelta(minutes=45)
    for given, least, minutes in (("credit", 15, 0), ("nothing", 15, 0), ("extend", 15, 7), ("extend", 406, 0)):
        rules.lost_given, rules.lost_least_seconds = given, least
        rules.save()
        assert queries.offered(Appointment.objects.get(pk=seven_lost.pk), now=near) == minutes, given


def test_only_the_counsellor_takes_them(seven_lost: Any, client_user: Any, start: datetime) -> None:
    with pytest.raises(RoomRefused, match=r"^not_counsellor$"):
        take(seven_lost, client_user, start + timedelta(minutes=45))


@pytest.fixture
def at_45(seven_lost: Any, start: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tatap.lib.clock.now", lambda: start + timedelta(minutes=45))


def url(appointment: Any, name: str) -> str:
    return f"/sesi/{appointment.code}/ruang/{name}"


def test_both_are_told_the_new_end(
    client: Any, seven_lost: Any, counsellor: Any, at_45: None, start: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(bus, "publish", lambda code, frame: told.append((code, frame)))
    client.force_login(counsellor.user)
    assert client.get(url(seven_lost, "hilang")).json() == {"seconds": 405, "minutes": 7, "offer": 7}
    answer = client.post(url(seven_lost, "tambah"))
    end = (start + timedelta(minutes=57)).isoformat()
    assert (answer.status_code, answer.json()["ends_at"]) == (200, end)
    assert [(code, frame["t"], frame["ends_at"]) for code, frame in told] == [(seven_lost.code, "clock", end)]


def test_the_client_sees_the_minutes_and_no_offer(client: Any, seven_lost: Any, client_user: Any, at_45: None) -> None:
    client.force_login(client_user)
    assert client.get(url(seven_lost, "hilang")).json() == {"seconds": 405, "minutes": 7, "offer": 0}
    assert client.post(url(seven_lost, "tambah")).status_code == 404


def test_reports_come_in_by_http(client: Any, meeting: Any, client_user: Any, at_45: None, start: datetime) -> None:
    client.force_login(client_user)
    ms = int(start.timestamp() * 1000)
    body = {"reports": [{"key": "abc-1", "from": ms + 60_000, "to": ms + 90_500}]}
    answer = client.post(url(meeting, "hilang"), json.dumps(body), content_type="application/json")
    assert (answer.status_code, answer.json()) == (200, {"kept": ["abc-1"]})
    assert LineReport.objects.get(key="abc-1").end == start + timedelta(seconds=90.5)


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "{}", '{"reports": {}}', '{"reports": [1]}', '{"reports": [{"key": "a b", "from": 1, "to": 2}]}',
        '{"reports": [{"key": "a", "from": 2, "to": 1}]}', '{"reports": [{"key": "a", "from": 1.5, "to": 2}]}',
        '{"reports": [{"key": "a", "from": 1, "to": 1e400}]}', '{"reports": [{"key": "a", "from": true, "to": 2}]}',
        json.dumps({"reports": [{"key": f"k{n}", "from": 1, "to": 2} for n in range(101)]}), " " * 40_000,
    ],
)
def test_what_is_not_a_report(client: Any, meeting: Any, client_user: Any, at_45: None, body: str) -> None:
    client.force_login(client_user)
    before = LineReport.objects.count()
    assert client.post(url(meeting, "hilang"), body, content_type="application/json").status_code == 422
    assert LineReport.objects.count() == before


def test_the_page_brings_the_plan_for_its_reader(
    client: Any, meeting: Any, client_user: Any, counsellor: Any, start: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tatap.lib.clock.now", lambda: start)
    preparation.check_in(
        appointment=meeting, person=client_user, now=start,
        answers={"number": "0812 0000 1122", "plan_caller": "counsellor", "plan_after": 2, "plan_by": "whatsapp"},
    )
    plans = []
    for person in (client_user, counsellor.user):
        client.force_login(person)
        plans.append(client.get(f"/sesi/{meeting.code}/ruang/").context["config"]["plan"])
    assert [(plan["calls"], plan["after"], plan["href"]) for plan in plans] == [
        (False, 2, ""), (True, 2, "https://wa.me/6281200001122")
    ]


# -- the message to whoever is missed


def test_whoever_is_missed_for_as_long_as_agreed_gets_one_message(
    meeting: Any, client_user: Any, start: datetime
) -> None:
    lost_at = start + timedelta(minutes=10)
    actions.depart(code=meeting.code, user_id=client_user.pk, tab="phone", now=lost_at)
    for minutes, letters in ((4.9, 0), (5, 1), (9, 1)):
        tasks.tell_absent(lost_at + timedelta(minutes=minutes))
        assert Message.objects.filter(key__startswith="absent:").count() == letters, minutes
    letter = Message.objects.get(key__startswith="absent:")
    assert letter.address == client_user.email
    assert f"/sesi/{meeting.code}/ruang/" in letter.text


def test_each_absence_has_a_message_of_its_own(meeting: Any, client_user: Any, start: datetime) -> None:
    for minute, tab in ((10, "phone"), (20, "again")):
        at = start + timedelta(minutes=minute)
        actions.depart(code=meeting.code, user_id=client_user.pk, tab=tab, now=at)
        tasks.tell_absent(at + timedelta(minutes=6))
        actions.arrive(code=meeting.code, user_id=client_user.pk, tab="again", now=at + timedelta(minutes=7))
    assert Message.objects.filter(key__startswith="absent:").count() == 2


def test_the_message_names_neither_person_nor_number(meeting: Any, client_user: Any, start: datetime) -> None:
    preparation.check_in(
        appointment=meeting, person=client_user, now=start,
        answers={"number": "0812 0000 1122", "plan_by": "whatsapp", "plan_after": 2},
    )
    actions.depart(code=meeting.code, user_id=client_user.pk, tab="phone", now=start)
    tasks.tell_absent(start + timedelta(minutes=2))
    letter = Message.objects.get(key__startswith="absent:")
    words = letter.subject + letter.text
    assert "WhatsApp" in words
    assert [name for name in ("0812", "1122", "Nur", "Kirana", "konsel") if name in words] == []


def test_nobody_is_told_after_going_by_the_door_or_outside_the_booked_time(
    meeting: Any, client_user: Any, start: datetime
) -> None:
    actions.depart(code=meeting.code, user_id=client_user.pk, tab="phone", now=start + timedelta(minutes=5), by_door=True)
    assert tasks.tell_absent(start + timedelta(minutes=20)) == 0
    actions.arrive(code=meeting.code, user_id=client_user.pk, tab="phone", now=start + timedelta(minutes=21))
    actions.depart(code=meeting.code, user_id=client_user.pk, tab="phone", now=start + timedelta(minutes=22))
    assert tasks.tell_absent(start + timedelta(minutes=50)) == 0
    assert tasks.tell_absent(start + timedelta(minutes=49)) == 1


def test_nobody_is_told_while_nobody_waits(meeting: Any, client_user: Any, counsellor: Any, start: datetime) -> None:
    for person, tab in ((client_user, "phone"), (counsellor.user, "laptop")):
        actions.depart(code=meeting.code, user_id=person.pk, tab=tab, now=start)
    assert tasks.tell_absent(start + timedelta(minutes=20)) == 0
