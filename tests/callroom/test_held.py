"""What was foreseen of a line beside what it held."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from tatap.callroom import actions, queries
from tatap.callroom.domain import held
from tatap.callroom.forms import clean_held
from tatap.callroom.models import HeldLevel
from tatap.lib import clock
from tatap.preparation import actions as preparation

MINUTE = {"key": "k1", "level": 4, "seconds": 60, "bytes": 2_000_000}


@pytest.fixture
def start(appointment: Any, monkeypatch: Any) -> datetime:
    monkeypatch.setattr(clock, "now", lambda: appointment.starts_at)
    return appointment.starts_at


def tell(client: Any, appointment: Any, *rows: dict[str, Any]) -> Any:
    address = reverse("callroom:held", args=[appointment.code])
    return client.post(address, json.dumps({"held": rows}), content_type="application/json")


def foresee(appointment: Any, person: Any, at: datetime, level: int, mb: int) -> None:
    preparation.record_device_check(
        appointment=appointment, person=person, verdict="voice", facts={"level": level, "mb": mb}, now=at
    )


@pytest.fixture
def seated(client: Any, appointment: Any, client_user: Any, counsellor: Any, start: datetime) -> Any:
    actions.arrive(code=appointment.code, user_id=client_user.pk, tab="phone", now=start)
    actions.admit(code=appointment.code, user_id=client_user.pk, by_id=counsellor.user_id, now=start)
    client.force_login(client_user)
    return client


def test_a_minute_told_twice_is_kept_once_and_unchanged(seated: Any, appointment: Any) -> None:
    assert tell(seated, appointment, MINUTE).json() == {"kept": 1}
    tell(seated, appointment, {**MINUTE, "level": 5}, {**MINUTE, "key": "k2"})
    assert list(HeldLevel.objects.order_by("pk").values_list("key", "level")) == [("k1", 4), ("k2", 4)]
    row = HeldLevel.objects.first()
    assert row is not None
    for change in (row.save, row.delete):
        with pytest.raises(TypeError):
            change()


@pytest.mark.parametrize(
    "change", [{"level": 6}, {"level": True}, {"level": -1}, {"seconds": 0}, {"bytes": -1}, {"key": "a b"}, {"key": None}]
)
def test_what_is_not_ours_is_refused(seated: Any, appointment: Any, change: dict[str, Any]) -> None:
    assert tell(seated, appointment, {**MINUTE, **change}).status_code == 422
    assert not HeldLevel.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[]", b'{"held": 3}', b"[" * 9000, b"x" * 40_000])
def test_what_is_no_list_is_refused(body: bytes) -> None:
    assert clean_held(body) is None


def test_out_of_its_time_nothing_is_kept(seated: Any, appointment: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(clock, "now", lambda: appointment.ends_at + timedelta(hours=1))
    assert tell(seated, appointment, MINUTE).status_code == 409


def test_the_forecast_before_admission_stands_beside_what_was_held(
    seated: Any, appointment: Any, client_user: Any, start: datetime
) -> None:
    foresee(appointment, client_user, start - timedelta(hours=14), 5, 400)
    foresee(appointment, client_user, start - timedelta(minutes=3), 4, 60)
    foresee(appointment, client_user, start + timedelta(minutes=3), 2, 10)
    tell(seated, appointment, MINUTE, {**MINUTE, "key": "k2"}, {**MINUTE, "key": "k3", "level": 3, "seconds": 30})
    [pair] = queries.forecast_pairs(since=start - timedelta(days=1))
    minutes = (appointment.ends_at - appointment.starts_at).total_seconds() / 60
    assert (pair.foreseen_level, pair.held_level, pair.seconds) == (4, 4, 150)
    assert pair.foreseen_mb_hour == pytest.approx(60 * 60 / minutes)
    assert pair.held_mb_hour == pytest.approx(6 * 3600 / 150)


def test_what_was_never_foreseen_makes_no_pair(seated: Any, appointment: Any, start: datetime) -> None:
    tell(seated, appointment, MINUTE)
    assert queries.forecast_pairs(since=start - timedelta(days=1)) == []


@pytest.mark.parametrize(("stretches", "level"), [([(5, 60), (2, 10)], 5), ([(5, 29), (2, 31)], 2), ([(4, 1)], 4)])
def test_the_middle_level_is_by_time(stretches: list[tuple[int, int]], level: int) -> None:
    assert held.middle_level([held.Stretch(level=at, seconds=seconds, size=0) for at, seconds in stretches]) == level


def test_the_counsellor_sees_the_forecast_before_anybody_is_let_in(
    appointment: Any, client_user: Any, counsellor: Any, start: datetime
) -> None:
    assert actions.snapshot(code=appointment.code, user_id=counsellor.user_id, now=start)["others"][0]["forecast"] is None
    foresee(appointment, client_user, start, 3, 25)
    seen = actions.snapshot(code=appointment.code, user_id=counsellor.user_id, now=start)
    assert seen["others"][0]["forecast"] == {"level": 3, "mb": 25}
