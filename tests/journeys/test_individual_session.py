"""The seed, heading by heading, by two people with two browsers."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Person, Served, until

MEDIA = """async () => {
  const video = document.querySelector("[data-other-video]");
  const pcs = window.__pcs || [];
  let energy = 0, packets = 0;
  for (const pc of pcs) (await pc.getStats()).forEach((row) => {
    if (row.type === "inbound-rtp" && row.kind === "audio") { energy += row.totalAudioEnergy || 0; packets += row.packetsReceived; }
  });
  return { frames: video ? video.getVideoPlaybackQuality().totalVideoFrames : 0, energy, packets };
}"""
WATCH = """(() => {
  const Real = window.RTCPeerConnection;
  const made = (window.__made = parent !== window && parent.__made ? parent.__made : []);
  // Without those that are kept for a move, or tried for it and closed: nothing goes over them.
  const used = (pc) => (pc.connectionState === "new" ? !pc.remoteDescription : pc.localDescription !== null);
  Object.defineProperty(window, "__pcs", { get: () => made.filter(used) });
  window.RTCPeerConnection = class extends Real { constructor(...a) { super(...a); made.push(this); } };
})()"""


def media(page: Page) -> dict[str, float]:
    found: dict[str, float] = page.evaluate(MEDIA)
    return found


def flows(page: Page, seconds: float = 15) -> None:
    """Pictures move and sound arrives."""
    first = media(page)
    until(
        lambda: (now := media(page))["frames"] > first["frames"] + 5 and now["energy"] > first["energy"],
        seconds, f"no picture or no sound: {first} then {media(page)}",
    )


def meet(person: Callable[..., Person], served: Served) -> tuple[Person, Person]:
    """Both in the room, the client let in."""
    client, counsellor = person(), person(width=1280, height=800)
    for one, who in ((client, "client"), (counsellor, "counsellor")):
        one.context.add_init_script(WATCH)
        one.enter_as(who)
    client.go(f"/sesi/{served.code}/ruang/")
    counsellor.go(f"/sesi/{served.code}/ruang/")
    counsellor.page.click("[data-admit]")
    flows(client.page)
    flows(counsellor.page)
    return client, counsellor


def latest_code(served: Served) -> str:
    found = re.findall(r"^([A-Z0-9]{6}|[A-Z0-9]{3}-[A-Z0-9]{3}|[A-Z0-9]{4}-[A-Z0-9]{4})$", served.said(), re.M)
    return str(found[-1]) if found else ""


def test_an_account_a_counsellor_a_time_and_the_money(
    person: Callable[..., Person], served: Served, tmp_path: Path
) -> None:
    """Membuat akun, memilih psikolog, menjadwalkan sesi, pembayaran."""
    client = person()
    page = client.page
    client.go("/")
    page.get_by_text("Susah tidur").click()
    page.get_by_role("button", name="Carikan yang bisa menemani").click()
    page.locator("article.person .slot").first.click()
    page.get_by_role("link", name="Buat akun dan pesan").click()

    page.fill('[name="email"]', "bunga@example.org")
    page.fill('[name="password1"]', "teduh sekali sore ini")
    page.fill('[name="alias"]', "Bunga")
    for box in page.locator('[name^="consent_"]').all():
        box.check()
    page.get_by_role("button", name="Buat akun saya").click()
    code = until(lambda: latest_code(served), 15, "no code was sent")
    page.fill('[name="code"]', code)
    page.locator("main form button").first.click()

    page.get_by_role("button", name=re.compile("^Pesan ")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Transfer Rp")
    proof = tmp_path / "bukti.png"
    page.screenshot(path=proof)
    page.set_input_files('[name="bukti"]', proof)
    page.get_by_role("button", name="Kirim bukti").click()
    expect(page.locator("main")).to_contain_text("Bukti")

    manager = person(width=1280, height=800)
    manager.enter_as("manager")
    manager.go("/praktik/transfer/")
    waiting = manager.page.get_by_role("button", name="Uangnya sudah masuk")
    before = waiting.count()
    for left in range(before, 0, -1):
        waiting.first.click()
        expect(manager.page.get_by_role("button", name="Uangnya sudah masuk")).to_have_count(left - 1)

    client.go("/sesi/")
    page.get_by_role("link", name="Pindah waktu atau batal").click()
    mine = page.url.rstrip("/").rpartition("/")[2]
    receipt = client.context.request.get(f"{served.origin}/sesi/{mine}/kuitansi.pdf")
    assert receipt.body().startswith(b"%PDF-")
    until(lambda: "Janji temu Anda" in served.said(), 15, "no letter was written")


def test_preparing_works_with_camera_and_keeps_what_was_said(person: Callable[..., Person], served: Served) -> None:
    """Persiapan."""
    client = person()
    client.enter_as("client")
    client.page.get_by_role("link", name="Bersiap").click()
    page = client.page
    page.fill('[name="where"]', "Kamar kos, Sleman")
    page.fill('[name="number"]', "nol delapan")
    page.get_by_role("button", name=re.compile("^Simpan")).click()
    expect(page.locator('[name="where"]')).to_have_value("Kamar kos, Sleman")
    page.fill('[name="number"]', "0812 0000 1122")
    page.fill('[name="emergency_person"]', "Mbak Tari")
    page.fill('[name="emergency_number"]', "0812 0000 3344")
    page.check('[name="alone"][value="yes"]')
    page.check('[name="headphones"][value="yes"]')
    page.check('[name="consent"]')
    page.get_by_role("button", name=re.compile("^Simpan")).click()
    expect(page.locator("[data-check-title]")).not_to_be_empty()

    counsellor = person(width=1280, height=800)
    counsellor.enter_as("counsellor")
    counsellor.go(f"/sesi/{served.code}/siapkan/terbaca")
    expect(counsellor.page.locator("body")).to_contain_text("Kamar kos, Sleman")


def test_the_session_its_chat_its_card_and_its_tasks(person: Callable[..., Person], served: Served) -> None:
    """Sesi konseling, penutupan sesi, sebelum sesi berikutnya."""
    client, counsellor = meet(person, served)
    say(counsellor.page, "Selamat malam, Kirana", tab=True)
    client.page.click('[data-open-drawer="chat-drawer"]')
    expect(client.page.locator("#chat-drawer [data-chat-lines]")).to_contain_text("Selamat malam, Kirana")
    client.page.fill("#chat-drawer [data-chat-input]", "Saya agak gugup")
    client.page.locator("#chat-drawer [data-chat-form] button[type=submit]").click()
    expect(counsellor.page.locator("#panel-chat [data-chat-lines]")).to_contain_text("Saya agak gugup")

    write_card(counsellor.page)
    client.go(f"/sesi/{served.code}/kartu/")
    expect(client.page.locator("main")).to_contain_text("Malam terasa panjang")
    client.page.get_by_role("button", name=re.compile("terima", re.I)).click()
    expect(client.page.locator("main")).to_contain_text(re.compile("diterima", re.I))

    client.go("/tugas/")
    expect(client.page.locator("main")).to_contain_text("Ponsel di luar kamar")
    counsellor.page.click('[popovertarget="more"]')
    counsellor.page.click("[data-end]")
    counsellor.page.click("[data-end-yes]")
    expect(counsellor.page.locator("[data-over-title]")).to_be_visible()


def say(page: Page, text: str, *, tab: bool = False) -> None:
    if tab:
        page.click("#tab-chat")
    page.locator("[data-chat-input]:visible").fill(text)
    page.locator("[data-chat-form]:visible button[type=submit]").click()


def write_card(page: Page) -> None:
    page.click("#tab-card")
    points = page.locator("[data-edit-points] :is(input, textarea)")
    if points.count() == 0:
        page.click("[data-add-point]")
    points.first.fill("Malam terasa panjang")
    if page.locator("[data-edit-tasks] :is(input, textarea)").count() == 0:
        page.click("[data-add-task]")
    page.locator("[data-edit-tasks] :is(textarea, input:not([type='date']))").first.fill("Ponsel di luar kamar, tiga malam")
    page.locator("[data-edit-tasks] input[type='date']").first.fill("2026-12-01")
    with page.expect_response(lambda answer: answer.url.endswith("/kartu/simpan") and answer.status == 200):
        page.locator("[data-edit-tasks] :is(textarea, input:not([type='date']))").first.blur()


def test_a_reload_brings_the_client_back_without_a_second_admission(
    person: Callable[..., Person], served: Served
) -> None:
    client, _counsellor = meet(person, served)
    client.page.reload()
    flows(client.page, 10)


def test_the_call_outlives_its_server(person: Callable[..., Person], served: Served) -> None:
    """kill -9 in the middle: the media never stop, and what was written is all there afterwards."""
    client, counsellor = meet(person, served)
    say(counsellor.page, "Sebelum putus", tab=True)
    expect(counsellor.page.locator("[data-chat-lines]:visible .said.is-waiting")).to_have_count(0)
    pcs = client.page.evaluate("window.__pcs.length")
    served.kill()
    flows(client.page, 8)
    flows(counsellor.page, 8)
    say(counsellor.page, "Selagi putus")
    served.start()
    client.page.click('[data-open-drawer="chat-drawer"]')
    lines: Any = client.page.locator("#chat-drawer [data-chat-lines]")
    expect(lines).to_contain_text("Sebelum putus")
    expect(lines).to_contain_text("Selagi putus", timeout=20_000)
    assert client.page.evaluate("window.__pcs.length") == pcs
    flows(client.page, 5)
