import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from tatap.meetings.domain import relays
from tatap.meetings.models import RelayHealth


@dataclass(frozen=True)
class Look:
    """One way to a relay with what is known of it; ``health`` is None before the first look."""

    relay: relays.Relay
    way: relays.Way
    health: RelayHealth | None
    certificate_ends_soon: bool


def there_is_a_relay() -> bool:
    return bool(settings.TURN_RELAYS and settings.TURN_SECRETS)


def secret_name(secret: str) -> str:
    """Tells secrets apart in the database without giving anything of them away."""
    return hmac.new(settings.SECRET_KEY.encode(), secret.encode(), hashlib.sha256).hexdigest()[:12]


def secrets_by_name() -> dict[str, str]:
    return {secret_name(secret): secret for secret in settings.TURN_SECRETS}


def known() -> dict[str, relays.Known]:
    rows = RelayHealth.objects.filter(checked_at__isnull=False)
    return {row.url: relays.Known(good=not row.problem, took_ms=row.took_ms, secret=row.secret) for row in rows}


def entrances() -> tuple[list[relays.Entrance], bool]:
    """The relays as a browser is told of them, best first, and whether all of them are known to be away; one query."""
    if not there_is_a_relay():
        return [], False
    told = known()
    away = relays.all_away(settings.TURN_RELAYS, told)
    return relays.entrances(settings.TURN_RELAYS, known=told, secrets=secrets_by_name()), away


def relay_state() -> str:
    """"none", "away" (all of them, as far as we know) or "well"."""
    if not there_is_a_relay():
        return "none"
    return "away" if relays.all_away(settings.TURN_RELAYS, known()) else "well"


def looks(*, now: datetime) -> list[Look]:
    """Every way to every relay, as the operator ordered them."""
    rows = {row.url: row for row in RelayHealth.objects.all()}
    return [
        Look(
            relay, way, rows.get(way.url),
            certificate_ends_soon=way.url in rows and relays.ends_soon(rows[way.url].certificate_until, now=now),
        )
        for relay in settings.TURN_RELAYS
        for way in relay.ways
    ]


def troubles(*, now: datetime) -> list[Look]:
    """What a manager should know of."""
    return [
        look for look in looks(now=now)
        if look.health is not None and (look.health.problem or look.certificate_ends_soon)
    ]
