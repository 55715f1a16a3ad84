"""The directory's search, its order, and the cards. First free times come from ``Opening``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery

from tatap.counsellors.domain.slot_starts import starts
from tatap.counsellors.models import (
    LENGTHS,
    Approach,
    Counsellor,
    Language,
    Opening,
    Service,
    Specialisation,
)
from tatap.counsellors.queries import free_openings, shown
from tatap.lib import zones

PAGE = 12
AHEAD = timedelta(days=14)
#: words that say nothing of whom one looks for
FILLER = frozenset({
    "saya", "aku", "gue", "ga", "gak", "nggak", "enggak", "tidak", "bisa", "mau", "ingin", "sama",
    "dan", "yang", "untuk", "di", "ke", "dari", "ini", "itu", "lagi", "terus", "sering", "selalu",
    "karena", "dengan", "the", "an", "my", "can", "not", "cannot", "to", "of", "and", "in", "with",
    "for", "is", "am",
})

Window = tuple[datetime, datetime]


@dataclass(frozen=True)
class Wish:
    """What the reader asked for; all of it optional. ``price``: whole rupiah at the most. ``windows``: when.
    ``names``: the chosen terms as she reads them, by slug."""

    concerns: list[str] = field(default_factory=list)
    words: str = ""
    profession: str = ""
    gender: str = ""
    language: str = ""
    approach: str = ""
    faith: bool = False
    price: int | None = None
    windows: list[Window] = field(default_factory=list)
    sort: str = "soonest"
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """A directory card: who, why she is shown, and the next free starts of her shortest individual session."""

    counsellor: Counsellor
    service: Service | None
    why: list[str]
    times: list[datetime]


def search(wish: Wish, *, now: datetime) -> QuerySet[Counsellor]:
    rows = shown(now)
    if wish.concerns:
        rows = rows.filter(pk__in=_with(Specialisation, Q(slug__in=wish.concerns)))
    if wish.profession:
        rows = rows.filter(profession=wish.profession)
    if wish.gender:
        rows = rows.filter(gender=wish.gender)
    if wish.language:
        rows = rows.filter(pk__in=_with(Language, Q(slug=wish.language)))
    if wish.approach:
        rows = rows.filter(pk__in=_with(Approach, Q(slug=wish.approach)))
    if wish.faith:
        rows = rows.exclude(faith="")
    if wish.price is not None:
        offered = Service.objects.filter(active=True, kind="individual", tariff__lte=wish.price)
        rows = rows.filter(pk__in=offered.values("counsellor"))
    for word in telling(wish.words):
        rows = rows.filter(_says(word))
    if wish.windows:
        rows = rows.filter(pk__in=_free_in(wish.windows, now=now).values("counsellor"))
    return _sorted(rows, wish, now=now)


def telling(words: str) -> list[str]:
    """The words that narrow a search, at most six; all of them where there are no others."""
    found = re.findall(r"\w{2,}", words.lower())
    return ([word for word in found if word not in FILLER] or found)[:6]


def _with(model: Any, which: Q) -> Any:
    """The counsellors (their ids) who have such a term."""
    return model.objects.filter(which, counsellors__isnull=False).order_by().values("counsellors")


def _says(word: str) -> Q:
    own = ("name", "town", "faith", "says_id", "says_en", "about_id", "about_en", "education")
    found = Q()
    for place in own:
        found |= Q(**{f"{place}__icontains": word})
    named = Q()
    for place in ("name_id", "name_en", "plain_id", "plain_en", "also"):
        named |= Q(**{f"{place}__icontains": word})
    for model in (Specialisation, Language, Approach):
        found |= Q(pk__in=_with(model, named))
    return found


def _free_in(windows: list[Window], *, now: datetime) -> QuerySet[Opening]:
    """Openings in which a session can begin within one of the windows."""
    within = Q()
    for begin, finish in windows:
        for minutes in LENGTHS:
            within |= Q(counsellor__services__minutes=minutes, start__lt=finish, end__gte=begin + timedelta(minutes=minutes))
    main = Q(counsellor__services__active=True, counsellor__services__kind="individual")
    long_enough = free_openings(now).values("pk")
    return Opening.objects.filter(within & main, pk__in=long_enough, end__gt=windows[0][0], start__lt=windows[-1][1])


def _sorted(rows: QuerySet[Counsellor], wish: Wish, *, now: datetime) -> QuerySet[Counsellor]:
    if wish.sort == "experience":
        return rows.order_by("-years", "pk")
    if wish.sort == "tariff":
        own = Service.objects.filter(counsellor=OuterRef("pk"), active=True, kind="individual")
        price = Subquery(own.order_by("minutes", "pk").values("tariff")[:1])
        return rows.annotate(price=price).order_by(F("price").asc(nulls_last=True), "pk")
    free = _free_in(wish.windows, now=now) if wish.windows else free_openings(now)
    first = free.filter(counsellor=OuterRef("pk")).order_by().values("counsellor").annotate(first=Min("start"))
    return rows.annotate(first_free=Subquery(first.values("first"))).order_by(
        F("first_free").asc(nulls_last=True), "pk"
    )


def cards(people: list[Counsellor], wish: Wish, *, now: datetime, times: int = 3) -> list[Shown]:
    """One query for the openings of all of them; services and specialisations are expected to be prefetched."""
    rows = Opening.objects.filter(counsellor__in=people, end__gt=now, start__lt=now + AHEAD).order_by("start")
    openings: dict[int, list[Window]] = {}
    for whose, start, end in rows.values_list("counsellor_id", "start", "end"):
        openings.setdefault(whose, []).append((start, end))
    made = []
    for person in people:
        service = main_service(person)
        found = _times(person, service, openings.get(person.pk, []), wish.windows, now=now) if service else iter(())
        made.append(Shown(counsellor=person, service=service, why=_why(person, wish), times=list(islice(found, times))))
    return made


def main_service(person: Counsellor) -> Service | None:
    """The shortest individual session: if that does not fit, no other does."""
    own = [s for s in person.services.all() if s.active and s.kind == "individual"]
    return min(own, key=lambda s: (s.minutes, s.pk), default=None)


def _times(
    person: Counsellor, service: Service, openings: list[Window], windows: list[Window], *, now: datetime
) -> Iterator[datetime]:
    calendar = getattr(person, "calendar", None)  # of bookings, which keeps the openings filled
    step, notice = (calendar.step_minutes, calendar.notice_minutes) if calendar else (30, 120)
    soonest = now + timedelta(minutes=notice)
    for start, end in openings:
        for moment in starts(max(start, soonest), min(end, now + AHEAD), minutes=service.minutes, step=step):
            if not windows or any(begin <= moment < finish for begin, finish in windows):
                yield moment


def week(person: Counsellor, service: Service, *, now: datetime, zone: str) -> list[tuple[date, list[datetime]]]:
    """The free times of the next seven days on the reader's clocks, days without any included."""
    found = Opening.objects.filter(counsellor=person, end__gt=now, start__lt=now + AHEAD).order_by("start")
    rows = list(found.values_list("start", "end"))
    today = zones.local(now, zone).date()
    days: dict[date, list[datetime]] = {today + timedelta(days=n): [] for n in range(7)}
    for moment in _times(person, service, rows, [], now=now):
        day = zones.local(moment, zone).date()
        if day in days:
            days[day].append(moment)
    return list(days.items())


def _why(person: Counsellor, wish: Wish) -> list[str]:
    """The reader's own wishes that she meets, in plain words."""
    words = telling(wish.words)
    met = [
        term.plain
        for term in person.specialisations.all()
        if term.slug in wish.concerns or any(word in term.searchable for word in words)
    ]
    met += [wish.names[slug] for slug in (wish.language, wish.approach) if slug in wish.names]
    if wish.faith and person.faith:
        met.append(person.faith)
    return met
