"""What two people do together beside speaking: a file that goes across, and a board that both draw on."""

import hashlib
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from random import Random

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Person, Served, until
from tests.journeys.test_individual_session import meet


def png(side: int) -> bytes:
    """A real picture that cannot be made smaller."""
    noise = Random(4)
    rows = b"".join(b"\0" + noise.randbytes(side * 3) for _ in range(side))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def draw(page: Page, down: float) -> None:
    box = page.locator("[data-board-canvas]").bounding_box()
    assert box is not None
    y = box["y"] + box["height"] * down
    page.mouse.move(box["x"] + 30, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, y + 20, steps=5)
    page.mouse.move(box["x"] + box["width"] - 30, y, steps=5)
    page.mouse.up()


def open_board(page: Page) -> None:
    page.click('.controls [popovertarget="more"]')
    page.click("#more [data-open-board]")
    expect(page.locator("[data-board]")).to_be_visible()


def lines(page: Page, mine: int, theirs: int) -> None:
    expect(page.locator("[data-board-canvas]")).to_have_attribute("data-lines", f"{mine} {theirs}", timeout=20_000)


def test_a_picture_arrives_whole_and_is_saved(person: Callable[..., Person], served: Served, tmp_path: Path) -> None:
    client, counsellor = meet(person, served)
    picture = png(360)
    client.page.click('[data-open-drawer="chat-drawer"]')
    client.page.set_input_files("[data-give-file]", {"name": "../foto saya.html", "mimeType": "text/html", "buffer": picture})
    counsellor.page.click("#tab-chat")
    row = counsellor.page.locator("[data-files] > li")
    expect(row).to_contain_text("foto saya.html.png")
    assert Axe().run(counsellor.page).violations_count == 0
    assert Axe().run(client.page).violations_count == 0
    row.get_by_role("button", name="Terima", exact=True).click()
    save = row.get_by_role("link", name="Simpan")
    expect(save).to_be_visible(timeout=60_000)
    with counsellor.page.expect_download() as download:
        save.click()
    download.value.save_as(tmp_path / "saved")
    assert download.value.suggested_filename == "foto saya.html.png"
    assert hashlib.sha256((tmp_path / "saved").read_bytes()).digest() == hashlib.sha256(picture).digest()
    expect(client.page.locator("[data-files] > li")).to_contain_text("Sampai")
    assert row.locator("img").evaluate("(img) => [img.src.slice(0, 5), img.naturalWidth]") == ["blob:", 360]
    client.page.set_input_files("[data-give-file]", {"name": "x.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\0\3"})
    expect(client.page.locator("[data-files-status]")).to_contain_text("x.pdf tidak dapat dikirim")
    assert Axe().run(counsellor.page).violations_count == 0


def test_lines_of_both_outlive_a_reload_of_either(person: Callable[..., Person], served: Served) -> None:
    client, counsellor = meet(person, served)
    open_board(counsellor.page)
    draw(counsellor.page, 0.2)
    client.page.click("[data-board-news]")
    lines(client.page, 0, 1)
    draw(client.page, 0.5)
    draw(client.page, 0.7)
    lines(counsellor.page, 1, 2)
    for one in (client, counsellor):
        assert Axe().run(one.page).violations_count == 0
    for one, mine, theirs in ((client, 2, 1), (counsellor, 1, 2)):
        one.page.reload()
        one.page.click("[data-board-news]", timeout=30_000)
        lines(one.page, mine, theirs)
    client.page.click("[data-board-undo]")
    lines(counsellor.page, 1, 1)
    client.page.evaluate("Object.keys(sessionStorage).forEach((key) => key.endsWith('.board') && sessionStorage.removeItem(key))")
    client.page.reload()
    client.page.click("[data-board-news]", timeout=30_000)
    lines(client.page, 1, 1)
    counsellor.page.click('.controls [popovertarget="more"]')
    counsellor.page.click("#more [data-end]")
    counsellor.page.click("[data-end-yes]")
    kept = "Object.keys(sessionStorage).filter((key) => key.endsWith('.board')).length"
    for one in (client, counsellor):
        expect(one.page.locator('[data-view="over"]')).to_be_visible()
        until(lambda page=one.page: page.evaluate(kept) == 0, 5, "the board outlived the session")  # type: ignore[misc]
