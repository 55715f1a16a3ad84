"""The relays of this install (coturn), and which of them is tried first. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import parse_qs

EVERY = timedelta(minutes=5)
#: a certificate that ends sooner than this is told to the manager
SOON = timedelta(days=14)


class Kind(StrEnum):
    """How a browser reaches a relay."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


class Problem(StrEnum):
    AWAY = "away"  # no answer
    NAME = "name"  # its host name is not found
    CERTIFICATE = "certificate"  # expired, of another name, or of nobody we trust
    PASSWORD = "password"  # refuses a password made with our secret  # noqa: S105
    OPEN = "open"  # takes a wrong password
    INNER = "inner"  # forwards to addresses inside our own network


@dataclass(frozen=True)
class Way:
    url: str
    kind: Kind
    host: str
    port: int


@dataclass(frozen=True)
class Relay:
    number: int  # as the operator named them, from 1: what logs and pages call it
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Known:
    """What the last look at one way told; ``secret`` names the one it takes (``secret_name``)."""

    good: bool
    took_ms: int | None = None
    secret: str = ""


@dataclass(frozen=True)
class Entrance:
    """One relay as a browser is told of it: addresses, best first, and the secret for its password."""

    urls: tuple[str, ...]
    secret: str


def parse(text: str) -> tuple[Relay, ...]:
    """Relays parted by ``;``, the ways to one by ``,``. ValueError says which address is none (RFC 7065)."""
    groups = [[url.strip() for url in group.split(",") if url.strip()] for group in text.split(";")]
    return tuple(
        Relay(number, tuple(way(url) for url in group)) for number, group in enumerate(filter(None, groups), start=1)
    )


def way(url: str) -> Way:
    """``turn:host[:port][?transport=udp|tcp]`` or ``turns:…``."""
    scheme, _, rest = url.partition(":")
    place, _, query = rest.partition("?")
    host, port = _host_and_port(place)
    transport = parse_qs(query).get("transport", ["tcp" if scheme == "turns" else "udp"])[0]
    kinds = {("turn", "udp"): Kind.UDP, ("turn", "tcp"): Kind.TCP, ("turns", "tcp"): Kind.TLS}
    kind = kinds.get((scheme, transport))
    if kind is None or not host or not (port.isdigit() or not port):
        raise ValueError(f"{url} is not a relay's address")
    return Way(url, kind, host, int(port) if port else (5349 if scheme == "turns" else 3478))


def _host_and_port(place: str) -> tuple[str, str]:
    if place.startswith("["):
        host, _, port = place[1:].partition("]")
        return host, port.removeprefix(":")
    host, _, port = place.partition(":")
    return host, port


def entrances(
    relays: Sequence[Relay], *, known: Mapping[str, Known], secrets: Mapping[str, str]
) -> list[Entrance]:
    """Healthy relays first, quick before slow; a bad one stays on the list, since we may be wrong about it.

    ``secrets`` are by name, newest first. Each relay gets a password by the newest that it is known to take,
    so that during a change of secrets it does not matter which relay learns the new one when."""
    newest = next(iter(secrets.values()), "")

    def rank(relay: Relay) -> tuple[bool, int, int, int]:
        told = [known[item.url] for item in relay.ways if item.url in known]
        bad = [one for one in told if not one.good]
        quickest = min((one.took_ms for one in told if one.good and one.took_ms is not None), default=0)
        return bool(told) and len(bad) == len(relay.ways), len(bad), quickest, relay.number

    def secret(relay: Relay) -> str:
        names = [known[item.url].secret for item in relay.ways if item.url in known and known[item.url].good]
        return next((secrets[name] for name in secrets if name in names), newest)

    def urls(relay: Relay) -> tuple[str, ...]:
        return tuple(
            item.url for item in sorted(relay.ways, key=lambda item: item.url in known and not known[item.url].good)
        )

    return [Entrance(urls(relay), secret(relay)) for relay in sorted(relays, key=rank)]


def all_away(relays: Sequence[Relay], known: Mapping[str, Known]) -> bool:
    """Whether no relay is left by which anybody could come through."""
    ways = [item for relay in relays for item in relay.ways]
    return bool(ways) and all(item.url in known and not known[item.url].good for item in ways)


def ends_soon(until: datetime | None, *, now: datetime) -> bool:
    return until is not None and until < now + SOON


def find(relays: Iterable[Relay], url: str) -> tuple[Relay, Way] | None:
    """By what it leads to, not by its spelling: browsers add the port and the transport. ValueError as in ``way``."""
    wanted = way(url)
    told = (wanted.kind, wanted.host.lower(), wanted.port)
    every = ((relay, item) for relay in relays for item in relay.ways)
    return next((place for place in every if (place[1].kind, place[1].host.lower(), place[1].port) == told), None)
