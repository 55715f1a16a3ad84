from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from tatap.audit.models import Event
from tatap.preparation import actions, queries
from tatap.preparation.models import CheckIn

ANSWERS = {"where": "Jl. Kaliurang", "number": "0812 1"}


def test_a_new_check_in_replaces_the_earlier_one(appointment: Any, client_user: Any, now: datetime) -> None:
    later = now + timedelta(minutes=5)
    actions.check_in(appointment=appointment, person=client_user, answers={"where": "Kos"}, now=now)
    actions.check_in(appointment=appointment, person=client_user, answers=ANSWERS, now=later)
    row = CheckIn.objects.get()
    assert (row.answers, row.consented_at, row.at) == (ANSWERS, now, later)


def test_a_check_in_lies_sealed_in_the_database(appointment: Any, client_user: Any, now: datetime) -> None:
    actions.check_in(appointment=appointment, person=client_user, answers=ANSWERS, now=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers_json FROM preparation_checkin")
        assert b"Kaliurang" not in bytes(cursor.fetchone()[0])


def test_the_latest_measurement_is_the_verdict(appointment: Any, client_user: Any, now: datetime) -> None:
    assert queries.verdict_of(appointment, client_user) is None
    for minute, verdict in enumerate(["picture", "text", "voice"]):
        actions.record_device_check(
            appointment=appointment, person=client_user, verdict=verdict, facts={}, now=now + timedelta(minutes=minute)
        )
    assert queries.verdict_of(appointment, client_user) == "voice"


def test_ready_needs_both(appointment: Any, client_user: Any, now: datetime) -> None:
    actions.record_device_check(appointment=appointment, person=client_user, verdict="voice", facts={}, now=now)
    assert not queries.is_ready(appointment, client_user)
    actions.check_in(appointment=appointment, person=client_user, answers=ANSWERS, now=now)
    assert queries.is_ready(appointment, client_user)


def test_the_counsellors_reading_is_written_down(
    appointment: Any, client_user: Any, counsellor: Any, now: datetime
) -> None:
    row = actions.check_in(appointment=appointment, person=client_user, answers=ANSWERS, now=now)
    assert actions.see_check_in(check_in=row, by=counsellor.user, now=now) == ANSWERS
    event = Event.objects.get(verb="checkin.seen")
    assert (event.actor, event.about, event.facts) == (str(counsellor.user_id), str(client_user.pk), {})
