"""Taking, keeping and giving back time."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from tatap.accounts.models import User
from tatap.audit import actions as audit
from tatap.bookings import queries
from tatap.bookings.domain import slots
from tatap.bookings.models import Appointment, Claim, Participant, Rules, Status
from tatap.counsellors.models import Counsellor, Opening, Service

OPEN = (Status.HELD.value, Status.BOOKED.value)


class SlotTaken(Exception):
    """Someone was quicker, or one of the two is elsewhere then. ``nearest``: free starts to offer instead."""

    def __init__(self, nearest: list[datetime]) -> None:
        super().__init__()
        self.nearest = nearest


class NotBookable(Exception):
    """The counsellor does not take bookings now, or the appointment is in no state for this."""


def current_rules(*, now: datetime) -> Rules:
    return Rules.objects.order_by("-version").first() or Rules.objects.create(version=1, published_at=now)


def hold(
    *, client: User, service: Service, starts_at: datetime, now: datetime, outside_hours: bool = False
) -> Appointment:
    """A seat kept for a client until she has paid. ``outside_hours`` is for a counsellor's own arrangement;
    even then nobody can be in two places."""
    counsellor = service.counsellor
    rules = current_rules(now=now)
    ends_at = starts_at + timedelta(minutes=service.minutes)
    try:
        with transaction.atomic():
            if not outside_hours:
                _must_be_free(counsellor, starts_at, service.minutes, now=now)
            appointment = Appointment.objects.create(
                counsellor=counsellor,
                service=service,
                starts_at=starts_at,
                ends_at=ends_at,
                status=Status.HELD,
                hold_until=now + timedelta(minutes=rules.pay_within_minutes),
                tariff=service.tariff,
                rules=rules,
                created_at=now,
            )
            Participant.objects.bulk_create(
                [
                    Participant(appointment=appointment, person=client, part="client"),
                    Participant(appointment=appointment, person=counsellor.user, part="counsellor"),
                ]
            )
            _claim(appointment, [client.pk, counsellor.user_id])
            _cut_opening(appointment)
            audit.record(by=client, verb="appointment.held", subject=f"appointment:{appointment.code}", now=now)
    except IntegrityError:
        raise _taken(counsellor, service.minutes, starts_at, now=now) from None
    return appointment


def _must_be_free(counsellor: Counsellor, starts_at: datetime, minutes: int, *, now: datetime) -> None:
    """Explains kindly; the claims have the last word."""
    found = queries.free_slots(
        counsellor=counsellor, minutes=minutes, start=starts_at, end=starts_at + timedelta(minutes=1), now=now
    )
    if starts_at not in found:
        raise _taken(counsellor, minutes, starts_at, now=now)


def _taken(counsellor: Counsellor, minutes: int, around: datetime, *, now: datetime) -> SlotTaken:
    return SlotTaken(queries.nearest_slots(counsellor=counsellor, minutes=minutes, around=around, now=now, count=6))


def _claim(appointment: Appointment, people: list[int]) -> None:
    """Raises IntegrityError where one of them is already claimed."""
    steps = slots.grains(appointment.starts_at, appointment.ends_at)
    # Sorted, so that two transactions that want the same rows meet at the same one and never deadlock.
    rows = [Claim(person_id=person, grain=step, appointment=appointment) for person in sorted(people) for step in steps]
    Claim.objects.bulk_create(rows)


def _give_back(appointment: Appointment) -> None:
    """Deletes the appointment's claims by their primary keys."""
    steps = slots.grains(appointment.starts_at, appointment.ends_at)
    people = list(appointment.participants.values_list("person_id", flat=True))
    Claim.objects.filter(
        person__in=people, grain__gte=steps[0], grain__lte=steps[-1], appointment=appointment
    ).delete()


def _cut_opening(appointment: Appointment) -> None:
    """Takes the session and its buffers out of the openings that it touches."""
    buffer = queries.terms_of(appointment.counsellor).buffer
    cut = slots.Stretch(appointment.starts_at - buffer, appointment.ends_at + buffer)
    rows = list(
        Opening.objects.filter(counsellor=appointment.counsellor, start__lt=cut.end, end__gt=cut.start)
    )
    left = slots.without([slots.Stretch(row.start, row.end) for row in rows], [cut])
    Opening.objects.filter(pk__in=[row.pk for row in rows]).delete()
    Opening.objects.bulk_create(
        [Opening(counsellor=appointment.counsellor, start=item.start, end=item.end) for item in left]
    )


def refresh_openings(*, counsellor: Counsellor, now: datetime) -> None:
    """Makes the openings equal to the rules again."""
    with transaction.atomic():
        wanted = queries.openings_by_rule(counsellor, now=now)
        have = {(row.start, row.end): row.pk for row in Opening.objects.filter(counsellor=counsellor)}
        keep = {(item.start, item.end) for item in wanted}
        Opening.objects.filter(pk__in=[pk for span, pk in have.items() if span not in keep]).delete()
        Opening.objects.bulk_create(
            [Opening(counsellor=counsellor, start=a, end=b) for a, b in sorted(keep - set(have))]
        )


def _change(appointment: Appointment, *, only: tuple[str, ...], **values: object) -> bool:
    """Changes the row only while it is in one of these states; tells whether it was."""
    changed = Appointment.objects.filter(pk=appointment.pk, status__in=only).update(**values)
    if changed:
        for name, value in values.items():
            setattr(appointment, name, value)
    return bool(changed)


def confirm(*, appointment: Appointment, by: User | None, now: datetime) -> None:
    """From held to booked; a second call changes nothing."""
    with transaction.atomic():
        if _change(
            appointment, only=(Status.HELD.value,), status=Status.BOOKED.value, confirmed_at=now, hold_until=None
        ):
            audit.record(
                by=by, verb="appointment.confirmed", subject=f"appointment:{appointment.code}", now=now,
                about=appointment.client,
            )
        elif Appointment.objects.get(pk=appointment.pk).status != Status.BOOKED:
            raise NotBookable(f"appointment {appointment.code} is no longer held")


def extend_hold(*, appointment: Appointment, until: datetime, now: datetime) -> None:
    _change(appointment, only=(Status.HELD.value,), hold_until=until)


def move(*, appointment: Appointment, starts_at: datetime, by: User, now: datetime) -> Appointment:
    """To another time with the same people; the old one stays theirs unless the new one is got."""
    minutes = int((appointment.ends_at - appointment.starts_at) / timedelta(minutes=1))
    counsellor = appointment.counsellor
    if starts_at == appointment.starts_at:
        return appointment
    old = (appointment.starts_at, appointment.ends_at)
    try:
        with transaction.atomic():
            _give_back(appointment)
            ends_at = starts_at + timedelta(minutes=minutes)
            changed = _change(
                appointment, only=OPEN, starts_at=starts_at, ends_at=ends_at, sequence=appointment.sequence + 1
            )
            if not changed:
                raise NotBookable(f"appointment {appointment.code} is over")
            refresh_openings_without(appointment, now=now)
            _must_be_free(counsellor, starts_at, minutes, now=now)
            _claim(appointment, list(appointment.participants.values_list("person_id", flat=True)))
            _cut_opening(appointment)
            audit.record(
                by=by, verb="appointment.moved", subject=f"appointment:{appointment.code}", now=now,
                about=appointment.client,
            )
    except (IntegrityError, SlotTaken, NotBookable) as problem:
        appointment.starts_at, appointment.ends_at = old
        appointment.refresh_from_db(fields=["sequence", "status"])
        if isinstance(problem, IntegrityError):
            raise _taken(counsellor, minutes, starts_at, now=now) from None
        raise
    return appointment


def refresh_openings_without(appointment: Appointment, *, now: datetime) -> None:
    """The openings as if that appointment took no time."""
    kept = appointment.status
    Appointment.objects.filter(pk=appointment.pk).update(status=Status.RELEASED.value)
    refresh_openings(counsellor=appointment.counsellor, now=now)
    Appointment.objects.filter(pk=appointment.pk).update(status=kept)


def cancel(*, appointment: Appointment, by: User, now: datetime) -> None:
    with transaction.atomic():
        changed = _change(
            appointment, only=OPEN, status=Status.CANCELLED.value, cancelled_at=now, cancelled_by=by,
            hold_until=None, sequence=appointment.sequence + 1,
        )
        if not changed:
            raise NotBookable(f"appointment {appointment.code} is over")
        _give_back(appointment)
        refresh_openings(counsellor=appointment.counsellor, now=now)
        audit.record(
            by=by, verb="appointment.cancelled", subject=f"appointment:{appointment.code}", now=now,
            about=appointment.client,
        )


def release(*, appointment: Appointment, now: datetime) -> bool:
    """Lets an unpaid hold go once its time is up; False where it was paid or extended meanwhile."""
    with transaction.atomic():
        changed = Appointment.objects.filter(
            pk=appointment.pk, status=Status.HELD, hold_until__lte=now
        ).update(status=Status.RELEASED.value, hold_until=None)
        if not changed:
            return False
        _give_back(appointment)
        refresh_openings(counsellor=appointment.counsellor, now=now)
        audit.record(by=None, verb="appointment.released", subject=f"appointment:{appointment.code}", now=now)
    return True


def finish(*, appointment: Appointment, outcome: str, now: datetime) -> None:
    """``outcome``: fulfilled or noshow."""
    with transaction.atomic():
        if _change(appointment, only=(Status.BOOKED.value,), status=outcome):
            audit.record(
                by=None, verb=f"appointment.{outcome}", subject=f"appointment:{appointment.code}", now=now
            )
