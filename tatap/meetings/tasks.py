"""What the worker does: looks at each relay every five minutes, and soon after a browser doubted it."""

import logging
from dataclasses import asdict
from datetime import datetime

from django.conf import settings

from tatap.meetings import actions, queries
from tatap.meetings.domain import relays
from tatap.meetings.probe import look

log = logging.getLogger("tatap.meetings")


def check_relays(now: datetime) -> None:
    """Those that are due. The log tells a relay by its number, never by an address."""
    named = settings.TURN_RELAYS if settings.TURN_SECRETS else ()
    actions.name_relays(urls=[way.url for relay in named for way in relay.ways], now=now)
    found = [relays.find(named, url) for url in actions.take_due(now=now)]
    due = [place for place in found if place is not None]
    if not due:
        return
    for (relay, way), finding in zip(
        due, look([way for _relay, way in due], secrets=settings.TURN_SECRETS, now=now), strict=True
    ):
        facts = asdict(finding)
        facts["secret"] = queries.secret_name(finding.secret) if finding.secret else ""
        before = actions.record_look(url=way.url, facts=facts, now=now)
        if finding.problem:
            log.warning("relay %d by %s: %s", relay.number, way.kind, finding.problem)
        elif before:
            log.info("relay %d by %s is well again", relay.number, way.kind)
