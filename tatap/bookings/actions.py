"""Taking, keeping and giving back time."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from tatap.accounts.models import User
from tatap.audit import actions as audit
from tatap.bookings import queries
from tatap.bookings.domain import slots
from tatap.bookings.models import Appointment, Claim, Participant, Rules, Status
from tatap.counsellors.models import Counsellor, Opening, Service
from tatap.lib import zones

OFFERED = 6  # times to offer where one was taken


class SlotTaken(Exception):
    """Someone was quicker, or one of the two is elsewhere then. ``nearest``: starts free for both, to offer
    instead. ``own``: it is the client who has another session at that time."""

    def __init__(self, nearest: list[datetime], *, own: bool = False) -> None:
        super().__init__()
        self.nearest = nearest
        self.own = own


class NotBookable(Exception):
    """The counsellor does not take bookings now, or the appointment is in no state for this."""


def current_rules(*, now: datetime) -> Rules:
    """What is shown and booked by; a new version counts everywhere within a minute."""
    rules = queries.RULES.get(now=now)
    return rules if rules is not None else Rules.objects.create(version=1, published_at=now)


def hold(
    *, client: User, service: Service, starts_at: datetime, now: datetime, outside_hours: bool = False
) -> Appointment:
    """A seat kept for a client until she has paid. ``outside_hours`` is for a counsellor's own arrangement;
    even then nobody can be in two places."""
    counsellor, rules = service.counsellor, current_rules(now=now)
    wanted = slots.Stretch(starts_at, starts_at + timedelta(minutes=service.minutes))
    try:
        with transaction.atomic():
            _one_at_a_time([client.pk, counsellor.user_id])
            basis = _basis(service, client, starts_at, asked_for=outside_hours)
            touched = _touched(counsellor, wanted, basis.terms)
            if not outside_hours and not _is_free(touched, wanted, basis.terms, now=now):
                raise _taken(counsellor, service.minutes, starts_at, client=client, now=now)
            appointment = _seat(client, service, wanted, rules, now=now)
            _claim(appointment, [client.pk, counsellor.user_id])
            _cut(touched, wanted, basis.terms)
            audit.record(
                by=client, verb="appointment.held", subject=f"appointment:{appointment.code}", now=now, about=client
            )
    except IntegrityError:
        raise _taken(counsellor, service.minutes, starts_at, client=client, now=now) from None
    return appointment


def _one_at_a_time(people: list[int]) -> None:
    """Changes to one person's time follow one another: the openings are read and written back, and two moves
    that swap their times would wait for each other for ever. SQLite has one writer at a time anyway."""
    if connection.features.has_select_for_update:
        rows = User.objects.filter(pk__in=people).order_by("pk").select_for_update(no_key=True)
        list(rows.values_list("pk", flat=True))


def _basis(service: Service, client: User, starts_at: datetime, *, asked_for: bool) -> queries.Basis:
    """Refuses where no booking can be made whatever the hour."""
    counsellor = service.counsellor
    if client.pk == counsellor.user_id:
        raise NotBookable(_("A counsellor cannot book herself."))
    if not service.active and not asked_for:
        raise NotBookable(_("This service is no longer offered."))
    found = queries.basis(counsellor, on=zones.local(starts_at, counsellor.user.zone).date())
    if found is None or not (found.open or asked_for):
        raise NotBookable(_("This counsellor does not take bookings at that time."))
    return found


def _touched(counsellor: Counsellor, wanted: slots.Stretch, terms: slots.Terms) -> list[Opening]:
    """The openings from which the session and its rest would be cut."""
    rows = Opening.objects.filter(
        counsellor=counsellor, start__lt=wanted.end + terms.buffer, end__gt=wanted.start - terms.buffer
    )
    return list(rows.order_by("start"))


def _is_free(touched: list[Opening], wanted: slots.Stretch, terms: slots.Terms, *, now: datetime) -> bool:
    """Explains kindly; the claims have the last word."""
    free = [slots.Stretch(row.start, row.end) for row in touched]
    return wanted.start >= now + terms.notice and slots.fits(free, wanted, step=terms.step)


def _cut(touched: list[Opening], taken: slots.Stretch, terms: slots.Terms) -> None:
    """Takes the session and its rest out of the openings. What is left is written over the rows there are."""
    if not touched:
        return
    cut = slots.Stretch(taken.start - terms.buffer, taken.end + terms.buffer)
    whole = [slots.Stretch(row.start, row.end) for row in touched]
    left = slots.on_step(slots.without(whole, [cut]), step=terms.step)
    for row, piece in zip(touched, left, strict=False):
        Opening.objects.filter(pk=row.pk).update(start=piece.start, end=piece.end, minutes=piece.minutes)
    for piece in left[len(touched):]:
        Opening.objects.create(
            counsellor_id=touched[0].counsellor_id, start=piece.start, end=piece.end, minutes=piece.minutes
        )
    if len(touched) > len(left):
        Opening.objects.filter(pk__in=[row.pk for row in touched[len(left):]]).delete()


def _seat(client: User, service: Service, wanted: slots.Stretch, rules: Rules, *, now: datetime) -> Appointment:
    until = now + timedelta(minutes=rules.pay_within_minutes)
    appointment = Appointment.objects.create(
        counsellor=service.counsellor,
        service=service,
        starts_at=wanted.start,
        ends_at=wanted.end,
        status=Status.HELD.value,
        hold_until=min(until, wanted.start) if wanted.start > now else until,
        tariff=service.tariff,
        rules=rules,
        created_at=now,
    )
    Participant.objects.bulk_create(
        [
            Participant(appointment=appointment, person=client, part="client"),
            Participant(appointment=appointment, person=service.counsellor.user, part="counsellor"),
        ]
    )
    return appointment


def _taken(
    counsellor: Counsellor, minutes: int, around: datetime, *, client: User, now: datetime, moved: Appointment | None = None
) -> SlotTaken:
    nearest = queries.nearest_slots(
        counsellor=counsellor, minutes=minutes, around=around, now=now, count=OFFERED, client=client
    )
    own = queries.busy(client, start=around, end=around + timedelta(minutes=minutes), without=moved)
    return SlotTaken(nearest, own=bool(own))


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


def refresh_openings(*, counsellor: Counsellor, now: datetime) -> None:
    """Makes the openings equal to the rules again."""
    with transaction.atomic():
        _one_at_a_time([counsellor.user_id])
        _fill_openings(counsellor, now=now)


def change_calendar(*, counsellor: Counsellor, by: User, save: Callable[[], object], now: datetime) -> None:
    """Hours, time off or terms, and the free times that follow from them. Booked sessions stay as they are."""
    with transaction.atomic():
        _one_at_a_time([counsellor.user_id])
        save()
        _fill_openings(counsellor, now=now)
        audit.record(by=by, verb="calendar.changed", subject=f"counsellor:{counsellor.slug}", now=now)


def _fill_openings(counsellor: Counsellor, *, now: datetime, without: Appointment | None = None) -> None:
    wanted = {(item.start, item.end) for item in queries.openings_by_rule(counsellor, now=now, without=without)}
    have = {(row.start, row.end): row.pk for row in Opening.objects.filter(counsellor=counsellor)}
    gone = [pk for span, pk in have.items() if span not in wanted]
    if gone:
        Opening.objects.filter(pk__in=gone).delete()
    Opening.objects.bulk_create(
        [
            Opening(counsellor=counsellor, start=a, end=b, minutes=slots.Stretch(a, b).minutes)
            for a, b in sorted(wanted - set(have))
        ]
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
            raise NotBookable(_("This seat is no longer held."))


def extend_hold(*, appointment: Appointment, until: datetime, now: datetime) -> None:
    _change(appointment, only=(Status.HELD.value,), hold_until=until)


def _latest(appointment: Appointment) -> list[int]:
    """Brings the row up to date once nobody else can change the time of its people; returns them."""
    people = sorted(appointment.participants.values_list("person_id", flat=True))
    _one_at_a_time(people)
    appointment.refresh_from_db(fields=["status", "starts_at", "ends_at", "sequence", "hold_until"])
    return people


def move(*, appointment: Appointment, starts_at: datetime, by: User, now: datetime) -> Appointment:
    """To another time with the same people; the old one stays theirs unless the new one is got."""
    length = appointment.ends_at - appointment.starts_at
    minutes, counsellor, client = int(length / timedelta(minutes=1)), appointment.counsellor, appointment.client
    try:
        with transaction.atomic():
            people = _latest(appointment)
            if starts_at == appointment.starts_at:
                return appointment
            basis = _basis(appointment.service, client, starts_at, asked_for=True)
            _give_back(appointment)
            _fill_openings(counsellor, now=now, without=appointment)
            wanted = slots.Stretch(starts_at, starts_at + length)
            touched = _touched(counsellor, wanted, basis.terms)
            if not _is_free(touched, wanted, basis.terms, now=now):
                raise _taken(counsellor, minutes, starts_at, client=client, now=now, moved=appointment)
            _to(appointment, wanted)
            _claim(appointment, people)
            _cut(touched, wanted, basis.terms)
            audit.record(
                by=by, verb="appointment.moved", subject=f"appointment:{appointment.code}", now=now, about=client
            )
    except (IntegrityError, SlotTaken, NotBookable) as problem:
        appointment.refresh_from_db(fields=["status", "starts_at", "ends_at", "sequence", "hold_until"])
        if isinstance(problem, NotBookable):
            raise
        raise _taken(counsellor, minutes, starts_at, client=client, now=now, moved=appointment) from None
    return appointment


def _to(appointment: Appointment, wanted: slots.Stretch) -> None:
    changed = _change(
        appointment, only=queries.OPEN, starts_at=wanted.start, ends_at=wanted.end, sequence=appointment.sequence + 1
    )
    if not changed:
        raise NotBookable(_("This appointment is already over or cancelled."))


def extend(*, appointment: Appointment, minutes: int, by: User, now: datetime) -> None:
    """Ends later where that time is free for both; raises SlotTaken where it is not."""
    end = appointment.ends_at + timedelta(minutes=minutes)
    try:
        with transaction.atomic():
            people = _latest(appointment)
            if timedelta(minutes=minutes) > queries.free_after(appointment):
                raise SlotTaken([])
            had = slots.grains(appointment.starts_at, appointment.ends_at)
            steps = [step for step in slots.grains(appointment.ends_at, end) if step > had[-1]]
            if not _change(appointment, only=(Status.BOOKED.value,), ends_at=end):
                raise NotBookable(_("This appointment is already over or cancelled."))
            Claim.objects.bulk_create(
                [Claim(person_id=person, grain=step, appointment=appointment) for person in people for step in steps]
            )
            _fill_openings(appointment.counsellor, now=now)
            audit.record(
                by=by, verb="appointment.extended", subject=f"appointment:{appointment.code}", now=now,
                about=appointment.client,
            )
    except (IntegrityError, SlotTaken):
        appointment.refresh_from_db(fields=["ends_at"])
        raise SlotTaken([]) from None


def cancel(*, appointment: Appointment, by: User | None, now: datetime) -> None:
    """``by``: None where the practice's rule did it, as when no money came."""
    with transaction.atomic():
        _latest(appointment)
        changed = _change(
            appointment, only=queries.OPEN, status=Status.CANCELLED.value, cancelled_at=now, cancelled_by=by,
            hold_until=None, sequence=appointment.sequence + 1,
        )
        if not changed:
            raise NotBookable(_("This appointment is already over or cancelled."))
        _give_back(appointment)
        _fill_openings(appointment.counsellor, now=now)
        audit.record(
            by=by, verb="appointment.cancelled", subject=f"appointment:{appointment.code}", now=now,
            about=appointment.client,
        )


def release(*, appointment: Appointment, now: datetime) -> bool:
    """Lets an unpaid hold go once its time is up; False where it was paid or extended meanwhile."""
    with transaction.atomic():
        _latest(appointment)
        changed = Appointment.objects.filter(
            pk=appointment.pk, status=Status.HELD, hold_until__lte=now
        ).update(status=Status.RELEASED.value, hold_until=None)
        if not changed:
            return False
        appointment.status, appointment.hold_until = Status.RELEASED.value, None
        _give_back(appointment)
        _fill_openings(appointment.counsellor, now=now)
        audit.record(by=None, verb="appointment.released", subject=f"appointment:{appointment.code}", now=now)
    return True


def seen_by_manager(*, appointment: Appointment) -> None:
    Appointment.objects.filter(pk=appointment.pk).update(needs_manager="")
    appointment.needs_manager = ""


def finish(*, appointment: Appointment, outcome: str, now: datetime, for_manager: str = "") -> None:
    """``outcome``: fulfilled or noshow. ``for_manager``: why somebody of the practice has to look at it."""
    with transaction.atomic():
        if _change(appointment, only=(Status.BOOKED.value,), status=outcome, needs_manager=for_manager):
            audit.record(
                by=None, verb=f"appointment.{outcome}", subject=f"appointment:{appointment.code}", now=now
            )
