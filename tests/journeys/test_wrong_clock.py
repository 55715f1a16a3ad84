"""A phone whose clock is an hour wrong: what it says of time is the server's all the same."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Person, Served, until
from tests.journeys.test_individual_session import WATCH, flows

WRONG = [timedelta(hours=1), timedelta(hours=-1)]
ids = ["fast", "slow"]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """With all agreed for a line that breaks."""
    practice = Served(tmp_path, "prepared")
    practice.start()
    yield practice
    practice.stop()


def with_clock(make: Callable[..., Person], wrong: timedelta, **more: Any) -> Person:
    one = make(**more)
    one.context.clock.install(time=datetime.now(UTC) + wrong)
    return one


def is_wrong_by(page: Page, wrong: timedelta) -> None:
    theirs = page.evaluate("Date.now()") / 1000
    assert abs(theirs - (datetime.now(UTC) + wrong).timestamp()) < 30


def said(page: Page, selector: str) -> str:
    words = page.locator(selector)
    expect(words).not_to_be_empty()
    return words.inner_text()


def same(true: str, shown: str) -> None:
    """But for the minutes, which may have moved on by one between the two."""
    assert re.sub(r"\d+ menit|\d+ mnt", "", true) == re.sub(r"\d+ menit|\d+ mnt", "", shown)
    figures = [int(number) for words in (true, shown) for number in re.findall(r"(\d+) (?:menit|mnt)", words)]
    assert not figures or max(figures) - min(figures) <= 1, (true, shown)


def waiting(one: Person, code: str) -> list[str]:
    one.go(f"/sesi/{code}/ruang/")
    expect(one.page.locator("[data-wait-title]")).to_contain_text("belum")
    return [said(one.page, "[data-wait-title]"), said(one.page, "[data-wait-lead]")]


@pytest.mark.parametrize("wrong", WRONG, ids=ids)
def test_soon_and_the_waiting_room_are_true(person: Callable[..., Person], served: Served, wrong: timedelta) -> None:
    right, off = person(), with_clock(person, wrong)
    told = []
    for one in (right, off):
        one.enter_as("client")
        one.go("/sesi/")
        told.append([one.page.locator("main").inner_text(), *waiting(one, served.code)])
        if one is off:
            is_wrong_by(one.page, wrong)
        one.go("/sesi/")  # the seat is left, so that the other one finds it as this one did
    for true, shown in zip(*told, strict=True):
        same(true, shown)
    assert "belum datang" in told[1][1]
    assert re.search(r"pukul \d\d\.\d\d", told[1][2])


@pytest.mark.parametrize("wrong", WRONG, ids=ids)
def test_the_sessions_clock_is_true(person: Callable[..., Person], served: Served, wrong: timedelta) -> None:
    client, counsellor = with_clock(person, wrong), person(width=1280, height=800)
    for one, who in ((client, "client"), (counsellor, "counsellor")):
        one.context.add_init_script(WATCH)
        one.enter_as(who)
        one.go(f"/sesi/{served.code}/ruang/")
    counsellor.page.click("[data-admit]")
    flows(client.page)
    is_wrong_by(client.page, wrong)
    same(said(counsellor.page, "[data-clock-text]"), said(client.page, "[data-clock-text]"))
    phases = [one.page.locator("[data-clock]").get_attribute("data-phase") for one in (counsellor, client)]
    assert phases[0] == phases[1]


@pytest.mark.parametrize("wrong", WRONG, ids=ids)
def test_without_a_line_the_agreed_hour_is_true(person: Callable[..., Person], served: Served, wrong: timedelta) -> None:
    """Lost while waiting, then reloaded: the page that stands in knows no time but the phone's."""
    client = with_clock(person, wrong)
    client.enter_as("client")
    waiting(client, served.code)
    page = client.page
    until(lambda: page.evaluate("navigator.serviceWorker.controller !== null || navigator.serviceWorker.ready.then(() => true)"), 15, "no service worker")
    page.reload()
    expect(page.locator("[data-wait-title]")).to_contain_text("belum")
    client.context.set_offline(True)
    page.reload()
    words = said(page, "[data-plan-text]")
    found = re.search(r"(\d\d)[.:](\d\d)", words)
    assert found, words
    hour, minute = (int(part) for part in found.groups())
    now = datetime.now(UTC) + timedelta(hours=7)
    ahead = (hour * 60 + minute - now.hour * 60 - now.minute) % (24 * 60)
    assert 3 <= ahead <= 6, (words, now)
