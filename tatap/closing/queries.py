from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_date

from tatap.audit.models import Event
from tatap.bookings import queries as bookings
from tatap.bookings.models import Appointment, Status
from tatap.closing.models import Card
from tatap.lib import zones

OFFERS = 4
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


def offers(appointment: Appointment, *, now: datetime, count: int = OFFERS) -> list[datetime]:
    """The starts nearest to the same weekday and hour a week on at which both are free, in their order."""
    return bookings.nearest_slots(
        counsellor=appointment.counsellor, minutes=minutes_of(appointment), around=appointment.starts_at + timedelta(days=7),
        now=now, count=count, client=appointment.client,
    )


def offer(start: datetime, *, zone: str, language: str) -> dict[str, str]:
    day = format_date(zones.local(start, zone).date(), "EEEE, d MMMM", locale="en_GB" if language == "en" else "id")
    return {"start": start.isoformat(), "label": f"{day} {zones.clock_time(start, zone)}"}


def openings(appointment: Appointment) -> list[Event]:
    """When somebody other than the client opened the card, latest first."""
    return list(Event.objects.filter(subject=f"appointment:{appointment.code}", verb="card.opened")[:3])


def booked_after(appointment: Appointment, *, now: datetime) -> Appointment | None:
    """The next session of the same two people that is already arranged."""
    return (
        Appointment.objects.filter(
            counsellor=appointment.counsellor,
            participants__person=appointment.client,
            status__in=[Status.HELD, Status.BOOKED],
            starts_at__gt=max(now, appointment.starts_at),
        )
        .order_by("starts_at")
        .first()
    )


def sessions_before(appointment: Appointment) -> int:
    """How many sessions with a card these two had before this one."""
    return Card.objects.filter(
        appointment__counsellor=appointment.counsellor,
        appointment__participants__person=appointment.client,
        appointment__starts_at__lt=appointment.starts_at,
    ).count()
