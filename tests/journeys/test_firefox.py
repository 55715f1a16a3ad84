"""A session between two makers' browsers: Firefox ESR on one side, Chromium on the other, and the other way round."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest

from tests.journeys.conftest import Person, Served, until
from tests.journeys.firefox import MISSING, Firefox, FirefoxPage, there
from tests.journeys.test_individual_session import WATCH

pytestmark = pytest.mark.skipif(not there(), reason=MISSING)

SIZES = {"client": (360, 740), "counsellor": (1280, 800)}
CHAT = {"client": "#chat-drawer", "counsellor": "#panel-chat"}
OPEN_CHAT = {"client": '[data-open-drawer="chat-drawer"]', "counsellor": "#tab-chat"}
MEDIA = """async () => {
  const video = document.querySelector("[data-other-video]");
  const shown = new Promise((done) => video.requestVideoFrameCallback((_, { presentedFrames }) => done(presentedFrames)));
  const none = new Promise((done) => setTimeout(() => done(0), 800));
  const found = { frames: await Promise.race([shown, none]), energy: 0, packets: 0 };
  for (const pc of window.__pcs) (await pc.getStats()).forEach((row) => {
    if (row.type === "inbound-rtp" && row.kind === "audio") { found.energy += row.totalAudioEnergy ?? 0; found.packets += row.packetsReceived; }
  });
  return found;
}"""


class Side(Protocol):
    """What both browsers' pages can be asked to do."""

    def go(self, path: str) -> None: ...
    def enter_as(self, who: str) -> None: ...
    def reload(self) -> None: ...
    def evaluate(self, function: str) -> Any: ...
    def text(self, selector: str) -> str: ...
    def visible(self, selector: str) -> bool: ...
    def click(self, selector: str) -> None: ...
    def type(self, selector: str, words: str) -> None: ...


class InChromium:
    def __init__(self, person: Person) -> None:
        self.person, self.page = person, person.page
        self.go, self.enter_as, self.reload, self.evaluate = person.go, person.enter_as, self.page.reload, self.page.evaluate
        self.click, self.type = self.page.click, self.page.fill

    def text(self, selector: str) -> str:
        return (self.page.text_content(selector) or "").strip()

    def visible(self, selector: str) -> bool:
        return self.page.is_visible(selector)


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    browser = Firefox(tmp_path_factory.mktemp("firefox") / "profile")
    yield browser
    browser.close()


@pytest.fixture
def sides(firefox: Firefox, person: Callable[..., Person], served: Served) -> Iterator[Callable[[str], dict[str, Side]]]:
    made: list[FirefoxPage] = []

    def make(in_firefox: str) -> dict[str, Side]:
        found: dict[str, Side] = {}
        for who, (width, height) in SIZES.items():
            if who == in_firefox:
                made.append(FirefoxPage(firefox, served.origin, width=width, height=height))
                made[-1].before_each_page(WATCH)
                found[who] = made[-1]
            else:
                one = person(width=width, height=height)
                one.context.add_init_script(WATCH)
                found[who] = InChromium(one)
        return found

    yield make
    complaints = [words for page in made for words in page.complaints()]
    for page in made:
        page.close()
    assert complaints == []


def hears_and_sees(side: Side, seconds: float = 15) -> None:
    first = now = side.evaluate(MEDIA)

    def rises() -> bool:
        nonlocal now
        now = side.evaluate(MEDIA)
        return bool(now["frames"] > first["frames"] + 5 and now["energy"] > first["energy"] and now["packets"] > first["packets"] + 10)

    try:
        until(rises, seconds, "no picture or no sound")
    except pytest.fail.Exception as failed:
        raise AssertionError(f"{failed}: {first}, then {now}") from failed


def plays_again(side: Side) -> None:
    """Firefox may want a touch after a reload before it plays sound; the room then has a button for it."""
    waits = "() => !document.querySelector('[data-other-video]').paused || document.querySelector('[data-play]').checkVisibility()"
    until(lambda: side.evaluate(waits), 15, "neither picture nor button came back")
    if side.visible("[data-play]"):
        side.click("[data-play]")


def says(who: str, side: Side, other: str, heard: Side, words: str) -> None:
    side.type(f"{CHAT[who]} [data-chat-input]", words)
    side.click(f"{CHAT[who]} [data-chat-form] button[type=submit]")
    until(lambda: words in heard.text(f"{CHAT[other]} [data-chat-lines]"), 10, f"“{words}” did not arrive at the {other}")


def four_words(side: Side) -> str:
    until(lambda: side.text("[data-trust-chip]") == "Terenkripsi, belum diperiksa", 15, "the words were not made")
    side.click("[data-trust-chip]")
    until(lambda: side.evaluate("() => document.querySelectorAll('[data-words-list] li').length") == 4, 15, "no four words came")
    return side.text("[data-words-list]")


def is_told(side: Side, words: str) -> None:
    until(lambda: words in side.text("[data-state-text]"), 10, f"not told: {words}; but {side.text('[data-state-text]')!r}")


@pytest.mark.parametrize("in_firefox", ["client", "counsellor"])
def test_firefox_and_chromium_hold_a_session(
    sides: Callable[[str], dict[str, Side]], served: Served, in_firefox: str
) -> None:
    both = sides(in_firefox)
    client, counsellor = both["client"], both["counsellor"]
    other = next(who for who in both if who != in_firefox)
    mine, theirs = both[in_firefox], both[other]
    for who, side in both.items():
        side.enter_as(who)
        side.go(f"/sesi/{served.code}/ruang/")
    mine.click("[data-open-devices]")  # Firefox asks each time, and tells no page beforehand that it need not
    counsellor.click("[data-admit]")
    for side in both.values():
        hears_and_sees(side)

    for who, side in both.items():
        side.click(OPEN_CHAT[who])
    says("client", client, "counsellor", counsellor, "Saya agak gugup")
    says("counsellor", counsellor, "client", client, "Tidak apa-apa, pelan saja")
    client.click("#chat-drawer [data-close-drawer]")

    assert four_words(client) == four_words(counsellor)
    for side in both.values():
        side.click("[data-words-match]")
    for side in both.values():
        until(lambda side=side: side.text("[data-trust-chip]") == "Terenkripsi dan sudah diperiksa", 10, "the match was not kept")
        side.click("#word-sheet .sheet-top button")

    mine.click("[data-controls] [data-toggle-mic]")
    is_told(theirs, "membisukan mikrofon")
    assert counsellor.visible("[data-other-video]")

    mine.reload()
    plays_again(mine)
    hears_and_sees(mine)
    is_told(theirs, "membisukan mikrofon")  # what was muted is muted still
    mine.click("[data-controls] [data-toggle-mic]")
    hears_and_sees(theirs)
    for side in both.values():
        until(lambda side=side: side.text("[data-trust-chip]") == "Terenkripsi dan sudah diperiksa", 15, "the pair was not known again")
