from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_date

from tatap.audit.models import Event
from tatap.bookings import queries as bookings
from tatap.bookings.models import Appointment
from tatap.closing.models import Card
from tatap.lib import zones

OFFERS = 4


def card_of(appointment: Appointment) -> Card | None:
    return Card.objects.filter(appointment=appointment).first()


def state(card: Card | None, *, appointment: Appointment, zone: str, language: str, now: datetime) -> dict[str, Any]:
    """The card as the room's pages read it; times are offered from real free slots."""
    if card is None:
        return {
            "revision": 0, "points": [], "tasks": [], "next": None, "offers": [], "additions": [],
            "accepted_at": None, "opened": False,
        }
    return {
        "revision": card.revision,
        "points": card.points,
        "tasks": [
            {"id": str(task.pk), "text": task.text, "due_on": task.due_on.isoformat() if task.due_on else ""}
            for task in card.tasks.all()
        ],
        "next": offer(card.next_start, zone=zone, language=language) if card.next_start else None,
        "offers": [offer(start, zone=zone, language=language) for start in offers(appointment, now=now)],
        "additions": [
            {"by": item.author_id, "text": item.text, "at": item.at.isoformat()} for item in card.additions.all()
        ],
        "accepted_at": card.accepted_at.isoformat() if card.accepted_at else None,
        "opened": True,
    }


def offers(appointment: Appointment, *, now: datetime) -> list[datetime]:
    """Free starts around the same weekday and hour a week on."""
    minutes = int((appointment.ends_at - appointment.starts_at) / timedelta(minutes=1))
    return bookings.nearest_slots(
        counsellor=appointment.counsellor, minutes=minutes, around=appointment.starts_at + timedelta(days=7),
        now=now, count=OFFERS,
    )


def offer(start: datetime, *, zone: str, language: str) -> dict[str, str]:
    day = format_date(zones.local(start, zone).date(), "EEEE, d MMMM", locale="en_GB" if language == "en" else "id")
    return {"start": start.isoformat(), "label": f"{day} {zones.clock_time(start, zone)}"}


def openings_by_others(appointment: Appointment, *, but: int) -> list[Event]:
    """Who opened the card, latest first, without the reader."""
    rows = Event.objects.filter(subject=f"appointment:{appointment.code}", verb="card.opened")
    return list(rows.exclude(actor=str(but))[:20])
