"""Stills in the place of a moving picture, with the room's own program and its session in the test's hand."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Person, Served, until
from tests.journeys.test_individual_session import WATCH

ROOT = Path(__file__).resolve().parents[2]
SHOWN = """() => {
  const image = document.querySelector("[data-still]:not([hidden]) img.is-on");
  if (!image) return null;
  const canvas = Object.assign(document.createElement("canvas"), { width: 16, height: 12 });
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0, 16, 12);
  const pixels = [...context.getImageData(0, 0, 16, 12).data];
  return { url: image.src, width: image.naturalWidth, height: image.naturalHeight, colours: new Set(pixels).size };
}"""
WEIGH = """() => {
  window.__weights = [];
  session.stills.onPicture((blob) => blob && window.__weights.push([blob.size, blob.type, performance.now()]));
}"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The room's program as it is, with its session left where a test can reach it."""
    made = tmp_path_factory.mktemp("program") / "room.js"
    subprocess.run(
        ["node_modules/.bin/esbuild", "browser/call/main.ts", "--bundle", "--format=esm", "--target=es2020",
         "--external:/static/*", "--footer:js=window.session = session;", f"--outfile={made}", "--log-level=error"],
        cwd=ROOT, check=True,
    )
    return made.read_text()


def in_room(person: Callable[..., Person], served: Served, program: str) -> tuple[Page, Page]:
    client, counsellor = person(), person(width=1280, height=800)
    for one, who in ((client, "client"), (counsellor, "counsellor")):
        one.context.add_init_script(WATCH)
        one.context.route(re.compile(r"/dist/room[.\w]*\.js$"), lambda route: route.fulfill(body=program, content_type="text/javascript"))
        one.enter_as(who)
        one.go(f"/sesi/{served.code}/ruang/")
    counsellor.page.click("[data-admit]")
    for one in (client, counsellor):
        until(lambda page=one.page: page.evaluate("session.bus.session !== null && session.state.admitted"), 20, "not connected")
    return client.page, counsellor.page


def wish(page: Page, level: int) -> None:
    """As a person does who wants to save data, or no longer."""
    page.click('[popovertarget="more"]:visible')
    page.check(f'[data-pin][value="{level}"]')
    page.keyboard.press("Escape")


def test_stills_show_in_the_place_of_the_picture_and_go_with_the_camera(
    person: Callable[..., Person], served: Served, program: str
) -> None:
    client, counsellor = in_room(person, served, program)
    counsellor.evaluate(WEIGH)
    wish(counsellor, 3)
    first = until(lambda: counsellor.evaluate(SHOWN), 15, "no still came")
    assert first["width"] * first["height"] <= 240 * 180 + 240
    assert first["colours"] > 8, "the still is empty"
    expect(counsellor.locator("[data-still] figcaption")).to_be_visible()
    expect(counsellor.locator("[data-no-picture]")).to_be_hidden()
    until(lambda: counsellor.evaluate(SHOWN)["url"] != first["url"], 10, "no second still came")
    weights = until(lambda: len(found := counsellor.evaluate("window.__weights")) > 2 and found, 15, "stills stopped")
    assert max(weight for weight, _type, _at in weights) <= 2800
    assert {kind for _weight, kind, _at in weights} == {"image/webp"}

    client.click("[data-toggle-cam]:visible")
    expect(counsellor.locator("[data-still]")).to_be_hidden()
    client.click("[data-toggle-cam]:visible")
    until(lambda: counsellor.evaluate(SHOWN), 15, "no still after the camera came back")
    wish(counsellor, 5)
    expect(counsellor.locator("[data-still]")).to_be_hidden(timeout=20_000)
    assert counsellor.evaluate("[...document.querySelectorAll('[data-still] img')].every((image) => !image.src)")


def test_without_live_voice_notes_play_by_themselves_in_order(
    person: Callable[..., Person], served: Served, program: str
) -> None:
    client, counsellor = in_room(person, served, program)
    client.evaluate("session.quality.setPin(1)")
    button = client.locator("[data-spoken-stage] [data-speak]")
    expect(button).to_be_visible()
    box = button.bounding_box()
    assert box is not None and box["height"] >= 48 and box["y"] > 370, "not in reach of the thumb"
    for time in ("0:01", "0:02"):
        button.click()
        expect(button).to_contain_text(time)
        button.click()
    notes = counsellor.locator("[data-spoken-stage] [data-spoken-list] > li")
    expect(notes).to_have_count(2)
    for i in range(2):
        expect(notes.nth(i)).to_contain_text("Sudah didengar", timeout=15_000)
        expect(client.locator("[data-spoken-stage] [data-spoken-list] > li").nth(i)).to_contain_text("Sudah didengar")


def test_somebody_near_silences_a_note_and_what_is_being_spoken(
    person: Callable[..., Person], served: Served, program: str
) -> None:
    client, counsellor = in_room(person, served, program)
    client.evaluate("session.quality.setPin(1)")
    speaking = client.locator("[data-spoken-stage] [data-speak]")
    speaking.click()
    expect(speaking).to_have_attribute("aria-pressed", "true")
    client.click('[popovertarget="more"]:visible')
    client.click("[data-near-on]:visible")
    expect(client.locator("[data-speak]:visible").first).to_have_attribute("aria-pressed", "false")
    counsellor.click("#tab-chat")
    button = counsellor.locator(".chat [data-speak]:visible")
    button.click()
    expect(button).to_contain_text("0:01")
    button.click()
    notes = client.locator(".chat [data-spoken-list]:visible > li")
    expect(notes).to_have_count(1)
    expect(notes).to_contain_text("Belum didengar")
    client.wait_for_timeout(1500)  # longer than it would take to be played
    expect(notes).to_contain_text("Belum didengar")
