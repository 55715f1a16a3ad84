from datetime import datetime, timedelta
from typing import Any

from tatap.accounts.models import Practice
from tatap.bookings.models import Appointment
from tatap.callroom.domain import session
from tatap.callroom.models import Attendance, ChatMessage, Room

CHAT_SHOWN = 500


def find(code: str) -> Appointment | None:
    return (
        Appointment.objects.select_related("counsellor__user", "rules", "service")
        .prefetch_related("participants__person")
        .filter(code=code.upper())
        .first()
    )


def addresses_hidden(appointment: Appointment) -> bool:
    """Whether the two may not learn each other's internet address: one of them or the practice wishes so."""
    wished = any(seat.person.hide_address for seat in appointment.participants.all())
    return wished or Practice.objects.filter(hide_addresses=True).exists()


def status(appointment: Appointment, *, now: datetime) -> session.Status:
    room = Room.objects.filter(appointment=appointment).first()
    here = room is not None and room.attendance.filter(person=appointment.counsellor.user, left_at=None).exists()
    other = (
        Appointment.objects.filter(
            counsellor=appointment.counsellor,
            room__isnull=False,
            room__ended_at__isnull=True,
            room__attendance__person=appointment.counsellor.user,
            room__attendance__left_at__isnull=True,
            ends_at__gt=now - session.LATE,
        )
        .exclude(pk=appointment.pk)
        .order_by("-ends_at")
        .first()
    )
    return session.status(
        session.Situation(
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
            counsellor_here=here,
            other_session_ends=other.ends_at if other else None,
            choice_after=timedelta(minutes=appointment.rules.late_choice_minutes),
        ),
        now=now,
    )


def chat_of(room: Room, *, after: int = 0) -> list[dict[str, Any]]:
    rows = ChatMessage.objects.filter(room=room, n__gt=after).order_by("-n")[:CHAT_SHOWN]
    return [said(row) for row in reversed(rows)]


def said(row: ChatMessage) -> dict[str, Any]:
    return {"n": row.n, "key": row.key, "from": row.author_id, "text": row.body, "at": row.at.isoformat()}


def both_were_there(*, appointment: Appointment) -> bool:
    people = set(appointment.participants.values_list("person_id", flat=True))
    here = set(Attendance.objects.filter(room__appointment=appointment).values_list("person_id", flat=True))
    return people <= here
