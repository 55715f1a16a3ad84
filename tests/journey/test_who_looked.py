"""What others did with a person's things, day by day and page by page."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import tatap
from tatap.audit.models import Event
from tatap.journey.queries import LOOKS
from tatap.journey.templatetags.audit_words import _sentences

PAGE = "/saya/jejak/"


def looked(person: Any, by: Any, times: list[datetime]) -> list[Event]:
    return [
        Event.objects.create(
            at=at, actor=str(by.pk), actor_role="counsellor", verb="card.opened", subject=f"appointment:C{n:05d}", about=str(person.pk)
        )
        for n, at in enumerate(times)
    ]


def codes(page: str) -> list[str]:
    return re.findall(r"C\d{5}", page)


def onward(page: str) -> str:
    found = re.search(r'(\?sebelum=\d+)" rel="next"', page)
    return found.group(1) if found else ""


@pytest.fixture
def mine(client: Client, client_user: Any, practice: Any) -> Client:
    client.force_login(client_user)
    return client


def test_a_hundred_lines_are_read_page_by_page_each_once(mine: Client, client_user: Any, counsellor: Any, now: datetime) -> None:
    """Some in the same moment, as where one step does several things."""
    looked(client_user, counsellor.user, [now - timedelta(hours=n // 3) for n in range(100)])
    read, address, pages = [], PAGE, 0
    while address and pages < 9:
        page = mine.get(address).content.decode()
        read += codes(page)
        step, pages = onward(page), pages + 1
        address = PAGE + step if step else ""
    assert (len(read), len(set(read)), pages) == (100, 100, -(-100 // LOOKS))


def test_as_many_lines_as_fit_need_no_second_page(mine: Client, client_user: Any, counsellor: Any, now: datetime) -> None:
    looked(client_user, counsellor.user, [now - timedelta(hours=n) for n in range(LOOKS)])
    assert onward(mine.get(PAGE).content.decode()) == ""


def test_days_are_those_of_the_reader(mine: Client, client_user: Any, counsellor: Any) -> None:
    """23.30 WIB and half an hour after midnight: one day in UTC, two for her."""
    late = datetime.fromisoformat("2026-11-24T16:30:00+00:00")
    looked(client_user, counsellor.user, [late, late + timedelta(hours=1)])
    page = mine.get(PAGE).content.decode()
    assert re.findall(r"<h2[^>]*>([^<]+)<", page)[:2] == ["Rabu, 25 November 2026", "Selasa, 24 November 2026"]


def test_the_database_is_asked_as_often_for_a_hundred_as_for_three(mine: Client, client_user: Any, counsellor: Any, now: datetime) -> None:
    mine.get(PAGE)
    counts = []
    for many in (3, 97):
        looked(client_user, counsellor.user, [now - timedelta(hours=n) for n in range(many)])
        with CaptureQueriesContext(connection) as asked:
            mine.get(PAGE)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("word", ["", "x", "-1", "99999999999999999999", "²", "0"])
def test_an_address_that_names_no_line_shows_the_latest(mine: Client, client_user: Any, counsellor: Any, now: datetime, word: str) -> None:
    looked(client_user, counsellor.user, [now])
    assert codes(mine.get(PAGE, {"sebelum": word}).content.decode()) == ["C00000"]


def test_a_line_of_somebody_elses_leads_nowhere(mine: Client, client_user: Any, other_client: Any, counsellor: Any, now: datetime) -> None:
    looked(client_user, counsellor.user, [now])
    theirs = looked(other_client, counsellor.user, [now - timedelta(days=1)])[0]
    assert codes(mine.get(PAGE, {"sebelum": theirs.pk}).content.decode()) == ["C00000"]


def test_every_verb_a_person_can_read_about_herself_is_a_sentence() -> None:
    calls = re.compile(r"audit\.record\((?:[^()]|\([^()]*\))*\)")
    told = {
        verb
        for path in Path(tatap.__file__).parent.rglob("*.py")
        for call in calls.findall(path.read_text())
        if "about=" in call
        for verb in re.findall(r'verb="([a-z_.]+)"', call)
    }
    assert len(told) > 15
    assert sorted(told - {"late.refund_chosen"} - set(_sentences())) == []  # that one she did herself
