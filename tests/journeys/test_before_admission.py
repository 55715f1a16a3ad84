"""While a client waits the connection stands, and nothing of a person crosses it: a capture on both lines, and a client
that sends although nobody has let it in."""

import socket
import time

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import until
from tests.journeys.relay_lab import RelayLab, needs_lab, rtp, tapped
from tests.journeys.test_individual_session import flows
from tests.journeys.test_relay import path

pytestmark = [needs_lab, pytest.mark.slow]

WAITED = 30  # seconds of which every packet is looked at
#: what a browser does that heeds nothing of ours
SEND_EARLY = """async () => {
  const mine = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  for (const pc of window.__pcs) for (const { sender, receiver } of pc.getTransceivers()) {
    await sender.replaceTrack(mine.getTracks().find((track) => track.kind === receiver.track.kind));
    const how = sender.getParameters();
    how.encodings.forEach((one) => { one.active = true; });
    await sender.setParameters(how);
  }
}"""
ARRIVED = """async () => {
  const got = { audio: 0, video: 0 };
  for (const pc of window.__pcs) (await pc.getStats()).forEach((row) => { if (row.type === "inbound-rtp") got[row.kind] += row.packetsReceived; });
  return got;
}"""
#: kinds of the received tracks that an element of the page holds when it is looked at, or that its sound was ever given
GIVEN = """(() => {
  const received = [], given = [];
  const note = (stream) => stream?.getTracks?.().forEach((track) => { if (received.includes(track.id)) given.push(track.kind); });
  window.__look = () => {
    for (const pc of window.__pcs) for (const { track } of pc.getReceivers()) received.push(track.id);
    document.querySelectorAll("video, audio").forEach((element) => note(element.srcObject));
    return given;
  };
  const listen = AudioContext.prototype.createMediaStreamSource;
  AudioContext.prototype.createMediaStreamSource = function (stream) { window.__look(); note(stream); return listen.call(this, stream); };
})()"""


def test_thirty_seconds_of_waiting_hold_no_media_either_way(lab: RelayLab) -> None:
    lab.serve("")
    with tapped(lab.people["client"]) as client_over, tapped(lab.people["counsellor"]) as counsellor_over:
        people = lab.enter()
        for person in people:
            path(person.page)
        time.sleep(WAITED)
        waited = [client_over(), counsellor_over()]
    waited = [between(lab, packets) for packets in waited]
    assert all(len(packets) > WAITED for packets in waited), f"too little of the line was seen: {[len(p) for p in waited]}"
    assert [list(rtp(packets)) for packets in waited] == [[], []]
    with tapped(lab.people["client"]) as over:
        people[1].page.click("[data-admit]")
        for person in people:
            flows(person.page)
        admitted = list(rtp(between(lab, over())))
    assert len(admitted) > 50  # by the same means, so that these would have seen it


def test_who_sends_before_being_let_in_is_neither_heard_nor_seen(lab: RelayLab) -> None:
    lab.serve("")
    client, counsellor = lab.enter()
    counsellor.context.add_init_script(GIVEN)
    counsellor.page.reload()
    for person in (client, counsellor):
        path(person.page)
    client.page.evaluate(SEND_EARLY)
    until(lambda: min(counsellor.page.evaluate(ARRIVED).values()) > 100, 20, "nothing was sent early")
    assert counsellor.page.evaluate("window.__look()") == []
    counsellor.page.click("[data-admit]")
    flows(counsellor.page)
    assert {"audio", "video"} <= given(counsellor.page)  # by the same means, so that these would have seen it


def between(lab: RelayLab, packets: list[bytes]) -> list[bytes]:
    """Those from one person's device to the other's: a browser has words of its own with the machines around it."""
    ends = {socket.inet_aton(host.address) for host in lab.people.values()}
    return [packet for packet in packets if {packet[12:16], packet[16:20]} == ends]


def given(page: Page) -> set[str]:
    return set(page.evaluate("window.__look()"))
