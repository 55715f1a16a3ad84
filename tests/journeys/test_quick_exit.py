"""Out at once, and no way back on the screen."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.conftest import Person, Served, until
from tests.journeys.test_individual_session import meet

DEAD = """(() => {
  let pressed = 0;
  addEventListener("keyup", (event) => { if (event.key === "Escape") pressed = performance.now(); }, true);
  const stop = MediaStreamTrack.prototype.stop;
  MediaStreamTrack.prototype.stop = function () {
    stop.call(this);
    if (this.kind === "audio" && pressed) tellDead(performance.now() - pressed, this.readyState);
  };
})()"""


def test_one_key_kills_the_microphone_and_leaves_a_page_about_nothing(person: Callable[..., Person], served: Served) -> None:
    dead: list[tuple[float, str]] = []
    watched = person()
    watched.context.expose_function("tellDead", lambda ms, state: dead.append((ms, state)))
    watched.context.add_init_script(DEAD)
    client, counsellor = meet(lambda **size: watched if not size else person(**size), served)
    elsewhere = client.context.new_page()
    elsewhere.goto(served.origin + "/sesi/")
    entries = client.page.evaluate("history.length")

    client.page.bring_to_front()
    client.page.keyboard.press("Escape")
    client.page.wait_for_url("**/waktu/")
    assert dead and dead[0][0] <= 300 and dead[0][1] == "ended"
    assert client.page.evaluate("history.length") == entries  # the session's entry is replaced, none is added
    assert "sesi" not in client.page.content().lower()
    elsewhere.wait_for_url("**/waktu/")
    client.page.go_back()
    assert "/ruang/" not in client.page.url
    expect(counsellor.page.locator("[data-state-text]")).to_contain_text("keluar")


def test_the_page_about_nothing_comes_without_a_line(person: Callable[..., Person], served: Served) -> None:
    client = person()
    client.enter_as("client")
    client.go("/bantuan/")
    until(
        lambda: client.page.evaluate("performance.getEntriesByType('resource').some(({ name, responseEnd }) => name.endsWith('/waktu/') && responseEnd > 0)"),
        10, "the page was not fetched beforehand",
    )
    served.stop()
    client.page.keyboard.press("Escape")
    client.page.wait_for_url("**/waktu/")
    expect(client.page.get_by_role("heading", level=1)).to_be_visible()


def test_someone_is_near_means_writing_alone_until_one_is_alone_again(person: Callable[..., Person], served: Served) -> None:
    client, counsellor = meet(person, served)
    client.page.click('[popovertarget="more"]')
    client.page.click("[data-near-on]")
    assert client.page.evaluate("document.querySelector('[data-other-video]').muted")
    expect(counsellor.page.locator("[data-no-picture-why]")).to_contain_text("tulisan")
    expect(client.page.locator("#chat-drawer")).to_be_visible()
    client.page.fill("#chat-drawer [data-chat-input]", "Ada orang")
    client.page.keyboard.press("Enter")
    expect(counsellor.page.locator("[data-chat-lines]").first).to_contain_text("Ada orang")
    client.page.reload()
    expect(client.page.locator("[data-near]")).to_be_visible(timeout=20_000)
    expect(client.page.locator("#chat-drawer [data-chat-input]")).to_be_visible()
    assert client.page.evaluate("document.querySelector('[data-other-video]').muted")
    expect(client.page.locator("html")).to_have_attribute("data-hushed", "")
    expect(counsellor.page.locator("[data-no-picture-why]")).to_contain_text("tulisan", timeout=20_000)
    expect(counsellor.page.locator("[data-state-text]")).to_contain_text("membisukan mikrofon", timeout=20_000)
    client.page.click("#chat-drawer [data-close-drawer]")
    client.page.click("[data-near-off]")
    expect(client.page.locator("[data-near]")).to_be_hidden()
    expect(counsellor.page.locator("[data-no-picture]")).to_be_hidden(timeout=10_000)
