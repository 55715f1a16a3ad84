"""What the worker does about time. Each takes ``now`` and returns how much it did."""

from datetime import datetime, timedelta

from tatap.bookings import actions
from tatap.bookings.domain.slots import grains
from tatap.bookings.models import Appointment, Claim, Status
from tatap.bookings.queries import OPEN
from tatap.counsellors import queries as counsellors
from tatap.counsellors.models import Counsellor
from tatap.lib import zones

BATCH = 200
LAPSED = "licence_lapsed"


def release_expired_holds(now: datetime) -> int:
    """A seat held past its time goes back; payments lengthens a hold before that where money is on its way."""
    rows = Appointment.objects.filter(status=Status.HELD, hold_until__lte=now).select_related("counsellor__user")
    return sum(actions.release(appointment=row, now=now) for row in rows[:BATCH])


def refresh_openings(now: datetime) -> int:
    """The horizon and the notice move with the clock."""
    people = list(Counsellor.objects.select_related("user", "calendar"))
    for counsellor in people:
        actions.refresh_openings(counsellor=counsellor, now=now)
    return len(people)


def prune_claims(now: datetime) -> int:
    before = grains(now - timedelta(days=2), now - timedelta(days=2) + timedelta(minutes=5))[0]
    return Claim.objects.filter(grain__lt=before).delete()[0]


def flag_lapsed_licences(now: datetime) -> int:
    """Sessions already booked with someone whose licence ends before them are put before the manager, and
    taken away again once a new one was checked."""
    coming = Appointment.objects.filter(status__in=OPEN, starts_at__gt=now, needs_manager__in=["", LAPSED])
    rows = list(coming.select_related("counsellor__user").order_by("starts_at"))
    days = {zones.local(row.starts_at, row.counsellor.user.zone).date() for row in rows}
    able = {day: set(counsellors.licensed(day).values_list("pk", flat=True)) for day in sorted(days)}
    count = 0
    for row in rows:
        day = zones.local(row.starts_at, row.counsellor.user.zone).date()
        wanted = "" if row.counsellor_id in able[day] else LAPSED
        if row.needs_manager != wanted:
            count += Appointment.objects.filter(pk=row.pk).update(needs_manager=wanted)
    return count
