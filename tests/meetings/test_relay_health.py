"""The look at a relay, by real ones and dead ones."""

import ipaddress
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tatap.lib import clock
from tatap.meetings import actions, probe, queries, tasks
from tatap.meetings.domain.relays import Kind, parse, way
from tatap.meetings.models import RelayHealth
from tests.coturn import ROOT, SECRET, Coturn, certificate, free_port, needs_coturn, relay

pytestmark = needs_coturn
__all__ = ["relay"]  # the fixture


def problem(url: str, *, secrets: tuple[str, ...] = (SECRET,)) -> str:
    return probe.look([way(url)], secrets=secrets, now=clock.now())[0].problem


@pytest.fixture
def trusted(relay: Coturn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Coturn:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "relay/certificate.pem"))
    return relay


def test_a_good_relay_is_good_by_all_three_ways(trusted: Coturn) -> None:
    ways = [way(url) for url in trusted.urls.split(",")]
    found = probe.look(ways, secrets=[SECRET], now=clock.now())
    assert [item.problem for item in found] == ["", "", ""]
    assert all(item.took_ms is not None and item.took_ms < 4000 and item.secret == SECRET for item in found)
    assert found[0].certificate_until is None
    until = found[2].certificate_until
    assert until is not None and timedelta(days=29) < until - clock.now() < timedelta(days=31)


def test_an_older_secret_is_tried_after_the_new_one(relay: Coturn) -> None:
    found = probe.look([way(relay.udp)], secrets=["the-next", SECRET], now=clock.now())[0]
    assert (found.problem, found.secret) == ("", SECRET)


def test_another_secret_is_a_wrong_password(relay: Coturn) -> None:
    assert problem(relay.udp, secrets=("another",)) == "password"
    assert problem(relay.tcp, secrets=("another",)) == "password"


def test_a_dead_relay_is_away_by_every_way(relay: Coturn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "WITHIN", 1.0)
    relay.kill()
    assert [problem(url) for url in relay.urls.split(",")] == ["away", "away", "away"]


def test_an_unknown_name_is_told_as_such() -> None:
    assert problem("turn:relay.invalid?transport=tcp") == "name"


def test_a_certificate_of_nobody_or_expired_is_told_with_its_end(tmp_path: Path, relay: Coturn, monkeypatch: pytest.MonkeyPatch) -> None:
    assert problem(relay.tls) == "certificate"
    old = certificate(tmp_path / "old", days=-3)
    monkeypatch.setenv("SSL_CERT_FILE", str(old[0]))
    expired = Coturn(tmp_path / "expired", certificate=old, allow=["127.0.0.1"]).start()
    try:
        found = probe.look([way(expired.tls), way(expired.udp)], secrets=[SECRET], now=clock.now())
    finally:
        expired.stop()
    assert [item.problem for item in found] == ["certificate", ""]
    assert found[0].certificate_until is not None and found[0].certificate_until < clock.now()


def test_a_relay_for_anybody_is_told(tmp_path: Path, relay: Coturn) -> None:
    relay.stop()
    text = relay.configuration.read_text()
    relay.configuration.write_text(re.sub(r"(?m)^(use-auth-secret|static-auth-secret=.*)$", "", text) + "no-auth\n")
    relay.start()
    assert problem(relay.udp) == "open"


def test_a_relay_into_the_inner_network_is_told(relay: Coturn) -> None:
    relay.stop()
    relay.configuration.write_text(relay.configuration.read_text() + "allowed-peer-ip=169.254.169.254\n")
    relay.start()
    assert problem(relay.udp) == "inner"


def denied() -> Iterator[str]:
    for first, last in re.findall(r"(?m)^denied-peer-ip=([0-9a-f.:]+)-([0-9a-f.:]+)$", (ROOT / "deploy/coturn/turnserver.conf").read_text()):
        yield from {first, last}


CONTRACT = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4", "::1/128", "fc00::/7", "fe80::/10",
]


def test_the_shipped_list_covers_every_private_range() -> None:
    text = (ROOT / "deploy/coturn/turnserver.conf").read_text()
    ranges = [
        (ipaddress.ip_address(first), ipaddress.ip_address(last))
        for first, last in re.findall(r"(?m)^denied-peer-ip=([0-9a-f.:]+)-([0-9a-f.:]+)$", text)
    ]
    for name in CONTRACT:
        network = ipaddress.ip_network(name)
        assert any(
            first.version == network.version and first <= network[0] and network[-1] <= last for first, last in ranges  # type: ignore[operator]
        ), name


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_the_shipped_configuration_refuses_private_peers(host: str, tmp_path: Path) -> None:
    """Both ends of each range, asked of coturn itself; a public address is not refused."""
    import asyncio

    strict = Coturn(tmp_path / "strict", host=host).start()
    mine = [peer for peer in sorted({*denied(), "::"}) if (":" in peer) == (":" in host)]

    async def ask() -> dict[str, bool]:
        username = f"{int((clock.now() + timedelta(minutes=5)).timestamp())}:x"
        from tatap.meetings.providers.tatap import credential

        client = await probe._allocate(way(strict.udp), username, credential(secret=SECRET, username=username))
        assert client is not None
        said = {}
        for number, peer in enumerate([*mine, "2606:4700::1" if ":" in host else "1.1.1.1"]):
            try:
                await client.channel_bind(0x4000 + number, (peer, 9))
                said[peer] = True
            except Exception:
                said[peer] = False
        await client.delete()
        return said

    try:
        said = asyncio.run(ask())
    finally:
        strict.stop()
    assert [peer for peer, reached in said.items() if reached] == ["2606:4700::1" if ":" in host else "1.1.1.1"]
    assert len(said) > 10


# -- the worker's part


@pytest.fixture
def named(relay: Coturn, settings: Any) -> Coturn:
    settings.TURN_SECRETS = [SECRET]
    settings.TURN_RELAYS = parse(f"turn:127.0.0.1:{free_port()}?transport=tcp; {relay.udp},{relay.tcp}")
    return relay


def test_every_relay_is_looked_at_and_ranked(named: Coturn, db: None, caplog: Any) -> None:
    now = clock.now()
    with caplog.at_level(logging.INFO, "tatap"):
        tasks.check_relays(now)
    rows = {row.url: row for row in RelayHealth.objects.all()}
    assert [rows[url].problem for url in (named.udp, named.tcp)] == ["", ""]
    assert rows[named.udp].good_at == now and rows[named.udp].secret == queries.secret_name(SECRET)
    assert queries.entrances()[0][0].urls[0] == named.udp
    assert [(look.relay.number, look.way.kind) for look in queries.troubles(now=now)] == [(1, Kind.TCP)]
    assert caplog.messages == ["relay 1 by tcp: away"]
    assert "127.0.0.1" not in caplog.text


def test_it_is_looked_at_each_five_minutes_and_soon_after_a_doubt(named: Coturn, db: None) -> None:
    now = clock.now()
    tasks.check_relays(now)
    dead = RelayHealth.objects.get(problem="away")
    tasks.check_relays(now + timedelta(minutes=4))
    assert RelayHealth.objects.get(pk=dead.pk).failures == 1
    actions.doubt(urls=[dead.url], now=now + timedelta(seconds=20))  # looked at just now
    assert actions.take_due(now=now + timedelta(seconds=21)) == []
    actions.doubt(urls=[dead.url], now=now + timedelta(seconds=40))
    tasks.check_relays(now + timedelta(seconds=41))
    assert RelayHealth.objects.get(pk=dead.pk).failures == 2
    tasks.check_relays(now + timedelta(minutes=6))
    assert RelayHealth.objects.get(pk=dead.pk).failures == 3


def test_a_relay_that_comes_back_is_told_once(named: Coturn, db: None, caplog: Any) -> None:
    named.kill()
    now = clock.now()
    tasks.check_relays(now)
    named.start()
    with caplog.at_level(logging.INFO, "tatap"):
        for minute in (6, 12):
            tasks.check_relays(now + timedelta(minutes=minute))
    assert caplog.messages.count("relay 2 by udp is well again") == 1
    assert RelayHealth.objects.get(url=named.udp).failures == 0


def test_what_the_settings_no_longer_name_is_forgotten(named: Coturn, db: None, settings: Any) -> None:
    tasks.check_relays(clock.now())
    settings.TURN_RELAYS = parse(named.udp)
    tasks.check_relays(clock.now())
    assert [row.url for row in RelayHealth.objects.all()] == [named.udp]
    settings.TURN_RELAYS = ()
    tasks.check_relays(clock.now())
    assert RelayHealth.objects.count() == 0
