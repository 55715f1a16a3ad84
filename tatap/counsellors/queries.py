"""Who is shown, and the search. First free times come from ``Opening``, which bookings keeps filled."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, ExpressionWrapper, F, Min, OuterRef, Q, QuerySet, Subquery

from tatap.counsellors.domain.slot_starts import starts
from tatap.counsellors.models import Counsellor, Licence, Opening, Service
from tatap.lib import zones

PAGE = 12


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


@dataclass(frozen=True)
class Wish:
    """What the reader asked for; all of it optional. ``price``: whole rupiah at the most."""

    concerns: list[str] = field(default_factory=list)
    words: str = ""
    profession: str = ""
    gender: str = ""
    language: str = ""
    approach: str = ""
    faith: bool = False
    price: int | None = None
    sort: str = "soonest"


@dataclass(frozen=True)
class Shown:
    """A directory card: who, why she is shown, and the next free starts of her first service."""

    counsellor: Counsellor
    service: Service | None
    why: list[str]
    times: list[datetime]


def search(wish: Wish, *, now: datetime) -> QuerySet[Counsellor]:
    rows = shown(now)
    if wish.concerns:
        rows = rows.filter(specialisations__slug__in=wish.concerns)
    if wish.profession:
        rows = rows.filter(profession=wish.profession)
    if wish.gender:
        rows = rows.filter(gender=wish.gender)
    if wish.language:
        rows = rows.filter(languages__slug=wish.language)
    if wish.approach:
        rows = rows.filter(approaches__slug=wish.approach)
    if wish.faith:
        rows = rows.exclude(faith="")
    if wish.price is not None:
        rows = rows.filter(services__active=True, services__kind="individual", services__tariff__lte=wish.price)
    for word in wish.words.split()[:6]:
        rows = rows.filter(_says(word))
    return _sorted(rows.distinct(), wish.sort, now=now)


def _says(word: str) -> Q:
    places = [
        "name", "town", "faith", "says_id", "says_en", "about_id", "about_en", "education",
        "specialisations__name_id", "specialisations__name_en", "specialisations__plain_id",
        "specialisations__plain_en", "languages__name_id", "languages__name_en", "approaches__name_id", "approaches__name_en",
    ]
    found = Q()
    for place in places:
        found |= Q(**{f"{place}__icontains": word})
    return found


def _sorted(rows: QuerySet[Counsellor], sort: str, *, now: datetime) -> QuerySet[Counsellor]:
    tariff = Service.objects.filter(counsellor=OuterRef("pk"), active=True, kind="individual").order_by("tariff")
    length = timedelta(minutes=30)
    fits = ExpressionWrapper(F("start") + length, output_field=DateTimeField())
    first = (
        Opening.objects.filter(counsellor=OuterRef("pk"), end__gt=now, end__gte=fits)
        .order_by()
        .values("counsellor")
        .annotate(first=Min("start"))
        .values("first")
    )
    rows = rows.annotate(first_free=Subquery(first), price=Subquery(tariff.values("tariff")[:1]))
    order: dict[str, list[Any]] = {
        "experience": ["-years", "pk"],
        "tariff": [F("price").asc(nulls_last=True), "pk"],
    }
    return rows.order_by(*order.get(sort, [F("first_free").asc(nulls_last=True), "pk"]))


def cards(people: list[Counsellor], wish: Wish, *, now: datetime, times: int = 3) -> list[Shown]:
    """One query for the openings of all of them; services and lists are expected to be prefetched."""
    openings: dict[int, list[Opening]] = {}
    rows = Opening.objects.filter(counsellor__in=people, end__gt=now, start__lt=now + timedelta(days=14)).order_by("start")
    for row in rows:
        openings.setdefault(row.counsellor_id, []).append(row)
    return [_card(person, openings.get(person.pk, []), wish, times=times) for person in people]


def _card(person: Counsellor, openings: list[Opening], wish: Wish, *, times: int) -> Shown:
    service = next((s for s in person.services.all() if s.active and s.kind == "individual"), None)
    found: list[datetime] = []
    step = person.calendar.step_minutes if hasattr(person, "calendar") else 30
    if service is not None:
        for row in openings:
            found += starts(row.start, row.end, minutes=service.minutes, step=step)
            if len(found) >= times:
                break
    return Shown(counsellor=person, service=service, why=_why(person, wish), times=found[:times])


def _why(person: Counsellor, wish: Wish) -> list[str]:
    """The reader's own wishes that she meets, in plain words; without wishes, what she helps with."""
    helps = list(person.specialisations.all())
    met = [term.plain for term in helps if term.slug in wish.concerns]
    met += [term.name for term in person.languages.all() if term.slug == wish.language]
    met += [term.name for term in person.approaches.all() if term.slug == wish.approach]
    if wish.faith and person.faith:
        met.append(person.faith)
    return met
