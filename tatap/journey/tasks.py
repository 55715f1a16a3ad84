"""What the worker does across rooms."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from tatap.bookings.models import Appointment, Status
from tatap.journey import actions, letters
from tatap.journey.domain.next_step import ENTER_AFTER
from tatap.journey.models import Reminder, Settlement, Told

BATCH = 100
ASK_AGAIN = timedelta(hours=6)
LEAD = {"day": timedelta(hours=24), "hour": timedelta(hours=1)}


def tell(now: datetime) -> int:
    """Writes the letters that are missing: of seats confirmed, moved or cancelled. Returns how many."""
    told = Told.objects.filter(appointment=OuterRef("pk"), what="booked", sequence=OuterRef("sequence"))
    booked = Appointment.objects.filter(status=Status.BOOKED, starts_at__gt=now).exclude(Exists(told))
    gone = Told.objects.filter(appointment=OuterRef("pk"), what="cancelled")
    known = Told.objects.filter(appointment=OuterRef("pk"), what="booked")
    cancelled = Appointment.objects.filter(
        Exists(known), status=Status.CANCELLED, starts_at__gt=now - timedelta(days=1)
    ).exclude(Exists(gone))
    count = 0
    for appointment in [*booked[:BATCH], *cancelled[:BATCH]]:
        _tell_one(appointment, now=now)
        count += 1
    return count


def _tell_one(appointment: Appointment, *, now: datetime) -> None:
    what = "booked" if appointment.status == Status.BOOKED else "cancelled"
    with transaction.atomic():
        earlier = Told.objects.filter(appointment=appointment, what="booked").exists()
        Told.objects.get_or_create(
            appointment=appointment, what=what, sequence=appointment.sequence, defaults={"at": now}
        )
        word = "moved" if what == "booked" and earlier else what
        letters.write(appointment=appointment, what=word, now=now)
        if what == "booked":
            _plan_reminders(appointment, now=now)


def _plan_reminders(appointment: Appointment, *, now: datetime) -> None:
    for kind, lead in LEAD.items():
        due = appointment.starts_at - lead
        if due > now:
            Reminder.objects.get_or_create(
                key=f"{kind}:{appointment.code}:{appointment.sequence}",
                defaults={
                    "appointment": appointment,
                    "kind": kind,
                    "sequence": appointment.sequence,
                    "due_at": due,
                },
            )


def remind(row: Reminder, now: datetime) -> None:
    appointment = row.appointment
    stands = appointment.status == Status.BOOKED and appointment.sequence == row.sequence
    if stands and now < appointment.starts_at:
        letters.write(appointment=appointment, what=row.kind, now=now)


def settle_ended(row: Settlement, now: datetime) -> None:
    """What the line took of a session that is over is given back, once. While nobody has looked at its proof of
    payment, another row asks again later; the key counts up, so that no two ask for the same hour."""
    try:
        credit = actions.settle(appointment=row.appointment, now=now)
    except actions.NotDecided:
        first, _mark, asked = row.key.partition("#")
        Settlement.objects.get_or_create(
            key=f"{first}#{int(asked or 0) + 1}",
            defaults={"appointment": row.appointment, "due_at": now + ASK_AGAIN},
        )
        return
    if credit is not None:
        letters.write_credit(credit=credit, now=now)


def close_past(now: datetime) -> int:
    """Sessions whose time is over are closed."""
    over = Appointment.objects.filter(status=Status.BOOKED, ends_at__lt=now - ENTER_AFTER).order_by(F("ends_at"))
    rows = list(over[:BATCH])
    for appointment in rows:
        actions.close_past(appointment=appointment, now=now)
    return len(rows)
