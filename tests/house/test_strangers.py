"""Every URL of the house × everybody it is not for. A new route fails here until it is in the table."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tatap.bookings.models import Appointment

OPEN, SIGNED_IN, TAKES_PART, CLIENT_ONLY, COUNSELLOR_ONLY, MANAGER_ONLY, ELSEWHERE = (
    "open", "signed in", "participants", "client", "counsellor", "manager", "its own test",
)
FOR = {
    "front": OPEN, "help": OPEN, "privacy": OPEN, "set_language": ELSEWHERE, "counsellors:directory": OPEN, "counsellors:profile": OPEN,
    "counsellors:photo": ELSEWHERE, "journey:book": OPEN, "journey:signed": ELSEWHERE,
    "accounts:settings": SIGNED_IN, "accounts:consent": SIGNED_IN, "accounts:sign_out_everywhere": SIGNED_IN,
    "accounts:invitation": ELSEWHERE, "journey:sessions": SIGNED_IN, "journey:who_looked": SIGNED_IN,
    "journey:appointment": TAKES_PART, "journey:move": TAKES_PART, "journey:late_refund": TAKES_PART, "journey:absence": MANAGER_ONLY, "journey:cancel": TAKES_PART,
    "payments:pay": CLIENT_ONLY, "payments:receipt": CLIENT_ONLY, "payments:receipt_pdf": CLIENT_ONLY,
    "preparation:prepare": TAKES_PART, "preparation:device": TAKES_PART, "preparation:seen": COUNSELLOR_ONLY,
    "callroom:room": TAKES_PART, "callroom:ticket": TAKES_PART, "callroom:ice": TAKES_PART,
    "callroom:offline": OPEN, "service_worker": OPEN, "callroom:line": TAKES_PART, "callroom:held": TAKES_PART, "preparation:ways": TAKES_PART, "callroom:extend": COUNSELLOR_ONLY, "preparation:reach": COUNSELLOR_ONLY,
    "closing:card": TAKES_PART, "closing:card_state": TAKES_PART, "closing:card_save": COUNSELLOR_ONLY,
    "closing:accept": CLIENT_ONLY, "closing:add": CLIENT_ONLY, "closing:casenotes": COUNSELLOR_ONLY,
    "closing:casenotes_save": COUNSELLOR_ONLY, "followup:opening": TAKES_PART, "followup:tasks": ELSEWHERE,
    "followup:tick": ELSEWHERE, "journey:day": ELSEWHERE, "bookings:hours": ELSEWHERE, "counsellors:edit": ELSEWHERE,
    "journey:overview": MANAGER_ONLY, "journey:overview_csv": MANAGER_ONLY, "payments:transfers": MANAGER_ONLY,
    "payments:transfers_csv": MANAGER_ONLY, "payments:proof": MANAGER_ONLY, "counsellors:licences": MANAGER_ONLY, "counsellors:licences_csv": MANAGER_ONLY, "counsellors:terms": MANAGER_ONLY,
    "accounts:people": MANAGER_ONLY, "accounts:people_csv": MANAGER_ONLY, "accounts:connection": MANAGER_ONLY,
    "accounts:invite": MANAGER_ONLY, "bookings:rules": MANAGER_ONLY,
}
UUID = "00000000-0000-0000-0000-000000000001"


def routes(resolver: URLResolver, prefix: str = "", names: str = "") -> list[tuple[str, str]]:
    found = []
    for item in resolver.url_patterns:
        path = prefix + str(item.pattern)
        if isinstance(item, URLResolver):
            space = f"{item.namespace}:" if item.namespace else ""
            found += routes(item, path, names + space)
        elif isinstance(item, URLPattern) and not path.startswith("akun/"):
            found.append((names + (item.name or ""), "/" + path))
    return found


ROUTES = routes(get_resolver())


def test_no_route_is_left_out() -> None:
    assert sorted(name for name, _path in ROUTES if name not in FOR) == []


def address(path: str, appointment: Appointment) -> str:
    for part, value in {
        "<str:code>": appointment.code, "<slug:slug>": appointment.counsellor.slug, "<uuid:proof_id>": UUID,
        "<uuid:task_id>": UUID, "<uuid:token>": UUID, "<str:token>": "x",
    }.items():
        path = path.replace(part, value)
    return path


def answers(client: Client, path: str) -> set[int]:
    return {client.get(path).status_code, client.post(path).status_code} - {405}


CLOSED = [(name, path) for name, path in ROUTES if FOR.get(name) not in {OPEN, ELSEWHERE}]


@pytest.mark.parametrize(("name", "path"), CLOSED, ids=[name for name, _path in CLOSED])
def test_nobody_sees_it_without_signing_in(client: Client, appointment: Appointment, name: str, path: str) -> None:
    assert answers(client, address(path, appointment)) <= {302, 404}


NOT_FOR = {
    TAKES_PART: ("other_client", "other_counsellor", "manager"),
    CLIENT_ONLY: ("other_client", "other_counsellor", "manager", "counsellor"),
    COUNSELLOR_ONLY: ("other_client", "other_counsellor", "manager", "client_user"),
    MANAGER_ONLY: ("other_client", "other_counsellor", "client_user", "counsellor"),
}
CASES = [(name, path, who) for name, path in CLOSED for who in NOT_FOR.get(FOR[name], ())]


@pytest.mark.parametrize(("name", "path", "who"), CASES, ids=[f"{name}-{who}" for name, _path, who in CASES])
def test_for_others_it_is_not_there(
    client: Client, appointment: Appointment, name: str, path: str, who: str, request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tatap.lib.clock.now", lambda: appointment.starts_at - timedelta(minutes=5))
    person: Any = request.getfixturevalue(who)
    client.force_login(getattr(person, "user", person))
    assert answers(client, address(path, appointment)) == {404}


OWN = [("journey:day", "/praktik/"), ("bookings:hours", "/praktik/jam/"), ("counsellors:edit", "/praktik/profil/")]


@pytest.mark.parametrize(("name", "path"), OWN)
@pytest.mark.parametrize("who", ["client_user", "manager"])
def test_a_counsellors_pages_are_hers(client: Client, name: str, path: str, who: str, request: pytest.FixtureRequest) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(path).status_code == 404


def test_the_demo_page_does_not_exist_elsewhere(client: Client, db: None) -> None:
    assert client.get("/demo/").status_code == 404
