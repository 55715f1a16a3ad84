"""Spoken notes between two browsers: once each, in order, audible, and not lost by a reload."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Person, Served, until
from tests.journeys.test_individual_session import meet

# What the page makes into a sound: its length and loudness as a decoder sees them, and how often it was played out.
HEAR = """(() => {
  window.__heard = [];
  const make = URL.createObjectURL;
  URL.createObjectURL = (blob) => {
    const url = make.call(URL, blob);
    if (!blob.type.startsWith("audio/")) return url;
    const row = { url, ended: 0, seconds: 0, loudness: 0 };
    window.__heard.push(row);
    blob.arrayBuffer().then((b) => new OfflineAudioContext(1, 1, 48000).decodeAudioData(b)).then((sound) => {
      const samples = sound.getChannelData(0);
      row.seconds = sound.duration;
      row.loudness = Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
    });
    return url;
  };
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    const row = window.__heard.find(({ url }) => url === this.src);
    if (row) this.addEventListener("ended", () => row.ended++, { once: true });
    return play.call(this);
  };
})()"""
NO_LINE = """() => { for (const pc of window.__pcs) pc.close(); }"""


def speak(page: Page, seconds: float) -> None:
    button = page.locator("[data-speak]:visible").last
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.wait_for_timeout(seconds * 1000)  # speaking takes its time; nothing is waited for here
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")


def heard(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate("window.__heard")
    return found


def chat_notes(page: Page) -> Any:
    return page.locator(".chat [data-spoken-list]:visible > li")


def test_spoken_notes_arrive_once_in_order_and_can_be_heard(person: Callable[..., Person], served: Served) -> None:
    client, counsellor = meet(person, served)
    counsellor.page.evaluate(HEAR)
    client.page.click('[data-open-drawer="chat-drawer"]')
    counsellor.page.click("#tab-chat")
    speak(client.page, 1.5)
    speak(client.page, 3)
    arrived = chat_notes(counsellor.page)
    expect(arrived).to_have_count(2)
    expect(arrived.first).to_contain_text("2 dtk")
    expect(arrived.last).to_contain_text("3 dtk")
    # The live voice goes on, so nothing speaks into it by itself.
    assert heard(counsellor.page) == []
    for i in range(2):
        arrived.nth(i).get_by_role("button").click()
        expect(arrived.nth(i)).to_contain_text("Sudah didengar")
    sounds = heard(counsellor.page)
    assert [sound["ended"] for sound in sounds] == [1, 1]
    assert 1.2 < sounds[0]["seconds"] < 2.5 < sounds[1]["seconds"] < 4
    assert min(sound["loudness"] for sound in sounds) > 0.01
    expect(chat_notes(client.page).first).to_contain_text("Sudah didengar")
    expect(chat_notes(client.page).last).to_contain_text("Sudah didengar")
    expect(arrived).to_have_count(2)


def test_a_note_outlives_the_reload_of_its_speaker(person: Callable[..., Person], served: Served) -> None:
    client, counsellor = meet(person, served)
    client.page.click('[data-open-drawer="chat-drawer"]')
    counsellor.page.click("#tab-chat")
    speak(client.page, 1)
    expect(chat_notes(counsellor.page)).to_have_count(1)
    counsellor.context.set_offline(True)
    served.kill()
    counsellor.page.evaluate(NO_LINE)
    speak(client.page, 2)
    expect(chat_notes(client.page).last).to_contain_text("Disimpan di sini")
    served.start()
    client.page.reload()
    client.page.click('[data-open-drawer="chat-drawer"]')
    counsellor.context.set_offline(False)
    arrived = chat_notes(counsellor.page)
    expect(arrived).to_have_count(2, timeout=40_000)
    expect(arrived.last).to_contain_text("2 dtk")
    until(lambda: "Sampai" in (chat_notes(client.page).last.text_content() or ""), 20, "the speaker was not told")
