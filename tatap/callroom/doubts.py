"""What a browser tells of relays by which it could not come through. Untrusted: what is not ours is dropped."""

import json
import logging

from django.conf import settings

from tatap.meetings.domain.relays import Relay, Way, find

log = logging.getLogger("tatap.callroom")

MOST = 12
LARGEST = 4000  # bytes


def read(body: bytes) -> list[tuple[Relay, Way, int]]:
    """``{"doubts": [{"url": "turn:…", "code": 401}]}``: the relay, the way to it, ICE's error code (700: nothing came
    through it any more)."""
    if len(body) > LARGEST:
        return []
    try:
        told = json.loads(body or b"{}")["doubts"][:MOST]
        return [
            (*place, int(item["code"])) for item in told if (place := find(settings.TURN_RELAYS, str(item["url"]))) is not None
        ]
    except (ValueError, TypeError, KeyError):
        return []


def tell(doubts: list[tuple[Relay, Way, int]]) -> None:
    """One line each, without an address: many a browser's own network is what stands in the way."""
    for relay, way, code in doubts:
        log.info("a browser did not come through relay %d by %s (%d)", relay.number, way.kind, code)
