"""Encryption that two people check by four words."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from tests.journeys.conftest import Person, Served, until
from tests.journeys.test_individual_session import WATCH, flows, media, meet

ROOT = Path(__file__).parents[2]


def open_words(page: Page) -> None:
    page.click("[data-trust-chip]")
    expect(page.locator("#word-sheet")).to_be_visible()


def four_words(page: Page) -> list[str]:
    items = page.locator("[data-words-list] li")
    until(lambda: items.count() == 4, 15, "no four words came")
    return items.all_inner_texts()


def both_match(*people: Person) -> None:
    for one in people:
        open_words(one.page)
    first, second = (four_words(one.page) for one in people)
    assert first == second
    for one in people:
        one.page.click("[data-words-match]")
    for one in people:
        expect(one.page.locator("[data-words-title]")).to_have_text("Terenkripsi dan sudah diperiksa")
        one.page.keyboard.press("Escape")


def stands_still(*people: Person) -> None:
    """No picture is drawn and no sound arrives any more, from two seconds after the stop at the latest."""
    for one in people:
        one.page.wait_for_timeout(2000)
        first = media(one.page)
        one.page.wait_for_timeout(1500)
        assert media(one.page) == first


def test_honest_browsers_show_the_same_words_and_remember(person: Callable[..., Person], served: Served) -> None:
    client, counsellor = meet(person, served)
    expect(client.page.locator("[data-trust-chip]")).to_have_text("Terenkripsi, belum diperiksa")
    both_match(counsellor, client)
    client.page.reload()
    flows(client.page, 15)
    for one in (client, counsellor):
        expect(one.page.locator("[data-trust-chip]")).to_have_text("Terenkripsi dan sudah diperiksa")
    open_words(client.page)
    expect(client.page.locator("[data-words-text]")).to_contain_text("Anda memeriksanya bersama pada")


def test_words_that_differ_stop_both_until_each_asks_again(person: Callable[..., Person], served: Served) -> None:
    client, counsellor = meet(person, served)
    open_words(client.page)
    before = four_words(client.page)
    client.page.click("[data-words-differ]")
    for one in (client, counsellor):
        expect(one.page.locator("[data-trust-stop]")).to_be_visible()
    expect(counsellor.page.locator("[data-trust-stop-text]")).to_contain_text("katanya berbeda")
    stands_still(client, counsellor)

    client.page.reload()
    expect(client.page.locator("[data-trust-stop]")).to_be_visible()
    counsellor.page.locator("[data-trust-stop] [data-words-anew]").click()
    expect(counsellor.page.locator("[data-state-text]")).to_contain_text("menghentikan suara dan gambar")
    client.page.locator("[data-trust-stop] [data-words-anew]").click()
    flows(client.page)
    flows(counsellor.page)
    open_words(client.page)
    assert four_words(client.page) != before


class Hostile:
    """A server that introduces each browser to a third one in the middle; everything else it passes on."""

    def __init__(self, browser: Browser, served: Served) -> None:
        made = subprocess.run(
            [str(ROOT / "node_modules/.bin/esbuild"), "browser/testing/middle.ts", "--bundle", "--format=iife"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )
        self.served = served
        self.page = browser.new_context().new_page()
        self.page.goto(f"{served.origin}/bantuan/")
        self.page.evaluate(made.stdout)
        self.heard: list[tuple[str, Any]] = []
        self.sockets: dict[str, WebSocketRoute] = {}
        self.ids: dict[str, int] = {}

    def sit_between(self, client: Person, counsellor: Person) -> None:
        for who, one in (("client", client), ("counsellor", counsellor)):
            one.page.route_web_socket(re.compile("/ruang/socket"), lambda ws, who=who: self._tap(who, ws))  # type: ignore[misc]

    def _tap(self, who: str, ws: WebSocketRoute) -> None:
        server = ws.connect_to_server()
        self.sockets[who] = ws

        def upward(text: str | bytes) -> None:
            frame = json.loads(text)
            if frame["t"] == "signal":
                self.heard.append((who, frame["d"]))
            else:
                server.send(text)

        ws.on_message(upward)

    def begin(self, client: Person, counsellor: Person) -> None:
        for who, one in (("client", client), ("counsellor", counsellor)):
            self.ids[who] = one.page.evaluate("JSON.parse(document.getElementById('config').textContent).me.id")
        self.page.evaluate("([code, a, b]) => hostile.start(code, a, b)", [self.served.code, self.ids["client"], self.ids["counsellor"]])

    def carry(self) -> None:
        heard, self.heard = self.heard, []
        for who, data in heard:
            self.page.evaluate("([who, d]) => hostile.take(who, d)", [who, data])
        for item in self.page.evaluate("hostile.out.splice(0)"):
            other = "counsellor" if item["leg"] == "client" else "client"
            frame = {"t": "signal", "from": self.ids[other], "tab": "x", "d": item["d"]}
            self.sockets[item["leg"]].send(json.dumps(frame))

    def until(self, fact: Callable[[], Any], seconds: float, sentence: str) -> None:
        def carried() -> Any:
            self.carry()
            return fact()

        until(carried, seconds, sentence)


@pytest.fixture
def hostile(chromium: Browser, served: Served) -> Iterator[Hostile]:
    made = Hostile(chromium, served)
    yield made
    made.page.context.close()


def enter(client: Person, counsellor: Person, served: Served) -> None:
    for one, who in ((client, "client"), (counsellor, "counsellor")):
        one.context.add_init_script(WATCH)
        one.enter_as(who)
        one.go(f"/sesi/{served.code}/ruang/")


def moves(page: Page) -> bool:
    return media(page)["frames"] > 5


def test_a_middle_is_found_by_the_words_and_media_stop(
    person: Callable[..., Person], served: Served, hostile: Hostile
) -> None:
    client, counsellor = person(), person(width=1280, height=800)
    hostile.sit_between(client, counsellor)
    enter(client, counsellor, served)
    hostile.begin(client, counsellor)
    counsellor.page.click("[data-admit]")
    hostile.until(lambda: moves(client.page) and moves(counsellor.page), 40, "the middle did not even pass the picture on")
    open_words(client.page)
    open_words(counsellor.page)
    words = {"client": four_words(client.page), "counsellor": four_words(counsellor.page)}
    assert hostile.page.evaluate("hostile.words()") == words  # the middle holds both ends
    assert words["client"] != words["counsellor"]
    expect(client.page.locator("[data-words-title]")).to_have_text("Terenkripsi, belum diperiksa")
    counsellor.page.click("[data-words-differ]")
    for one in (counsellor, client):
        expect(one.page.locator("[data-trust-stop]")).to_be_visible()
    stands_still(counsellor, client)
    assert client.page.evaluate("window.__pcs.every((pc) => pc.connectionState === 'closed')")


def test_a_middle_that_comes_after_the_words_were_read_is_raised_without_a_press(
    person: Callable[..., Person], served: Served, hostile: Hostile
) -> None:
    client, counsellor = meet(person, served)
    both_match(client, counsellor)
    hostile.sit_between(client, counsellor)
    client.page.reload()
    counsellor.page.reload()
    for one in (client, counsellor):
        expect(one.page.locator("html")).to_have_attribute("data-stage", "in")
    hostile.begin(client, counsellor)
    notes = [one.page.locator("[data-trust-note]") for one in (client, counsellor)]
    hostile.until(lambda: all(note.is_visible() for note in notes), 40, "nothing was raised")
    for one in (client, counsellor):
        expect(one.page.locator("[data-trust-chip]")).to_have_text("Perangkat baru: bacakan lagi katanya")
    assert [one.page.locator("[data-words-title]").text_content() for one in (client, counsellor)] == [
        "Perangkat baru: bacakan lagi katanya"
    ] * 2


def test_a_description_with_another_certificate_is_not_followed(person: Callable[..., Person], served: Served) -> None:
    """A hostile server that only rewrites fingerprints keeps the two apart; it never sits between them."""
    client, counsellor = person(), person(width=1280, height=800)

    def rewriting(ws: WebSocketRoute) -> None:
        server = ws.connect_to_server()

        def downward(text: str | bytes) -> None:
            frame = json.loads(text)
            description = frame.get("d", {}).get("description") if frame["t"] == "signal" else None
            if description:
                description["short"]["lines"][-1:] = ["a=fingerprint:sha-256 " + ":".join(["AB"] * 32), ""]
            ws.send(json.dumps(frame))

        server.on_message(downward)

    client.page.route_web_socket(re.compile("/ruang/socket"), rewriting)
    enter(client, counsellor, served)
    counsellor.page.click("[data-admit]")
    note = client.page.locator("[data-trust-note]")
    until(note.is_visible, 20, "a second certificate was not told")
    assert client.page.locator("[data-trust-chip]").text_content() == "Pemeriksaan terhenti"
    assert media(client.page)["frames"] == 0
