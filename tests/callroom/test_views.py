import base64
import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import signing
from django.urls import reverse

from tatap.callroom import actions, tickets
from tatap.lib import clock
from tatap.meetings.domain.relays import parse
from tatap.meetings.models import RelayHealth


@pytest.fixture
def start(appointment: Any, monkeypatch: Any) -> datetime:
    monkeypatch.setattr(clock, "now", lambda: appointment.starts_at)
    return appointment.starts_at


def address(name: str, appointment: Any) -> str:
    return reverse(f"callroom:{name}", args=[appointment.code])


@pytest.mark.parametrize(("name", "method"), [("room", "get"), ("ticket", "post"), ("ice", "post")])
def test_strangers_find_nothing(
    client: Any, appointment: Any, start: datetime, other_client: Any, other_counsellor: Any, manager: Any,
    name: str, method: str,
) -> None:
    assert getattr(client, method)(address(name, appointment)).status_code == 302
    for stranger in (other_client, other_counsellor.user, manager):
        client.force_login(stranger)
        assert getattr(client, method)(address(name, appointment)).status_code == 404


def test_both_enter_the_room(client: Any, appointment: Any, start: datetime, client_user: Any, counsellor: Any) -> None:
    for person, role in ((client_user, "client"), (counsellor.user, "counsellor")):
        client.force_login(person)
        response = client.get(address("room", appointment))
        assert response.templates[0].name == "callroom/room.html"
        assert response.context["config"]["me"] == {"id": person.pk, "role": role}


def test_the_ticket_says_who_comes_where(client: Any, appointment: Any, start: datetime, client_user: Any) -> None:
    client.force_login(client_user)
    response = client.post(address("ticket", appointment))
    read = tickets.read(response.json()["ticket"])
    assert (read.code, read.user_id, read.role) == (appointment.code, client_user.pk, "client")
    assert read.session == client.session.session_key
    assert response["Cache-Control"] == "no-store"
    assert tickets.read(client.post(address("ticket", appointment)).json()["ticket"]).nonce != read.nonce


def test_the_key_of_the_session_cannot_be_read_out_of_a_ticket() -> None:
    facts = signing.loads(tickets.make(code="A", user_id=1, role="client", session="kunci-sesi"), salt=tickets.SALT)
    assert "kunci-sesi" not in str(facts)
    assert b"kunci-sesi" not in base64.urlsafe_b64decode(facts["s"])


def test_a_ticket_lives_for_a_minute() -> None:
    old = signing.TimestampSigner(salt=tickets.SALT)
    old.timestamp = lambda: "1vWz00"  # type: ignore[method-assign]
    made = tickets.make(code="A", user_id=1, role="client", session="s")
    with pytest.raises(tickets.BadTicket):
        tickets.read(old.sign_object(signing.loads(made, salt=tickets.SALT)))


@pytest.mark.parametrize("text", ["", "x", "a:b:c", tickets.make(code="A", user_id=1, role="client", session="s")[:-2] + "xx"])
def test_a_ticket_that_is_not_ours(text: str) -> None:
    with pytest.raises(tickets.BadTicket):
        tickets.read(text)


def test_outside_the_window_there_is_no_ticket_and_the_page_says_when(
    client: Any, appointment: Any, client_user: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(clock, "now", lambda: appointment.starts_at - timedelta(minutes=16))
    client.force_login(client_user)
    response = client.post(address("ticket", appointment))
    assert (response.status_code, response.json()) == (409, {"reason": "not_in_window"})
    assert "18.45" in client.get(address("room", appointment)).content.decode()


def test_after_the_end_the_page_leads_to_the_card(
    client: Any, appointment: Any, start: datetime, client_user: Any, counsellor: Any
) -> None:
    actions.end(code=appointment.code, by_id=counsellor.user_id, now=start)
    client.force_login(client_user)
    assert reverse("closing:card", args=[appointment.code]) in client.get(address("room", appointment)).content.decode()


def test_relay_passwords_carry_a_pseudonym(
    client: Any, appointment: Any, start: datetime, client_user: Any, settings: Any
) -> None:
    settings.TURN_SECRETS, settings.TURN_RELAYS = ["turn-secret"], parse("turn:relay.example:3478")
    client.force_login(client_user)
    response = client.post(address("ice", appointment))
    expiry, _, pseudonym = response.json()["iceServers"][-1]["username"].partition(":")
    assert int(expiry) == int((start + timedelta(minutes=80)).timestamp())
    assert appointment.code not in pseudonym and len(pseudonym) == 16
    assert response["Cache-Control"] == "no-store"


def test_relay_passwords_are_given_ten_times_a_minute(
    client: Any, appointment: Any, start: datetime, client_user: Any, monkeypatch: Any
) -> None:
    client.force_login(client_user)
    codes = [client.post(address("ice", appointment)).status_code for _time in range(11)]
    assert codes == [200] * 10 + [429]
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=1))
    assert client.post(address("ice", appointment)).status_code == 200


def test_the_room_takes_few_queries(client: Any, appointment: Any, start: datetime, client_user: Any) -> None:
    from tests.closing.test_views import queries_of

    client.force_login(client_user)
    client.get(address("room", appointment))
    assert queries_of(lambda: client.get(address("room", appointment))) <= 12


def test_addresses_are_hidden_where_either_side_or_the_practice_wishes(
    client: Any, appointment: Any, start: datetime, client_user: Any, counsellor: Any, practice: Any
) -> None:
    client.force_login(client_user)

    def hidden() -> bool:
        told = client.post(address("ice", appointment)).json()
        return bool(told["hidden"])

    assert not hidden()
    for who in (client_user, counsellor.user, practice):
        name = "hide_addresses" if who is practice else "hide_address"
        setattr(who, name, True)
        who.save()
        assert hidden()
        setattr(who, name, False)
        who.save()


@pytest.mark.parametrize(("relays", "said"), [("turn:relay.example", "hidden"), ("", "wished")])
def test_both_are_told_whether_their_addresses_are_hidden(
    client: Any, appointment: Any, start: datetime, client_user: Any, counsellor: Any, settings: Any, relays: str, said: str
) -> None:
    settings.TURN_SECRETS, settings.TURN_RELAYS = ["turn-secret"], parse(relays)
    for person in (client_user, counsellor.user):
        client.force_login(person)
        assert "data-address" not in client.get(address("room", appointment)).content.decode()
    counsellor.user.hide_address = True
    counsellor.user.save()
    for person in (client_user, counsellor.user):
        client.force_login(person)
        assert f'data-address="{said}"' in client.get(address("room", appointment)).content.decode()


def test_a_browsers_doubt_is_logged_without_an_address_and_looked_into(
    client: Any, appointment: Any, start: datetime, client_user: Any, settings: Any, caplog: Any
) -> None:
    url, later = "turn:relay.example?transport=tcp", start + timedelta(minutes=4)
    settings.TURN_SECRETS, settings.TURN_RELAYS = ["turn-secret"], parse(f"turn:a.example; {url}")
    row = RelayHealth.objects.create(url=url, due_at=later, checked_at=start - timedelta(minutes=1))
    client.force_login(client_user)
    told = {"doubts": [{"url": url, "code": 701}, {"url": "turn:foreign.example", "code": 701}]}
    with caplog.at_level(logging.INFO, "tatap"):
        response = client.post(address("ice", appointment), told, content_type="application/json")
    assert len(response.json()["iceServers"]) >= 2
    assert caplog.messages == ["a browser did not come through relay 2 by tcp (701)"]
    assert RelayHealth.objects.get(pk=row.pk).due_at == start


@pytest.mark.parametrize("body", ["", "[]", "{", '{"doubts": 5}', '{"doubts": [{"url": []}]}', '{"doubts": [null]}', '{"doubts": {}}', "9" * 5000])
def test_a_browsers_nonsense_is_no_doubt(client: Any, appointment: Any, start: datetime, client_user: Any, body: str) -> None:
    client.force_login(client_user)
    assert client.post(address("ice", appointment), body, content_type="application/json").status_code == 200
