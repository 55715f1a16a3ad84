"""Noise suppression and background blur in a running call: what goes out never stops for either."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Person, Served, until
from tests.journeys.test_individual_session import flows, media, meet

GAP = 300  # ms without a packet of sound
# The longest stretch in which the counter of packets sent stood still, looked at every 20 ms.
WATCH_PACKETS = """() => {
  const watch = (window.__watch = { longest: 0, last: -1, seen: 0, since: performance.now(), on: true });
  (async () => {
    while (watch.on) {
      let sent = 0;
      for (const pc of window.__pcs) {
        if (pc.connectionState === "closed") continue;
        for (const row of (await pc.getStats()).values()) if (row.type === "outbound-rtp" && row.kind === "audio") sent += row.packetsSent;
      }
      const now = performance.now();
      if (sent !== watch.last) Object.assign(watch, { last: sent, seen: watch.seen + 1, since: now });
      watch.longest = Math.max(watch.longest, now - watch.since);
      await new Promise((done) => setTimeout(done, 20));
    }
  })();
}"""
LONGEST = "(() => { const { longest } = window.__watch; window.__watch.longest = 0; return longest; })()"
SENT = "window.__pcs.at(-1).getSenders().find((s) => s.track?.kind === '{kind}')?.track.label ?? ''"
# How sharp the picture is that goes out: the mean step from one pixel to the next.
SHARPNESS = """async (raw) => {
  const sent = () => window.__pcs.at(-1).getSenders().find((s) => s.track?.kind === "video")?.track;
  const sharp = async (track) => {
    const video = Object.assign(document.createElement("video"), { muted: true, srcObject: new MediaStream([track]) });
    await video.play();
    await new Promise((done) => video.requestVideoFrameCallback(done));
    const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 240 });
    const context = canvas.getContext("2d");
    context.drawImage(video, 0, 0, 320, 240);
    const pixels = context.getImageData(0, 0, 320, 240).data;
    let sum = 0;
    for (let i = 4; i < pixels.length; i += 4) sum += Math.abs(pixels[i + 1] - pixels[i - 3]);
    return sum / (320 * 240);
  };
  const before = await sharp(sent());
  document.querySelector('[data-filter="blur"]').click();
  for (let i = 0; i < 1200 && (!sent() || sent().label === raw); i++) await new Promise((done) => setTimeout(done, 50));
  return [before, await sharp(sent())];
}"""


def switch(page: Page, kind: str) -> None:
    page.evaluate("document.querySelector('#more').showPopover()")
    page.click(f'[data-filter="{kind}"]')


def label(page: Page, kind: str) -> str:
    return str(page.evaluate(SENT.replace("{kind}", kind)))


def test_suppression_goes_on_and_off_in_the_call_and_sound_never_stops(
    person: Callable[..., Person], served: Served
) -> None:
    client, counsellor = meet(person, served)
    page = client.page
    raw = label(page, "audio")
    page.evaluate(WATCH_PACKETS)
    until(lambda: page.evaluate("window.__watch.seen") > 40, 20, "too few packets of sound went out")
    usual = page.evaluate(LONGEST)
    gaps = []
    for on in (True, False, True):
        switch(page, "noise")
        expect(page.locator('[data-filter="noise"]')).to_have_attribute("aria-pressed", str(on).lower())
        if on:
            expect(page.locator('[data-filter-said="noise"]')).to_have_text("Suara di sekitar Anda diredam.", timeout=20_000)
        until(lambda on=on: (label(page, "audio") != raw) == on, 10, "the track that goes out did not change")
        flows(counsellor.page)
        gaps.append(page.evaluate(LONGEST))
    assert max(gaps) <= max(GAP, usual + 60), f"packets of sound stood still for {gaps} ms; {usual} ms before any switch"

    mute(page, counsellor.page)
    page.reload()
    flows(counsellor.page)
    expect(page.locator('[data-filter="noise"]')).to_have_attribute("aria-pressed", "true", timeout=30_000)


def mute(page: Page, other: Page) -> None:
    """What is muted at the microphone is silence behind the filter too."""
    page.keyboard.press("Escape")
    page.click("[data-toggle-mic]:visible")
    until(lambda: grown(other) < 1e-6, 10, "a muted voice is still heard")
    page.click("[data-toggle-mic]:visible")
    until(lambda: grown(other) > 1e-5, 10, "the voice did not come back")


def grown(page: Page) -> float:
    before: dict[str, Any] = media(page)
    page.wait_for_timeout(1000)
    return float(media(page)["energy"]) - float(before["energy"])


def test_the_background_is_blurred_and_pictures_go_on(person: Callable[..., Person], served: Served) -> None:
    client, counsellor = meet(person, served)
    page = client.page
    raw = label(page, "video")
    until(lambda: page.evaluate("Number(document.documentElement.dataset.level)") >= 4, 30, "the line never bore a picture")
    page.evaluate("document.querySelector('#more').showPopover()")
    before, after = page.evaluate(SHARPNESS, raw)
    # The camera's pattern moves: unblurred, two looks differ by a tenth.
    assert after < 0.7 * before, f"nothing is blurred: {before} before, {after} after"
    said = page.locator('[data-filter-said="blur"]')
    expect(said).to_have_text(re.compile("Hanya Anda|sibuk|Terlalu berat"), timeout=60_000)
    if "Terlalu berat" in said.inner_text():  # a machine without a graphics card steps down to nothing, and says so
        expect(page.locator('[data-filter="blur"]')).to_have_attribute("aria-pressed", "false")
        assert label(page, "video") == raw
    else:
        assert label(page, "video") != raw
    flows(counsellor.page)
