"""The practice's published rules: a change is a new version, and what is booked keeps the one it was booked under."""

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise

from django.db import IntegrityError, transaction

from tatap.accounts.models import User
from tatap.audit import actions as audit
from tatap.bookings.actions import current_rules
from tatap.bookings.models import Appointment, Rules
from tatap.bookings.queries import OPEN

#: what the rules say, by the names of their fields
TERMS = tuple(
    field.name for field in Rules._meta.concrete_fields if field.name not in {"id", "version", "published_at"}
)


class NothingChanged(Exception):
    """They would say what they say already; no version is published."""


class PublishedMeanwhile(Exception):
    """Somebody else published a version while these were being chosen."""


def standing(*, now: datetime) -> Rules:
    """The row itself, for who is about to change it; pages may be a minute behind."""
    return Rules.objects.order_by("-version").first() or current_rules(now=now)


def publish(*, terms: Mapping[str, object], based_on: int, by: User, now: datetime) -> Rules:
    """``terms``: all or some of TERMS. ``based_on``: the version that was read before choosing."""
    try:
        with transaction.atomic():
            before = standing(now=now)
            said = {name: getattr(before, name) for name in TERMS}
            if before.version != based_on:
                raise PublishedMeanwhile
            if said == {**said, **terms}:
                raise NothingChanged
            made = Rules.objects.create(**{**said, **terms}, version=based_on + 1, published_at=now)
            audit.record(by=by, verb="rules.published", subject=f"rules:{made.version}", now=now)
    except IntegrityError:
        raise PublishedMeanwhile from None
    return made


def under_earlier(rules: Rules, *, now: datetime) -> int:
    """How many sessions to come keep an earlier version."""
    return Appointment.objects.filter(status__in=OPEN, starts_at__gt=now).exclude(rules=rules).count()


def history(*, most: int) -> list[tuple[Rules, Rules]]:
    """Each version with the one before it, the newest first."""
    rows = list(Rules.objects.order_by("-version")[: most + 1])
    return list(pairwise(rows))
