"""Free times, from the openings that are kept filled."""

from datetime import datetime, timedelta

from tatap.bookings.domain import slots
from tatap.bookings.domain.slots import Hours, Stretch, Terms
from tatap.bookings.models import Appointment, Calendar, Status
from tatap.counsellors.models import Counsellor, Opening

TAKING = (Status.HELD.value, Status.BOOKED.value)


def calendar_of(counsellor: Counsellor) -> Calendar:
    return Calendar.objects.filter(counsellor=counsellor).first() or Calendar(counsellor=counsellor)


def terms_of(counsellor: Counsellor) -> Terms:
    calendar = calendar_of(counsellor)
    return Terms(
        zone=counsellor.user.zone,
        buffer=timedelta(minutes=calendar.buffer_minutes),
        notice=timedelta(minutes=calendar.notice_minutes),
        horizon=timedelta(days=calendar.horizon_days),
        step=timedelta(minutes=calendar.step_minutes),
    )


def openings_by_rule(counsellor: Counsellor, *, now: datetime) -> list[Stretch]:
    """What the rules say now; ``counsellors.Opening`` holds the same, ready to be searched."""
    terms = terms_of(counsellor)
    hours = [Hours(h.weekday, h.start, h.end) for h in counsellor.weekly_hours.all()]
    off = [Stretch(t.start, t.end) for t in counsellor.time_off.filter(end__gt=now)]
    booked = Appointment.objects.filter(counsellor=counsellor, status__in=TAKING, ends_at__gt=now - timedelta(hours=3))
    taken = [Stretch(start, end) for start, end in booked.values_list("starts_at", "ends_at")]
    return slots.openings(hours=hours, terms=terms, off=off, booked=taken, now=now)


def free_slots(
    *, counsellor: Counsellor, minutes: int, start: datetime, end: datetime, now: datetime
) -> list[datetime]:
    """Starts between ``start`` and ``end`` at which that counsellor is free."""
    terms = terms_of(counsellor)
    rows = Opening.objects.filter(counsellor=counsellor, end__gt=start, start__lt=end).order_by("start")
    soonest = max(start, now + terms.notice)
    free = [Stretch(max(row.start, soonest), row.end) for row in rows if row.end > soonest]
    return [moment for moment in slots.starts(free, minutes=minutes, step=terms.step) if moment < end]


def next_slots(*, counsellor: Counsellor, minutes: int, now: datetime, count: int) -> list[datetime]:
    horizon = now + terms_of(counsellor).horizon
    return free_slots(counsellor=counsellor, minutes=minutes, start=now, end=horizon, now=now)[:count]


def nearest_slots(
    *, counsellor: Counsellor, minutes: int, around: datetime, now: datetime, count: int
) -> list[datetime]:
    week = timedelta(days=7)
    free = free_slots(counsellor=counsellor, minutes=minutes, start=max(now, around - week), end=around + week, now=now)
    return slots.nearest(free, around, count)
