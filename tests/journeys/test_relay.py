"""Where there is no direct path, where UDP is blocked, where addresses stay hidden, and when a relay dies: through the
relays that a practice runs."""

import itertools
import json
import math
import time
from collections import Counter

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Person, until
from tests.journeys.relay_lab import RelayLab, needs_lab, rtp, tapped
from tests.journeys.test_individual_session import flows, media

pytestmark = [needs_lab, pytest.mark.slow]

PATH = """async () => {
  const rows = new Map();
  for (const pc of window.__pcs) if (pc.connectionState === "connected") (await pc.getStats()).forEach((row) => rows.set(row.id, row));
  const transport = [...rows.values()].find((row) => row.type === "transport" && row.selectedCandidatePairId);
  const pair = transport && rows.get(transport.selectedCandidatePairId);
  const mine = pair && rows.get(pair.localCandidateId), other = pair && rows.get(pair.remoteCandidateId);
  return pair ? { mine: mine.candidateType, other: other.candidateType, by: mine.relayProtocol || "", url: mine.url || "", to: other.address || "" } : null;
}"""
#: counts sound that arrives, every 40 ms, beside the page's own work, and how much of a person is sent
LISTEN = """() => {
  window.__heard = [];
  setInterval(async () => {
    let packets = 0;
    for (const pc of window.__pcs) (await pc.getStats()).forEach((row) => { if (row.type === "inbound-rtp" && row.kind === "audio") packets += row.packetsReceived; });
    window.__heard.push([Date.now(), packets, document.documentElement.dataset.level]);
  }, 40);
}"""


def path(page: Page) -> dict[str, str]:
    found: dict[str, str] = until(lambda: page.evaluate(PATH), 15, "no path was found")
    return found


def relayed(people: tuple[Person, Person]) -> list[dict[str, str]]:
    """The ways of those who hold the relay: one of the two is enough, the other reaches it at its address."""
    ways = [path(person.page) for person in people]
    assert all("relay" in (way["mine"], way["other"]) for way in ways), ways
    return [way for way in ways if way["mine"] == "relay"]


def longest_pause(page: Page, since: float) -> float:
    """Seconds without a packet of sound, of those that began after ``since`` (time.time())."""
    heard = [(at / 1000, packets) for at, packets, _level in page.evaluate("window.__heard")]
    longest, last = 0.0, since
    for (_before, had), (at, has) in itertools.pairwise(heard):
        if at > since and has > had:
            longest, last = max(longest, at - last), at
    return max(longest, time.time() - last)


def arrived(page: Page) -> int:
    """Packets of sound since the listening began."""
    heard = page.evaluate("window.__heard")
    return int(heard[-1][1] - heard[0][1]) if heard else 0


def each_second(page: Page, since: float) -> list[tuple[int, str]]:
    """Packets of sound and the rung of the ladder, for a message."""
    told: dict[int, tuple[int, str]] = {}
    for at, packets, level in page.evaluate("window.__heard"):
        told[int(at / 1000 - since)] = (packets, level)
    return [told[second] for second in sorted(told)]


def test_without_a_direct_path_the_relay_carries_it_by_udp(lab: RelayLab) -> None:
    relay = lab.relay()
    lab.only_relays()
    lab.serve(relay.urls)
    assert {way["by"] for way in relayed(lab.meet())} == {"udp"}


def test_where_udp_is_blocked_the_relay_carries_it_by_tcp(lab: RelayLab) -> None:
    relay = lab.relay()
    lab.lab.set("client", udp=False)
    lab.serve(f"{relay.udp},{relay.tcp}")
    client, _counsellor = lab.meet()
    assert path(client.page)["by"] == "tcp"


def test_where_only_tls_passes_the_relay_carries_it_by_tls(lab: RelayLab) -> None:
    relay = lab.relay()
    lab.lab.set("client", udp=False)
    lab.serve(relay.tls)
    client, _counsellor = lab.meet()
    assert path(client.page)["by"] == "tls"


@pytest.mark.parametrize("death", ["process", "machine"])
def test_when_a_relay_dies_the_other_brings_the_sound_back(lab: RelayLab, death: str) -> None:
    first, second = lab.relay(), lab.relay()
    lab.only_relays()
    lab.serve(f"{first.udp},{first.tcp};{second.udp},{second.tcp}")
    people = lab.meet()
    dying = first if first.host in relayed(people)[0]["url"] else second
    for person in people:
        person.page.evaluate(LISTEN)
    # What an ordinary pause is, is learnt from a few seconds of sound.
    until(lambda: all(arrived(person.page) >= 40 for person in people), 20, "sound did not come steadily before")
    since = time.time()
    if death == "process":
        dying.kill()
    else:
        lab.lab.set(lab.name(dying), down=True)

    def left(page: Page) -> bool:
        way = page.evaluate(PATH)
        return way is not None and dying.host not in way["url"] and dying.host != way["to"]

    until(lambda: all(left(person.page) for person in people), 20, "the dead relay was kept")
    until(lambda: all(longest_pause(person.page, time.time() - 3) < 1 for person in people), 20, "sound did not come back")
    pauses = [longest_pause(person.page, since) for person in people]
    print(f"sound was away for {pauses[0]:.2f} s and {pauses[1]:.2f} s ({death})")
    assert max(pauses) <= 5, [each_second(person.page, since) for person in people]
    until(lambda: "did not come through relay" in lab.said(), 15, "no doubt was told")
    assert dying.host not in lab.said()


def candidates(sent: list[str]) -> list[str]:
    """Every candidate that a browser gave away, alone or within a description."""
    found = []
    for text in sent:
        data = json.loads(text).get("d") or {}
        if isinstance(data, dict):
            found.append((data.get("candidate") or {}).get("candidate", ""))
            description = data.get("description") or {}
            lines = [*description.get("sdp", "").splitlines(), *(description.get("short") or {"lines": []})["lines"]]
            found += [line for line in lines if isinstance(line, str) and "candidate" in line]
    return [line for line in found if "candidate:" in line]


def overheard(page: Page) -> list[str]:
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda text: sent.append(str(text))))
    return sent


def test_hidden_addresses_leave_neither_browser(lab: RelayLab) -> None:
    relay = lab.relay()
    lab.serve(relay.urls)
    lab.hide("client")
    client, counsellor = lab.enter()
    sent = {who: overheard(person.page) for who, person in (("client", client), ("counsellor", counsellor))}
    for person in (client, counsellor):
        person.page.reload()
        assert person.page.locator('[data-address="hidden"]').count() == 1
    counsellor.page.click("[data-admit]")
    for person in (client, counsellor):
        flows(person.page, 20)
        assert path(person.page)["mine"] == path(person.page)["other"] == "relay"
    client.page.wait_for_timeout(4000)  # past the time at which a direct way would be looked for
    for who, frames in sent.items():
        given = candidates(frames)
        assert given and all(" typ relay raddr 0.0.0.0 rport 0" in line for line in given), given
        assert lab.people[who].address not in "".join(text for text in frames if '"signal"' in text)
    assert path(client.page)["mine"] == "relay"


def test_before_admission_only_the_relay_and_afterwards_the_direct_way_without_a_gap(lab: RelayLab) -> None:
    relay = lab.relay()
    lab.serve(relay.urls)
    client, counsellor = lab.enter()
    sent = overheard(client.page)
    client.page.reload()
    for person in (client, counsellor):
        assert path(person.page)["mine"] == "relay"
    assert all(" typ relay " in line for line in candidates(sent))
    counsellor.page.click("[data-admit]")
    for person in (client, counsellor):
        person.page.evaluate(LISTEN)
    since = time.time() + 0.5
    for person in (client, counsellor):
        until(lambda page=person.page: path(page)["mine"] != "relay", 15, "no direct way was found")
        flows(person.page)
    pauses = [longest_pause(person.page, since) for person in (client, counsellor)]
    print(f"longest pauses while the way changed: {pauses[0]:.2f} s and {pauses[1]:.2f} s")
    assert max(pauses) < 1


def test_what_is_wrong_with_relays_is_logged_and_the_call_comes_up_by_what_remains(lab: RelayLab) -> None:
    wrong, expired, dead = lab.relay(secret="another-secret"), lab.relay(days=-2), lab.relay(start=False)
    lab.only_relays()
    lab.serve(f"{wrong.udp}; {dead.udp},{dead.tcp}; {expired.udp},{expired.tls}")
    assert {way["url"] for way in relayed(lab.meet(30))} == {expired.udp}
    for line in ("relay 1 by udp: password", "relay 2 by udp: away", "relay 2 by tcp: away", "relay 3 by tls: certificate"):
        until(lambda line=line: line in lab.said(), 20, f"not in the log: {line}")
    assert "10.77." not in "".join(line for line in lab.said().splitlines() if "relay" in line)


def entropy(data: bytes) -> float:
    """Bits a byte."""
    return -sum(n / len(data) * math.log2(n / len(data)) for n in Counter(data).values())


def vp8_key_frame(payload: bytes) -> bool:
    """Whether an RTP payload begins a VP8 key frame, read as RFC 7741 says."""
    if not payload or not payload[0] & 0x10 or payload[0] & 0x0F:
        return False  # not the first packet of a frame
    start = 1
    if payload[0] & 0x80 and len(payload) > 1:
        more, start = payload[1], 2
        if more & 0x80:
            start += 2 if len(payload) > start and payload[start] & 0x80 else 1
        start += bool(more & 0x40) + bool(more & 0x30)
    return len(payload) > start + 6 and not payload[start] & 1 and payload[start + 3 : start + 6] == b"\x9d\x01\x2a"


def test_a_clear_key_frame_would_be_seen() -> None:
    clear = bytes([0x90, 0xE0, 0x80, 0x05, 0x10, 0x20]) + b"\x50\x00\x00\x9d\x01\x2a\x40\x01" + bytes(90)
    assert vp8_key_frame(clear)
    assert not vp8_key_frame(b"\x80" + clear[1:])


def test_a_capture_at_the_relay_holds_no_decodable_frame(lab: RelayLab) -> None:
    relay = lab.relay()
    lab.only_relays()
    lab.serve(relay.udp)
    with tapped(lab.hosts[relay.host]) as stop:
        people = lab.meet()
        first = [media(person.page) for person in people]
        until(
            lambda: all(
                (now := media(person.page))["frames"] > before["frames"] + 60 and now["packets"] > before["packets"] + 60
                for person, before in zip(people, first, strict=True)
            ),
            30, "too little sound or picture went through the relay",
        )
        packets = stop()
    found = list(rtp(packets))
    payloads: dict[tuple[int, int], list[bytes]] = {}
    for kind, source, payload in found:
        payloads.setdefault((kind, source), []).append(payload)
    full = {key: rows for key, rows in payloads.items() if len(rows) > 50}
    assert len(full) >= 4, "sound and picture of both people were to be captured"  # each a stream
    assert not any(vp8_key_frame(payload) for _kind, _source, payload in found)
    for rows in full.values():
        # In clear the first byte of a payload (codec's or RED's header) is nearly always the same.
        commonest = Counter(row[0] for row in rows if row).most_common(1)[0][1]
        assert commonest < 0.1 * len(rows) + 6
        assert entropy(b"".join(rows)[:200_000]) > 7.9 - 1500 / sum(map(len, rows))

