from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_date
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Concat

from tatap.audit.models import Event
from tatap.bookings import queries as bookings
from tatap.bookings.domain.slots import Stretch
from tatap.bookings.models import Appointment
from tatap.closing.models import Card
from tatap.lib import zones

OFFERS = 4
WEEK = timedelta(days=7)
OPENS_BEFORE_END = timedelta(minutes=10)


def card_of(appointment: Appointment) -> Card | None:
    return Card.objects.filter(appointment=appointment).first()


def state(card: Card | None, *, appointment: Appointment, zone: str, language: str, now: datetime) -> dict[str, Any]:
    """The card as the room's pages read it; times are offered from real free slots."""
    offered = [offer(start, zone=zone, language=language) for start in offers(appointment, now=now)]
    if card is None:
        return {
            "revision": 0, "points": [], "tasks": [], "next": None, "offers": offered, "additions": [],
            "accepted_at": None, "opened": opens_by_itself(appointment, now=now),
        }
    return {
        "revision": card.revision,
        "points": card.points,
        "tasks": [
            {"id": str(task.pk), "text": task.text, "due_on": task.due_on.isoformat()}
            for task in card.current_tasks
        ],
        "next": offer(card.next_start, zone=zone, language=language) if card.next_start else None,
        "offers": offered,
        "additions": [
            {"by": item.author_id, "text": item.text, "at": item.at.isoformat()} for item in card.additions.all()
        ],
        "accepted_at": card.accepted_at.isoformat() if card.accepted_at else None,
        "opened": True,
    }


def opens_by_itself(appointment: Appointment, *, now: datetime) -> bool:
    return now >= appointment.ends_at - OPENS_BEFORE_END


def minutes_of(appointment: Appointment) -> int:
    return int((appointment.ends_at - appointment.starts_at) / timedelta(minutes=1))


def offers(
    appointment: Appointment, *, now: datetime, count: int = OFFERS, elsewhere: list[Stretch] | None = None
) -> list[datetime]:
    """The starts nearest to the same weekday and hour, a week or as many weeks on as have passed, at which both
    are free, in their order."""
    weeks = max(1, -((appointment.starts_at - now) // WEEK))
    counsellor = appointment.counsellor
    return bookings.nearest_slots(
        counsellor=counsellor, minutes=minutes_of(appointment), around=appointment.starts_at + weeks * WEEK, now=now,
        count=count, client=appointment.client, elsewhere=elsewhere, terms=bookings.terms_of(counsellor, own=getattr(counsellor, "calendar", None)),
    )


def offer(start: datetime, *, zone: str, language: str) -> dict[str, str]:
    day = format_date(zones.local(start, zone).date(), "EEEE, d MMMM", locale="en_GB" if language == "en" else "id")
    return {"start": start.isoformat(), "label": f"{day} {zones.clock_time(start, zone)}"}


def last_opened(appointment: Appointment) -> datetime | None:
    """When somebody other than the client last opened the card."""
    if hasattr(appointment, "last_opened"):  # asked for with the appointment: ``LAST_OPENED``
        return appointment.last_opened  # type: ignore[no-any-return]
    return Event.objects.filter(subject=f"appointment:{appointment.code}", verb="card.opened").values_list("at", flat=True).first()


LAST_OPENED = Subquery(
    Event.objects.filter(subject=Concat(Value("appointment:"), OuterRef("code")), verb="card.opened").values("at")[:1]
)


@dataclass(frozen=True)
class Others:
    """Of the same two people: how many sessions with a card came ``before``, and the next one that is already
    ``booked``. ``taken``: when the client has a session to come, with whomever."""

    before: int
    booked: "Arranged | None"
    taken: list[Stretch]


@dataclass(frozen=True)
class Arranged:
    code: str
    starts_at: datetime


def of_the_same_two(appointment: Appointment, *, now: datetime) -> Others:
    """One query: what a client has had and what is arranged is a short list."""
    hers = Appointment.objects.filter(participants__person=appointment.client).order_by("starts_at")
    rows = list(hers.values_list("counsellor_id", "code", "status", "starts_at", "ends_at", "card"))
    open_ = [row for row in rows if row[2] in bookings.OPEN]
    soonest, counsellor = max(now, appointment.starts_at), appointment.counsellor_id
    coming = (Arranged(code, start) for who, code, _s, start, _end, _card in open_ if who == counsellor and start > soonest)
    earlier = [row for row in rows if row[0] == counsellor and row[5] and row[3] < appointment.starts_at]
    taken = [Stretch(start, end) for _who, _code, _s, start, end, _card in open_ if end > now]
    return Others(before=len(earlier), booked=next(coming, None), taken=taken)
