import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from tatap.lib import clock
from tatap.meetings.domain.relays import parse
from tatap.preparation import actions, queries
from tatap.preparation.models import CheckIn, DeviceCheck
from tests.preparation.test_forms import GIVEN


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch: Any, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


def address(name: str, appointment: Any) -> str:
    return reverse(f"preparation:{name}", args=[appointment.code])


def report(client: Any, appointment: Any, body: str) -> Any:
    return client.post(address("device", appointment), body, content_type="application/json")


@pytest.mark.parametrize(("name", "method"), [("prepare", "get"), ("prepare", "post"), ("device", "post"), ("seen", "get")])
def test_strangers_find_nothing(
    client: Any, appointment: Any, other_client: Any, other_counsellor: Any, manager: Any, name: str, method: str
) -> None:
    assert getattr(client, method)(address(name, appointment)).status_code == 302
    for stranger in (other_client, other_counsellor.user, manager):
        client.force_login(stranger)
        assert getattr(client, method)(address(name, appointment), GIVEN if method == "post" else {}).status_code == 404
    assert (CheckIn.objects.count(), DeviceCheck.objects.count()) == (0, 0)


def test_a_check_in_is_kept(client: Any, appointment: Any, client_user: Any) -> None:
    client.force_login(client_user)
    response = client.post(address("prepare", appointment), GIVEN)
    assert response.status_code == 302
    plan = {"plan_caller": "counsellor", "plan_after": 5, "plan_by": "phone", "plan_where": ""}
    assert CheckIn.objects.get().answers == {**{key: value for key, value in GIVEN.items() if key != "consent"}, **plan}
    assert "Jl. Kaliurang, Sleman" in client.get(response.url).content.decode()


def test_what_was_typed_stays_when_something_is_missing(client: Any, appointment: Any, client_user: Any) -> None:
    client.force_login(client_user)
    response = client.post(address("prepare", appointment), {**GIVEN, "number": "x"})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="Jl. Kaliurang, Sleman"' in page and 'aria-invalid="true"' in page
    assert not CheckIn.objects.exists()


def test_the_title_states_the_verdict(client: Any, appointment: Any, client_user: Any, now: datetime) -> None:
    client_user.language = "en"
    client_user.save()
    client.force_login(client_user)
    for verdict, title in [
        (None, "Let us get you ready"), ("picture", "Picture and sound will be clear"),
        ("voice", "Sound will be clear, the picture small"), ("text", "Text will work here"),
    ]:
        if verdict:
            actions.record_device_check(appointment=appointment, person=client_user, verdict=verdict, facts={}, now=now)
            DeviceCheck.objects.exclude(verdict=verdict).delete()
        assert title in client.get(address("prepare", appointment)).content.decode()


def test_a_device_report_is_kept(client: Any, appointment: Any, client_user: Any) -> None:
    client.force_login(client_user)
    sent = json.dumps({"verdict": "voice", "facts": {"rtt_ms": 300}})
    assert report(client, appointment, sent).json() == {"saved": True}
    row = DeviceCheck.objects.get()
    assert (row.person, row.verdict, row.facts) == (client_user, "voice", {"rtt_ms": 300.0})


def test_the_title_and_the_hall_follow_the_level_of_the_forecast(client: Any, appointment: Any, client_user: Any, now: datetime) -> None:
    client_user.language = "en"
    client_user.save()
    client.force_login(client_user)
    for level, verdict, title in [
        (5, "picture", "Picture and sound will be clear"), (4, "voice", "Sound will be clear, the picture small"),
        (3, "voice", "with a still picture now and then"), (2, "voice", "Your voice will hold, without a picture"),
        (1, "text", "Spoken messages and text will hold"), (0, "text", "Text will work here"),
    ]:
        DeviceCheck.objects.all().delete()
        sent = json.dumps({"verdict": verdict, "facts": {"level": level, "mb": 12.4}})
        assert report(client, appointment, sent).status_code == 200
        assert title in client.get(address("prepare", appointment)).content.decode()
        assert queries.foreseen(queries.last_check(appointment, client_user)) == queries.Forecast(level=level, mb=12)


def test_a_browser_measures_by_our_relay_the_evening_before_and_not_after_the_session(
    client: Any, appointment: Any, client_user: Any, settings: Any, monkeypatch: Any
) -> None:
    settings.TURN_RELAYS, settings.TURN_SECRETS = parse("turn:relay.example:3478?transport=udp"), ["s" * 32]
    client.force_login(client_user)
    monkeypatch.setattr(clock, "now", lambda: appointment.starts_at - timedelta(hours=15))
    told = client.post(address("ways", appointment)).json()
    expiry, _, pseudonym = told["iceServers"][-1]["username"].partition(":")
    assert int(expiry) - (appointment.starts_at - timedelta(hours=15)).timestamp() == 5 * 60
    assert pseudonym.isalnum() and told["stun"].startswith("stun:")
    monkeypatch.setattr(clock, "now", lambda: appointment.ends_at + timedelta(minutes=1))
    assert client.post(address("ways", appointment)).json()["iceServers"] == []


def test_passwords_for_measuring_are_not_given_without_end(
    client: Any, appointment: Any, client_user: Any, settings: Any
) -> None:
    settings.TURN_RELAYS, settings.TURN_SECRETS = parse("turn:relay.example:3478?transport=udp"), ["s" * 32]
    client.force_login(client_user)
    given = [bool(client.post(address("ways", appointment)).json()["iceServers"]) for _time in range(31)]
    assert given == [True] * 30 + [False]


@pytest.mark.parametrize("body", ["", "x", "[]", '{"verdict": "great"}', "[" * 8000, json.dumps({"verdict": "voice", "x": "y" * 9000})])
def test_what_is_not_a_report_is_refused(client: Any, appointment: Any, client_user: Any, body: str) -> None:
    client.force_login(client_user)
    assert report(client, appointment, body).status_code == 422
    assert not DeviceCheck.objects.exists()


def test_the_counsellor_reads_the_check_in_and_the_client_does_not_fetch_it(
    client: Any, appointment: Any, client_user: Any, counsellor: Any, now: datetime
) -> None:
    client.force_login(counsellor.user)
    assert client.get(address("seen", appointment)).status_code == 200
    answers = {key: value for key, value in GIVEN.items() if key != "consent"}
    actions.check_in(appointment=appointment, person=client_user, answers=answers, now=now)
    response = client.get(address("seen", appointment))
    assert "Kak Bagas" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    client.force_login(client_user)
    assert client.get(address("seen", appointment)).status_code == 404


def test_a_counsellor_checks_her_device_and_gives_no_check_in(client: Any, appointment: Any, counsellor: Any) -> None:
    client.force_login(counsellor.user)
    assert 'name="emergency_person"' not in client.get(address("prepare", appointment)).content.decode()
    assert client.post(address("prepare", appointment), GIVEN).status_code == 404


PLAN = {"plan_caller": "client", "plan_after": "10", "plan_by": "platform", "plan_where": "https://meet.example/nur"}


def test_what_is_agreed_for_a_broken_line_is_kept_sealed_and_seen_by_the_counsellor(
    client: Any, appointment: Any, client_user: Any, counsellor: Any
) -> None:
    actions.give_reach(counsellor=counsellor.user, number="0811 222", now=appointment.created_at)
    client.force_login(client_user)
    assert client.post(address("prepare", appointment), {**GIVEN, **PLAN}).status_code == 302
    plan = queries.plan_of(appointment)
    assert (plan.caller, plan.after, plan.by, plan.where) == ("client", 10, "platform", "https://meet.example/nur")
    assert plan.counsellor_number == "0811 222"
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers_json FROM preparation_checkin")
        assert b"meet.example" not in bytes(cursor.fetchone()[0])
        cursor.execute("SELECT number FROM preparation_reach")
        assert b"0811" not in bytes(cursor.fetchone()[0])
    client.force_login(counsellor.user)
    assert "https://meet.example/nur" in client.get(address("seen", appointment)).content.decode()


def test_another_platform_needs_its_name_and_nothing_typed_is_lost(client: Any, appointment: Any, client_user: Any) -> None:
    client.force_login(client_user)
    answer = client.post(address("prepare", appointment), {**GIVEN, **PLAN, "plan_caller": "counsellor", "plan_where": ""})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["plan_where"])
    assert GIVEN["where"] in answer.content.decode()


def test_without_her_number_nobody_is_asked_to_call_the_counsellor(
    client: Any, appointment: Any, client_user: Any, counsellor: Any
) -> None:
    client.force_login(client_user)
    assert 'value="client"' not in client.get(address("prepare", appointment)).content.decode()
    answer = client.post(address("prepare", appointment), {**GIVEN, "plan_caller": "client"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["plan_caller"])
    actions.give_reach(counsellor=counsellor.user, number="0811 222", now=appointment.created_at)
    assert 'value="client"' in client.get(address("prepare", appointment)).content.decode()


def test_the_practices_rule_holds_where_nothing_was_said(appointment: Any, rules: Any) -> None:
    rules.plan_after_minutes, rules.plan_by = 3, "whatsapp"
    rules.save()
    appointment.refresh_from_db()
    plan = queries.plan_of(appointment)
    assert (plan.caller, plan.after, plan.by, plan.client_number) == ("counsellor", 3, "whatsapp", "")


def test_the_counsellor_gives_and_takes_back_her_number(client: Any, appointment: Any, counsellor: Any) -> None:
    client.force_login(counsellor.user)
    for typed, status, kept in (("0811 222", 302, "0811 222"), ("nomor", 422, "0811 222"), ("", 302, "")):
        answer = client.post(address("reach", appointment), {"number": typed})
        assert (answer.status_code, queries.reach_of(counsellor.user)) == (status, kept)
        assert status == 302 or "nomor" in answer.content.decode()
