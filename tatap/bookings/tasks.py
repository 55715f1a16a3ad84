"""What the worker does about time. Each takes ``now`` and returns how much it did."""

from datetime import datetime, timedelta

from tatap.bookings import actions
from tatap.bookings.domain.slots import grains
from tatap.bookings.models import Appointment, Claim, Status
from tatap.counsellors import queries as counsellors
from tatap.counsellors.models import Counsellor

BATCH = 200


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
    """Sessions already booked with someone whose licence lapses before them are put before the manager."""
    coming = Appointment.objects.filter(status=Status.BOOKED, starts_at__gt=now, starts_at__lt=now + timedelta(days=60))
    count = 0
    for row in coming.select_related("counsellor"):
        lapsed = not counsellors.licensed(row.starts_at.date()).filter(pk=row.counsellor_id).exists()
        wanted = "licence_lapsed" if lapsed else ""
        if row.needs_manager != wanted and row.needs_manager in {"", "licence_lapsed"}:
            Appointment.objects.filter(pk=row.pk).update(needs_manager=wanted)
            count += 1
    return count
