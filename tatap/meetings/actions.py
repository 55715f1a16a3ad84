from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from tatap.meetings.domain.relays import EVERY
from tatap.meetings.models import RelayHealth

#: a browser's complaint brings the next look forward, but not more often than this
AGAIN = timedelta(seconds=30)


def name_relays(*, urls: Iterable[str], now: datetime) -> None:
    """A row for every way that the settings name, due at once; none for others."""
    wanted = set(urls)
    there = set(RelayHealth.objects.values_list("url", flat=True))
    if wanted == there:
        return
    with transaction.atomic():
        RelayHealth.objects.exclude(url__in=wanted).delete()
        rows = [RelayHealth(url=url, due_at=now) for url in sorted(wanted - there)]
        RelayHealth.objects.bulk_create(rows, ignore_conflicts=True)


def take_due(*, now: datetime) -> list[str]:
    """The addresses that are to be looked at now; the caller does it, another worker does not."""
    due = RelayHealth.objects.filter(due_at__lte=now).values_list("url", flat=True)
    return [url for url in due if RelayHealth.objects.filter(url=url, due_at__lte=now).update(due_at=now + EVERY)]


def record_look(*, url: str, facts: Mapping[str, object], now: datetime) -> str:
    """``facts``: problem, took_ms, certificate_until, secret (its name). Returns the problem of the look before."""
    with transaction.atomic():
        row = RelayHealth.objects.select_for_update().filter(url=url).first()
        if row is None:
            return ""  # the settings have changed meanwhile
        before, problem = str(row.problem), str(facts["problem"])
        change = {"failures": F("failures") + 1} if problem else {"failures": 0, "good_at": now}
        RelayHealth.objects.filter(pk=row.pk).update(checked_at=now, **facts, **change)
    return before


def doubt(*, urls: Iterable[str], now: datetime) -> None:
    """Browsers could not come through there: it is looked at soon."""
    rarely = Q(checked_at__isnull=True) | Q(checked_at__lte=now - AGAIN)
    RelayHealth.objects.filter(rarely, url__in=list(urls), due_at__gt=now).update(due_at=now)
