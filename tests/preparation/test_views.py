import json
from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse

from tatap.lib import clock
from tatap.preparation import actions
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
    assert CheckIn.objects.get().answers == {key: value for key, value in GIVEN.items() if key != "consent"}
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
