from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from tatap.audit.models import Event
from tatap.lib import clock
from tatap.meetings.domain.relays import parse
from tatap.meetings.models import RelayHealth

SETTINGS, CONNECTION = reverse("accounts:settings"), reverse("accounts:connection")


def test_a_person_hides_her_address(client: Any, client_user: Any) -> None:
    client.force_login(client_user)
    form = {"alias": "Kirana", "language": "id", "zone": "Asia/Jakarta"}
    client.post(SETTINGS, {**form, "hide_address": "on"})
    client_user.refresh_from_db()
    assert client_user.hide_address
    client.post(SETTINGS, form)
    client_user.refresh_from_db()
    assert not client_user.hide_address


@pytest.mark.parametrize(("relays", "said"), [("", True), ("turn:a.example", False)])
def test_she_is_told_where_it_cannot_be_hidden(client: Any, client_user: Any, settings: Any, relays: str, said: bool) -> None:
    settings.TURN_SECRETS, settings.TURN_RELAYS = ["x"], parse(relays)
    client_user.language = "en"
    client_user.save()
    client.force_login(client_user)
    assert ("cannot be hidden at present" in client.get(SETTINGS).content.decode()) is said


def test_the_manager_hides_everybodys_once_in_the_record(client: Any, manager: Any, practice: Any) -> None:
    client.force_login(manager)
    for _time in range(2):
        client.post(CONNECTION, {"hide_addresses": "on"})
    practice.refresh_from_db()
    assert practice.hide_addresses
    assert Event.objects.filter(verb="practice.hide_addresses").count() == 1


def test_the_manager_sees_each_relay_as_it_was_found(
    client: Any, manager: Any, practice: Any, settings: Any, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)
    settings.TURN_SECRETS = ["x"]
    settings.TURN_RELAYS = parse("turn:a.example,turns:a.example; turn:b.example")
    manager.language = "en"
    manager.save()
    client.force_login(manager)
    assert "Not looked at yet" in client.get(CONNECTION).content.decode()
    facts = {"due_at": now, "checked_at": now}
    RelayHealth.objects.create(url="turn:a.example", good_at=now, took_ms=41, **facts)
    RelayHealth.objects.create(url="turns:a.example", good_at=now, took_ms=80, certificate_until=now + timedelta(days=2), **facts)
    RelayHealth.objects.create(url="turn:b.example", problem="password", good_at=now, **facts)
    page = client.get(CONNECTION).content.decode()
    for words in ("ready after 41 ms", "renew it", "Refuses the passwords made here", "Last well on"):
        assert words in page
    assert "A relay needs care" in client.get(reverse("journey:overview")).content.decode()
    assert "a.example" not in page
