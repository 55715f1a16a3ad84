from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client

from tatap.audit.models import Event
from tatap.bookings.domain.slots import Hours, clash
from tatap.bookings.models import Appointment, Calendar, TimeOff, WeeklyHours
from tatap.counsellors.models import Opening
from tatap.lib import clock
from tests.conftest import make_user, with_second_factor

PAGE = "/praktik/jam/"


@pytest.fixture
def signed_in(client: Client, counsellor: Any, practice: Any) -> Client:
    client.force_login(counsellor.user)
    return client


def test_the_page_shows_what_clients_see(signed_in: Client) -> None:
    answer = signed_in.get(PAGE)
    assert (answer.status_code, answer.content.decode().count("remove_hours")) == (200, 7)


def test_new_hours_are_kept_and_free_times_follow(signed_in: Client, counsellor: Any) -> None:
    counsellor.weekly_hours.all().delete()
    answer = signed_in.post(PAGE, {"do": "add_hours", "weekday": "2", "start": "19:00", "end": "21:00"})
    assert answer.status_code == 302
    assert counsellor.weekly_hours.values_list("weekday", "start", "end").get() == (2, time(19), time(21))
    hours = {row.start.hour for row in Opening.objects.filter(counsellor=counsellor)}
    assert hours <= {11, 12} and hours
    assert Event.objects.filter(verb="calendar.changed").count() == 1


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"weekday": "1", "start": "10:00", "end": "10:00"}, "10:00"),
        ({"weekday": "1", "start": "08:30", "end": "09:30"}, "08:30"),  # there is 09.00–21.00
        ({"weekday": "1", "start": "23:15", "end": "09:15"}, "23:15"),  # over midnight into Wednesday's hours
        ({"weekday": "1", "start": "", "end": "22:00"}, "22:00"),
        ({"weekday": "9", "start": "21:00", "end": "22:00"}, "21:00"),
        ({"weekday": "1", "start": "25:00", "end": "22:00"}, "25:00"),
    ],
)
def test_hours_that_cannot_be_are_refused_beside_the_field(
    signed_in: Client, counsellor: Any, typed: dict[str, str], kept: str
) -> None:
    answer = signed_in.post(PAGE, {"do": "add_hours", **typed})
    page = answer.content.decode()
    assert (answer.status_code, counsellor.weekly_hours.count()) == (422, 7)
    assert 'class="error"' in page and f'value="{kept}"' in page


def test_hours_beside_others_are_fine() -> None:
    nine_to_ten = Hours(0, time(9), time(10))
    assert clash(Hours(0, time(10), time(11)), [nine_to_ten]) is None
    assert clash(Hours(0, time(9, 55), time(11)), [nine_to_ten]) == nine_to_ten


def test_sunday_night_meets_monday_morning() -> None:
    monday = Hours(0, time(0), time(2))
    assert clash(Hours(6, time(23), time(1)), [monday]) == monday
    assert clash(Hours(6, time(23), time(0)), [monday]) is None


def test_hours_are_taken_away_but_only_ones_own(signed_in: Client, counsellor: Any, other_counsellor: Any) -> None:
    theirs, mine = other_counsellor.weekly_hours.first(), counsellor.weekly_hours.first()
    for row in (theirs, mine):
        signed_in.post(PAGE, {"do": "remove_hours", "id": row.pk})
    assert list(WeeklyHours.objects.filter(pk__in=[theirs.pk, mine.pk])) == [theirs]


def test_time_off_is_typed_on_the_counsellors_clocks(signed_in: Client, counsellor: Any) -> None:
    day = (clock.now() + timedelta(days=3)).date()
    signed_in.post(PAGE, {"do": "add_off", "start": f"{day}T08:00", "end": f"{day}T22:00", "note": "Keluarga"})
    assert TimeOff.objects.get().start == datetime(day.year, day.month, day.day, 0, 0, tzinfo=UTC)
    taken = Opening.objects.filter(counsellor=counsellor, start__lt=TimeOff.objects.get().end, end__gt=TimeOff.objects.get().start)
    assert not taken.exists()


@pytest.mark.parametrize(("start", "end"), [("2030-01-02T10:00", "2030-01-02T10:00"), ("2020-01-01T10:00", "2020-01-02T10:00"), ("", "2030-01-01T10:00"), ("x", "y")])
def test_time_off_that_cannot_be_is_refused(signed_in: Client, start: str, end: str) -> None:
    answer = signed_in.post(PAGE, {"do": "add_off", "start": start, "end": end})
    assert (answer.status_code, TimeOff.objects.count()) == (422, 0)


def test_sessions_in_the_time_off_stay_and_are_told(signed_in: Client, appointment: Appointment) -> None:
    answer = signed_in.post(PAGE, {"do": "add_off", "start": "2026-11-25T08:00", "end": "2036-11-25T22:00"}, follow=True)
    assert "1 sesi" in answer.content.decode()
    assert Appointment.objects.get(pk=appointment.pk).status == "booked"


def test_terms_are_kept(signed_in: Client, counsellor: Any) -> None:
    terms = {"buffer_minutes": "15", "notice_minutes": "1440", "step_minutes": "60", "horizon_days": "14"}
    assert signed_in.post(PAGE, {"do": "terms", **terms}).status_code == 302
    kept = Calendar.objects.get(counsellor=counsellor)
    assert [kept.buffer_minutes, kept.notice_minutes, kept.step_minutes, kept.horizon_days] == [15, 1440, 60, 14]


@pytest.mark.parametrize("wrong", [{"horizon_days": "0"}, {"horizon_days": "121"}, {"step_minutes": "7"}, {"buffer_minutes": "-5"}, {"notice_minutes": ""}])
def test_terms_that_cannot_be_are_refused(signed_in: Client, counsellor: Any, wrong: dict[str, str]) -> None:
    terms = {"buffer_minutes": "15", "notice_minutes": "1440", "step_minutes": "60", "horizon_days": "14", **wrong}
    assert signed_in.post(PAGE, {"do": "terms", **terms}).status_code == 422
    assert Calendar.objects.get(counsellor=counsellor).horizon_days == 30


@pytest.mark.parametrize("do", ["", "nonsense", "remove_hours"])
def test_a_post_that_means_nothing_changes_nothing(signed_in: Client, do: str) -> None:
    assert signed_in.post(PAGE, {"do": do, "id": "x"}).status_code == 422


def test_without_a_profile_one_begins_there(client: Client, practice: Any) -> None:
    client.force_login(with_second_factor(make_user("baru@example.org", alias="Kak Baru", role="counsellor")))
    assert client.get(PAGE).headers["Location"] == "/praktik/profil/"
