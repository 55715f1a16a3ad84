"""Who may be shown, and the free times kept by ``bookings``. The search is in ``search.py``."""

from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_hex

from django.db.models import F, Q, QuerySet

from tatap.counsellors.models import (
    Approach,
    Counsellor,
    Language,
    Licence,
    Opening,
    Specialisation,
)
from tatap.lib import zones
from tatap.lib.remembered import Remembered


@dataclass(frozen=True)
class Terms:
    """The practice's lists of words; ``mark`` differs whenever they were read anew."""

    specialisations: tuple[Specialisation, ...]
    languages: tuple[Language, ...]
    approaches: tuple[Approach, ...]
    mark: str


TERMS = Remembered(
    lambda: Terms(
        specialisations=tuple(Specialisation.objects.all()), languages=tuple(Language.objects.all()),
        approaches=tuple(Approach.objects.all()), mark=token_hex(8),
    )
)


def terms(*, now: datetime) -> Terms:
    return TERMS.get(now=now)


def in_force(on: date, *, of: str = "") -> Q:
    """Of licences, or with ``of="licences__"`` of counsellors: checked by the practice and valid on that day."""
    lasting = Q(**{f"{of}expires_on__isnull": True}) | Q(**{f"{of}expires_on__gte": on})
    return Q(**{f"{of}checked_at__isnull": False}) & lasting


def licensed(on: date) -> QuerySet[Counsellor]:
    """Those with a checked licence in force on that day."""
    return Counsellor.objects.filter(pk__in=Licence.objects.filter(in_force(on)).values("counsellor"))


def licensed_through(counsellor: Counsellor) -> date | None:
    """The last day of the longest checked licence; None where one is for life or none was checked (then the
    profile is hidden anyway)."""
    days = list(counsellor.licences.filter(checked_at__isnull=False).values_list("expires_on", flat=True))
    return max((day for day in days if day), default=None) if None not in days else None


def shown(now: datetime) -> QuerySet[Counsellor]:
    """The profiles that anybody may see; a lapsed licence hides one by itself."""
    return licensed(zones.local(now, zones.DEFAULT).date()).filter(accepting=True, user__is_active=True)


def free_openings(now: datetime) -> QuerySet[Opening]:
    """Openings in which a whole individual session of that counsellor fits. They begin on her step."""
    offered = {"counsellor__services__active": True, "counsellor__services__kind": "individual"}
    return Opening.objects.filter(**offered, counsellor__services__minutes__lte=F("minutes"), end__gt=now)
