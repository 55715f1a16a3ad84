"""Every page of the URL map in both languages, light and dark, on a phone, a tablet and a desk: nothing that axe
objects to, nothing wider than the screen (also with text at 200 %), nothing from elsewhere, a ring on whatever
has the focus.

``TATAP_LOOK=folder`` writes the pictures there; ``TATAP_LOOK_ONLY=pay,card`` walks the pages whose name holds one of
them."""

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError

from tatap.lib.neutral import ADDRESSES
from tests.journeys.conftest import Served, until
from tests.journeys.look_pages import NOT_A_PAGE, PLACES, Place

PHONE, TABLET, DESK = {"width": 360, "height": 740}, {"width": 768, "height": 1024}, {"width": 1280, "height": 800}
LANGUAGES = ("id", "en")
PICTURES = os.environ.get("TATAP_LOOK", "")
ONLY = os.environ.get("TATAP_LOOK_ONLY", "").split(",")
AXE = """async (colours) => {
  const rules = colours ? { runOnly: ["color-contrast", "link-in-text-block"] } : {};
  const found = await axe.run(document, { ...rules, resultTypes: ["violations"], iframes: false, preload: false });
  return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(" | ")}`);
}"""
TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return "";
  const out = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > room + 1);
  return `${document.documentElement.scrollWidth} px at ${room}: ${out.slice(-2).map((e) => e.outerHTML.slice(0, 90)).join(" … ")}`;
}"""
RINGLESS = """() => {
  const able = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const before = document.activeElement;
  const bare = [];
  for (const one of document.querySelectorAll(able)) {
    if (one.disabled || !one.getClientRects().length) continue;
    one.focus({ focusVisible: true, preventScroll: true });
    if (document.activeElement !== one) continue;
    const ring = [one, one.closest("label"), one.closest(".slot, .chip, .choice, .tick")].some((e) => {
      if (!e) return false;
      const style = getComputedStyle(e);
      return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && parseFloat(getComputedStyle(one).opacity || 1) + (e === one ? 0 : 1) > 0.5
        && !(e === one && (one.classList.contains("vh") || one.getClientRects()[0].width < 4));
    });
    if (!ring) bare.push(one.outerHTML.slice(0, 90));
  }
  before?.focus?.();
  return bare.slice(0, 3);
}"""


COVERED = """() => {
  const one = document.activeElement;
  if (one === document.body) return "";
  const whole = one.closest("label") || one;
  const box = whole.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return top && (whole.contains(top) || top.contains(whole)) ? "" : whole.outerHTML.slice(0, 90);
}"""


class Walk:
    """One browser; a context per person; what is wrong is gathered so that one run tells of every page."""

    def __init__(self, browser: Browser, served: Served, scene: dict[str, Any]) -> None:
        self.browser, self.served, self.scene = browser, served, scene
        self.origins = [served.origin, served.origin.replace("127.0.0.1", "asing.localhost")]
        self.axe = Axe().axe_script
        self.wrong: list[str] = []

    def context(self, who: str, language: str) -> BrowserContext:
        context = self.browser.new_context(viewport=PHONE, reduced_motion="reduce")
        context.set_default_timeout(30_000)
        cookies = {"bahasa": language} | ({"sesi": self.scene["sessions"][who]} if who != "nobody" else {})
        context.add_cookies([{"name": name, "value": value, "url": self.served.origin} for name, value in cookies.items()])
        if who != "nobody":
            page = context.new_page()
            page.goto(self.served.origin + "/bantuan/")
            if page.locator("html").get_attribute("lang") != language:
                page.locator('footer [name="language"]').click()
                page.wait_for_load_state()
            page.close()
        return context

    def page(self, context: BrowserContext, name: str) -> Page:
        self.name = name
        page = context.new_page()
        page.on("request", lambda request: self.own(request.url))
        page.on("pageerror", lambda problem: self.say(f"script: {problem}"))
        page.on("console", lambda line: self.heard(line.type, line.text))
        return page

    def heard(self, kind: str, text: str) -> None:
        if kind == "error" and "responded with a status of" not in text:  # the status is looked at by itself
            self.say(f"console: {text}")

    def visit(self, context: BrowserContext, place: Place, language: str) -> None:
        context.clear_permissions()
        if place.camera:
            context.grant_permissions(["camera", "microphone"], origin=self.served.origin)
        page = self.page(context, f"{place.name}-{language}")
        answered: list[int] = []
        page.on("response", lambda answer: answered.append(answer.status) if answer.request.is_navigation_request() else None)
        addresses = {**self.scene["address"], "code": self.served.code}
        page.goto(self.served.origin + place.path.format(**addresses))
        try:
            if place.act:
                place.act(page)
        except TimeoutError as late:
            self.say(f"the step did not lead on: {str(late).splitlines()[:4]}")
        if answered[-1] != place.status:
            self.say(f"answered {answered[-1]}")
        self.look(page, language)
        page.close()

    def look(self, page: Page, language: str) -> None:
        """axe in full once in the light, and about colours alone in the dark, since a theme changes nothing else;
        one language sees the light on a phone and the dark on a desk, the other the reverse."""
        if page.locator("html").get_attribute("lang") != language:
            self.say("another language")
        page.evaluate(self.axe)
        page.evaluate("scrollTo(0, 0)")
        in_full = PHONE if language == "id" else DESK
        for size, label in ((PHONE, "p"), (DESK, "d")):
            page.set_viewport_size(size)
            for theme, letter in (("light", "l"), ("dark", "d")):
                asked = (theme == "light") == (size is in_full)
                if asked or PICTURES:
                    page.emulate_media(color_scheme=theme)
                for problem in page.evaluate(AXE, theme == "dark") if asked else ():
                    self.say(f"{label}{letter} {problem}")
                self.picture(page, f"{label}{letter}")
            self.fits(page, label)
        page.emulate_media(color_scheme="light")
        page.evaluate("scrollTo(0, 0)")
        page.set_viewport_size(TABLET)
        self.fits(page, "tablet")
        page.set_viewport_size(PHONE)
        for bare in page.evaluate(RINGLESS):
            self.say(f"no ring: {bare}")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        page.evaluate("scrollTo(0, 0)")
        self.fits(page, "text at 200 %")
        self.picture(page, "p2")

    def fits(self, page: Page, label: str) -> None:
        if wide := page.evaluate(TOO_WIDE):
            self.say(f"{label} is wider than the screen: {wide}")

    def picture(self, page: Page, label: str) -> None:
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{self.name}-{label}.png", full_page=True, timeout=90_000)

    def own(self, url: str) -> None:
        if not url.startswith(("data:", "blob:", *self.origins)):
            self.say(f"a foreign request: {url}")

    def say(self, problem: str) -> None:
        self.wrong.append(f"{self.name}: {problem}")
        if PICTURES:
            print(self.wrong[-1], flush=True)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, dict[str, Any]]]:
    practice = Served(tmp_path_factory.mktemp("look"), "booked")
    said = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("look_scene.py"))],
        env={**practice.env, "TATAP_DEBUG": "1"}, capture_output=True, text=True, check=False,
    )
    assert said.returncode == 0, said.stderr[-3000:]
    practice.start()
    yield practice, json.loads(said.stdout)
    practice.stop()


def test_no_page_of_the_url_map_is_left_out(demo: tuple[Served, dict[str, Any]]) -> None:
    walked = {name for place in PLACES for name in place.shows}
    assert [name for name in demo[1]["routes"] if name not in walked | set(NOT_A_PAGE)] == []
    assert sorted(walked & set(NOT_A_PAGE)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_can_be_read_and_reached(
    chromium: Browser, demo: tuple[Served, dict[str, Any]], language: str
) -> None:
    served, scene = demo
    walk = Walk(chromium, served, scene)
    for who in dict.fromkeys(place.who for place in PLACES):
        places = [place for place in PLACES if place.who == who and any(word in place.name for word in ONLY)]
        if not places:
            continue
        context = walk.context(who, language)
        for place in places:
            walk.visit(context, place, language)
            if who == "nobody" and place.act:  # what a step left behind is not the next page's affair
                context.close()
                context = walk.context(who, language)
        context.close()
    assert walk.wrong == [], "\n".join(["", *walk.wrong])


def test_pages_of_a_bad_moment_and_the_gallery(chromium: Browser, demo: tuple[Served, dict[str, Any]]) -> None:
    """A name that is not ours, failures as they would be sent, what a quick exit shows, the parts by themselves."""
    served, scene = demo
    walk = Walk(chromium, served, scene)
    context = walk.context("nobody", "id")
    page = walk.page(context, "name-not-ours-id")
    assert page.goto(served.origin.replace("127.0.0.1", "asing.localhost")).status == 400
    walk.look(page, "id")
    page.close()
    for name, body in scene["failed"].items():
        page = walk.page(context, f"failed-{name}")
        page.route("**/gagal/", lambda route, _asked, body=body: route.fulfill(content_type="text/html; charset=utf-8", body=body))
        page.goto(served.origin + "/gagal/")
        walk.look(page, name.rpartition("-")[2])
        page.close()
    for language, path in ADDRESSES.items():
        page = walk.page(context, f"neutral-{language}")
        page.goto(served.origin + path)
        walk.look(page, language)
        page.close()
    with gallery(served) as address:
        page = walk.page(context, "gallery-id")
        walk.origins = [address]
        page.goto(f"{address}/gallery/")
        walk.look(page, "id")
    context.close()
    assert walk.wrong == [], "\n".join(["", *walk.wrong])


def test_a_time_is_reached_by_keyboard_alone_and_the_focus_is_never_covered(
    chromium: Browser, demo: tuple[Served, dict[str, Any]]
) -> None:
    served, _scene = demo
    context = chromium.new_context(viewport=PHONE, reduced_motion="reduce")
    page = context.new_page()
    page.goto(served.origin + "/")
    tab_to(page, '[name="hal"]')
    page.keyboard.press("Space")
    tab_to(page, ".hero .btn-main")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, "article.person .slot")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, "main .btn-main")
    assert page.evaluate("document.activeElement.textContent").strip() == "Buat akun dan pesan"
    context.close()


def tab_to(page: Page, selector: str) -> None:
    for _stop in range(60):
        page.keyboard.press("Tab")
        assert page.evaluate(COVERED) == ""
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    pytest.fail(f"the keyboard does not reach {selector}")


@contextmanager
def gallery(served: Served) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "tatap", "serve", "--port", str(port)],
        env={**served.env, "TATAP_DEBUG": "1", "TATAP_ORIGIN": origin, "TATAP_WORKER_IN_PROCESS": "0"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: answers(origin), 30, "the gallery was not served")
        yield origin
    finally:
        process.terminate()
        process.wait(10)


def answers(origin: str) -> bool:
    try:
        with urllib.request.urlopen(f"{origin}/garis/ping", timeout=2) as answer:
            return bool(answer.status == 204)
    except OSError:
        return False
