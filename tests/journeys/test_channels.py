"""The channels between the two browsers: closed alone they come back; what is not ours closes them, and nothing else."""

from collections.abc import Callable
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Person, Served, until
from tests.journeys.test_individual_session import meet

KEPT = """(() => {
  const make = RTCPeerConnection.prototype.createDataChannel;
  window.channels = [];
  RTCPeerConnection.prototype.createDataChannel = function (...given) {
    const channel = make.apply(this, given);
    channels.push(channel);
    return channel;
  };
})()"""
TALK = "channels.filter(({ label, readyState }) => label === 'talk' && readyState === 'open')"


def talking(page: Page) -> int:
    return int(page.evaluate(f"{TALK}.length"))


def meet_watched(person: Callable[..., Person], served: Served) -> tuple[Person, Person]:
    def watched(**size: Any) -> Person:
        made = person(**size)
        made.context.add_init_script(KEPT)
        return made

    client, counsellor = meet(watched, served)
    for one in (client, counsellor):
        until(lambda page=one.page: talking(page) == 1, 20, "no channel between the two")  # type: ignore[misc]
    return client, counsellor


def wish(page: Page, level: int) -> None:
    page.evaluate(f"document.querySelector('[data-pin][value=\"{level}\"]').click()")


def test_channels_that_close_alone_come_back(person: Callable[..., Person], served: Served) -> None:
    client, counsellor = meet_watched(person, served)
    client.page.evaluate(f"{TALK}[0].close()")
    for one in (client, counsellor):
        until(lambda page=one.page: page.evaluate("channels.length") == 8, 20, "not opened once more")  # type: ignore[misc]
        until(lambda page=one.page: talking(page) == 1, 20, "no channel any more")  # type: ignore[misc]
    wish(counsellor.page, 2)
    expect(client.page.locator("[data-no-picture-why]")).to_contain_text("memilih tanpa gambar bergerak", timeout=20_000)
    for one in (client, counsellor):
        assert one.page.evaluate("[channels.length, window.__pcs.length]") == [8, 1]


def test_what_is_not_ours_closes_the_channels_and_nothing_else(person: Callable[..., Person], served: Served) -> None:
    client, counsellor = meet_watched(person, served)
    counsellor.page.evaluate(f"{TALK}[0].send('x'.repeat(20_000))")
    hint = client.page.locator("[data-pause-hint]")
    expect(hint).to_contain_text("tidak diterima halaman ini")
    assert Axe().run(client.page).violations_count == 0
    played = client.page.evaluate("document.querySelector('[data-other-video]').currentTime")
    until(
        lambda: client.page.evaluate("document.querySelector('[data-other-video]').currentTime") > played + 2, 10,
        "sound and picture did not go on",
    )
    counsellor.page.click("#tab-chat")
    counsellor.page.fill("[data-chat-input]:visible", "Saya masih di sini")
    counsellor.page.keyboard.press("Enter")
    expect(client.page.locator("[data-chat-lines]").first).to_contain_text("Saya masih di sini")
    hint.locator("[data-pause-close]").click()
    expect(hint).to_be_hidden()
    assert talking(client.page) == 0
    assert "xxxx" not in served.said()
