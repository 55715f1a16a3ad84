"""Which relay is told first, by which secret."""

from datetime import UTC, datetime, timedelta

import pytest

from tatap.meetings.domain.relays import Kind, Known, all_away, ends_soon, entrances, find, parse, way

TWO = parse("turn:a.example?transport=udp, turns:a.example:443?transport=tcp; turn:b.example,turns:b.example")
A_UDP, A_TLS, B_UDP, B_TLS = (item.url for relay in TWO for item in relay.ways)
SECRETS = {"n": "new", "o": "old"}


def hosts(known: dict[str, Known]) -> list[str]:
    return [entrance.urls[0].split(":")[1].split("?")[0] for entrance in entrances(TWO, known=known, secrets=SECRETS)]


@pytest.mark.parametrize(
    ("url", "kind", "host", "port"),
    [
        ("turn:a.example", Kind.UDP, "a.example", 3478), ("turn:a.example?transport=tcp", Kind.TCP, "a.example", 3478),
        ("turns:a.example", Kind.TLS, "a.example", 5349), ("turns:[2001:db8::1]:443?transport=tcp", Kind.TLS, "2001:db8::1", 443),
    ],
)
def test_an_address_is_read(url: str, kind: Kind, host: str, port: int) -> None:
    read = way(url)
    assert (read.kind, read.host, read.port) == (kind, host, port)


@pytest.mark.parametrize("url", ["", "stun:a", "turn:", "turn:a:x", "turns:a?transport=udp", "http://a"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="not a relay's address"):
        way(url)


def test_relays_are_numbered_as_they_were_named() -> None:
    assert [(relay.number, len(relay.ways)) for relay in TWO] == [(1, 2), (2, 2)]
    assert parse("") == ()


@pytest.mark.parametrize(
    ("known", "order"),
    [
        ({}, ["a.example", "b.example"]),
        ({A_UDP: Known(True, 90), B_UDP: Known(True, 20)}, ["b.example", "a.example"]),
        ({A_UDP: Known(False), A_TLS: Known(False), B_UDP: Known(True, 400)}, ["b.example", "a.example"]),
        ({A_TLS: Known(False), A_UDP: Known(True, 5), B_UDP: Known(True, 400), B_TLS: Known(True, 400)}, ["b.example", "a.example"]),
        ({A_UDP: Known(False), A_TLS: Known(False)}, ["b.example", "a.example"]),
    ],
)
def test_the_healthy_and_quick_come_first(known: dict[str, Known], order: list[str]) -> None:
    assert hosts(known) == order


def test_within_a_relay_the_way_that_fails_comes_last() -> None:
    first = entrances(TWO, known={A_UDP: Known(False), A_TLS: Known(True, 9)}, secrets=SECRETS)
    assert next(item for item in first if A_UDP in item.urls).urls == (A_TLS, A_UDP)


def test_each_relay_gets_the_newest_secret_that_it_takes() -> None:
    known = {A_UDP: Known(True, 9, "o"), B_UDP: Known(True, 9, "n")}
    assert [item.secret for item in entrances(TWO, known=known, secrets=SECRETS)] == ["old", "new"]
    assert next(item.secret for item in entrances(TWO, known={A_UDP: Known(True, 9, "gone")}, secrets=SECRETS)) == "new"


def test_all_are_away_only_when_all_were_looked_at() -> None:
    bad = {url: Known(False) for url in (A_UDP, A_TLS, B_UDP)}
    assert not all_away(TWO, bad)
    assert all_away(TWO, {**bad, B_TLS: Known(False)})
    assert not all_away((), {})


def test_a_certificate_is_told_a_fortnight_ahead() -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    assert ends_soon(now + timedelta(days=13), now=now)
    assert not ends_soon(now + timedelta(days=15), now=now)
    assert not ends_soon(None, now=now)


def test_a_relay_is_found_by_any_spelling_of_the_way_to_it() -> None:
    place = find(TWO, "turn:A.example:3478?transport=udp")
    assert place is not None and (place[0].number, place[1].url) == (1, A_UDP)
    assert find(TWO, "turn:a.example:3478?transport=tcp") is None
    with pytest.raises(ValueError, match="not a relay's address"):
        find(TWO, "x")
