"""The line breaks in the middle of the session: what was agreed is shown at once, and what was lost is given back."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import CAMERA, CHROMIUM, Person, Served, until
from tests.journeys.test_individual_session import WATCH, flows, media

SHOWN_WITHIN = 10_000  # ms after the line is gone
OWN_ADDRESS = """async () => {
  for (const pc of window.__pcs) {
    if (pc.connectionState !== "connected") continue;
    const rows = new Map([...(await pc.getStats()).values()].map((row) => [row.id, row]));
    const transport = [...rows.values()].find((row) => row.type === "transport");
    return rows.get(rows.get(transport?.selectedCandidatePairId)?.localCandidateId)?.address ?? null;
  }
  return null;
}"""
NO_PAIR = """async () => {
  const live = window.__pcs.filter((pc) => pc.connectionState !== "closed" && pc.currentRemoteDescription);
  const rows = (await Promise.all(live.map((pc) => pc.getStats()))).flatMap((stats) => [...stats.values()]);
  return live.length > 0 && !rows.some(({ type, bytesReceived }) => type === "candidate-pair" && bytesReceived > 0);
}"""
KEPT = "window.__made.some((pc) => pc.connectionState === 'new' && pc.remoteDescription)"
SHOWN = "document.querySelector('[data-other-video]').srcObject?.getVideoTracks()[0]?.id"
LEVEL = "Number(document.documentElement.dataset.level)"
SAME = 5  # seconds by which two clocks may differ on what was lost
PRACTICE = """
import django, json, sys
django.setup()
from datetime import timedelta
from tatap.lib import clock
from tatap.bookings.models import Appointment
from tatap.callroom.models import Attendance
from tatap.journey import actions
from tatap.preparation.actions import check_in
code, do = sys.argv[1], sys.argv[2]
row, now = Appointment.objects.get(code=code), clock.now()
if do == "begin":
    Appointment.objects.filter(pk=row.pk).update(starts_at=now - timedelta(minutes=10), ends_at=now + timedelta(minutes=40))
    check_in(appointment=row, person=row.client, now=now, answers={
        "number": "0812 0000 1122", "plan_caller": "counsellor", "plan_after": 5, "plan_by": "whatsapp", "plan_where": ""})
else:
    stays = list(Attendance.objects.filter(room__appointment=row, person=row.client).order_by("arrived_at"))
    away = sum((b.arrived_at - a.left_at).total_seconds() for a, b in zip(stays, stays[1:]) if a.left_at)
    credit = actions.settle(appointment=row, now=now)
    print(json.dumps({"away": away, "credit": credit and [credit.seconds, credit.amount], "tariff": row.tariff}))
"""


def practice(env: dict[str, str], code: str, do: str) -> dict[str, Any]:
    said = subprocess.run([sys.executable, "-c", PRACTICE, code, do], env=env, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr[-2000:]
    return dict(json.loads(said.stdout)) if said.stdout else {}


def lost_seconds(page: Page) -> int:
    answer = page.evaluate("fetch(location.pathname + 'hilang', {headers: {Accept: 'application/json'}}).then((a) => a.json())")
    return int(answer["seconds"])


def met(client: Person, counsellor: Person, code: str) -> None:
    for one in (client, counsellor):
        one.context.add_init_script(WATCH)
        one.go(f"/sesi/{code}/ruang/")
    counsellor.page.click("[data-admit]")
    flows(client.page)
    flows(counsellor.page)


@pytest.fixture
def pair(person: Callable[..., Person], served: Served) -> tuple[Person, Person]:
    practice(served.env, served.code, "begin")
    client, counsellor = person(), person(width=1280, height=800)
    client.enter_as("client")
    counsellor.enter_as("counsellor")
    met(client, counsellor, served.code)
    return client, counsellor


def test_a_device_that_dies_for_twenty_seconds_is_given_back(
    pair: tuple[Person, Person], person: Callable[..., Person], served: Served
) -> None:
    client, counsellor = pair
    plan = counsellor.page.locator("[data-plan]")
    expect(plan).to_be_hidden()
    key = client.context.storage_state()
    gone = time.monotonic()
    client.context.close()
    expect(plan).to_be_visible(timeout=SHOWN_WITHIN)
    expect(plan.locator("[data-plan-link]")).to_have_attribute("href", "https://wa.me/6281200001122")
    time.sleep(max(0.0, gone + 20 - time.monotonic()))

    again = person()
    again.context.add_cookies(key["cookies"])  # type: ignore[arg-type]
    again.context.add_init_script(WATCH)
    again.go(f"/sesi/{served.code}/ruang/")
    before = media(counsellor.page)["packets"]
    until(lambda: media(counsellor.page)["packets"] > before + 3, 15, "her sound did not come back")
    lost = time.monotonic() - gone
    expect(plan).to_be_hidden()
    found = until(lambda: lost_seconds(counsellor.page), 20, "nothing was counted as lost")
    told = practice(served.env, served.code, "settle")
    print(f"lost by the harness {lost:.1f} s, by the server's seats {told['away']:.1f} s, counted {found} s")
    assert abs(found - lost) <= SAME
    assert abs(found - told["away"]) <= SAME
    seconds, amount = told["credit"]
    assert abs(seconds - lost) <= SAME
    assert amount == -(-told["tariff"] * seconds // 3000)
    again.go(f"/sesi/{served.code}/")
    expect(again.page.locator("main")).to_contain_text("saldo")


def test_a_reload_without_a_line_shows_what_was_agreed_and_comes_back(pair: tuple[Person, Person], served: Served) -> None:
    client, _counsellor = pair
    page = client.page
    until(lambda: page.evaluate("navigator.serviceWorker.controller !== null"), 15, "no service worker")
    served.kill()
    page.reload()
    expect(page.locator("[data-plan-text]")).to_contain_text("WhatsApp", timeout=SHOWN_WITHIN)
    expect(page.locator("[data-plan-text]")).to_contain_text("0812 0000 1122")
    served.start()
    expect(page.locator("[data-controls]")).to_be_visible(timeout=25_000)
    flows(page, 25)


# -- on a network of our own, where the line itself can be cut


@dataclass
class Lab:
    lab: Any
    origin: str
    env: dict[str, str]
    room: dict[str, str]
    browsers: list[Browser]
    server: Any

    def person(self, n: int, who: str, *, width: int, height: int) -> Person:
        one = Person(self.browsers[n], self.origin, width=width, height=height)
        one.context.add_cookies([{"name": "sesi", "value": self.room[who], "url": self.origin}])
        return one


@pytest.fixture
def lab(chromium: Browser) -> Iterator[Lab]:
    from bench import beside

    if beside.missing():
        pytest.skip(beside.missing())
    from types import SimpleNamespace

    from bench.call_adapter import Product

    from netlab import Lab as Net  # type: ignore[import-not-found]
    from netlab import NetlabError, check_machine

    try:
        check_machine()
    except NetlabError as why:
        pytest.skip(str(why))
    with Net(seed=4) as net:
        hosts = {name: net.host(name) for name in ("server", "client", "counsellor")}
        server = SimpleNamespace(address=hosts["server"].address, host=hosts["server"], run=hosts["server"].run)
        product = Product()
        product.start(server)
        room = product.rooms.pop()
        practice(product.env, room["code"], "begin")
        flags = [*CAMERA, "--ignore-certificate-errors"]
        browsers = [
            chromium.browser_type.launch(executable_path=hosts[name].wrap(CHROMIUM), args=flags)
            for name in ("client", "counsellor")
        ]
        yield Lab(net, product.origin, product.env, room, browsers, product.process)
        for browser in browsers:
            browser.close()
        product.process.terminate()
        product.process.wait(10)


def test_an_outage_of_twenty_seconds_is_seen_by_both_and_counted(lab: Lab) -> None:
    client = lab.person(0, "client", width=360, height=740)
    counsellor = lab.person(1, "counsellor", width=1280, height=800)
    met(client, counsellor, lab.room["code"])
    began = time.monotonic()
    lab.lab.outage("client", 20)
    for one in (client, counsellor):
        expect(one.page.locator("[data-plan]")).to_be_visible(timeout=1000 * (began + 10 - time.monotonic()))
        print(f"plan shown after {time.monotonic() - began:.1f} s")
    expect(client.page.locator("[data-plan-text]")).to_contain_text("0812 0000 1122")
    time.sleep(max(0.0, began + 20 - time.monotonic()))
    before = media(client.page)["packets"]
    until(lambda: media(client.page)["packets"] > before + 3, 15, "the sound did not come back")
    lost = time.monotonic() - began
    for one in (client, counsellor):
        expect(one.page.locator("[data-plan]")).to_be_hidden()
    found = until(lambda: lost_seconds(counsellor.page), 25, "nothing was counted as lost")
    print(f"lost by the harness {lost:.1f} s, counted {found} s")
    assert abs(found - lost) <= SAME
    assert client.complaints == counsellor.complaints == []


def test_after_a_minute_without_a_line_sound_is_back_though_the_server_is_gone(lab: Lab) -> None:
    client = lab.person(0, "client", width=360, height=740)
    counsellor = lab.person(1, "counsellor", width=1280, height=800)
    met(client, counsellor, lab.room["code"])
    began = time.monotonic()
    lab.lab.outage("client", 60)
    for one in (client, counsellor):
        until(lambda page=one.page: page.evaluate(NO_PAIR), 40, "the browser gave no pair up")
    lab.server.kill()
    time.sleep(max(0.0, began + 60 - time.monotonic()))
    back = time.monotonic()
    for one in (client, counsellor):
        before = media(one.page)["packets"]
        until(lambda page=one.page, before=before: media(page)["packets"] > before + 3, 8, "the sound did not come back")
    print(f"sound was back {time.monotonic() - back:.1f} s after the line, without a server")
    expect(client.page.locator("[data-state-text]")).to_contain_text("tetap saling mendengar")


def test_a_client_on_another_network_is_heard_and_seen_again(lab: Lab) -> None:
    client = lab.person(0, "client", width=360, height=740)
    counsellor = lab.person(1, "counsellor", width=1280, height=800)
    met(client, counsellor, lab.room["code"])
    before = client.page.evaluate(OWN_ADDRESS)
    assert before
    lab.lab.move("client", gap_s=0.5)
    until(lambda: client.page.evaluate(OWN_ADDRESS) not in (None, before), 25, "no path by the new address")
    for one in (client, counsellor):
        flows(one.page)
    assert client.complaints == counsellor.complaints == []


def test_a_client_who_moves_later_is_soon_back_and_stays_when_what_is_sent_changes(lab: Lab) -> None:
    client = lab.person(0, "client", width=360, height=740)
    counsellor = lab.person(1, "counsellor", width=1280, height=800)
    met(client, counsellor, lab.room["code"])
    pages = [client.page, counsellor.page]
    for page in pages:
        until(lambda page=page: page.evaluate(KEPT), 25, "no connection is kept for a move")
    shown = [page.evaluate(SHOWN) for page in pages]
    lab.lab.move("client", gap_s=0.5)
    for page, before in zip(pages, shown, strict=True):
        until(lambda page=page, before=before: page.evaluate(SHOWN) not in (None, before), 10, "no other connection came up")
        flows(page)
    for level in (3, 5):
        client.page.click('[popovertarget="more"]:visible')
        client.page.check(f'[data-pin][value="{level}"]')
        client.page.keyboard.press("Escape")
        for page in pages:
            until(lambda page=page, level=level: page.evaluate(LEVEL) == level, 15, f"level {level} was not sent")
    for page in pages:
        flows(page)
    assert client.complaints == counsellor.complaints == []
