"""Free times, from the openings that are kept filled."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models.signals import post_save

from tatap.accounts.models import User
from tatap.bookings.domain import slots
from tatap.bookings.domain.slots import Hours, Stretch, Terms
from tatap.bookings.models import Appointment, Calendar, Rules, Status, TimeOff
from tatap.counsellors import queries as counsellors
from tatap.counsellors.models import Counsellor, Opening
from tatap.lib.remembered import Remembered

OPEN = (Status.HELD.value, Status.BOOKED.value)
RULES = Remembered(lambda: Rules.objects.order_by("-version").first())
post_save.connect(RULES.forget, sender=Rules)
TAKING = (*OPEN, Status.FULFILLED.value, Status.NOSHOW.value)  # a session just over still has its rest after it


def calendar_of(counsellor: Counsellor) -> Calendar:
    return Calendar.objects.filter(counsellor=counsellor).first() or Calendar(counsellor=counsellor)


def terms_of(counsellor: Counsellor, *, own: Calendar | None = None) -> Terms:
    """``own``: her calendar where it is at hand and as it stands."""
    own = own or calendar_of(counsellor)
    return _terms(
        counsellor.user.zone, own.buffer_minutes, own.notice_minutes, own.horizon_days, own.step_minutes
    )


def _terms(zone: str, buffer: int, notice: int, horizon: int, step: int) -> Terms:
    """Minutes, but for the horizon: days."""
    rest, ahead, stride = (timedelta(minutes=n) for n in (buffer, notice, step))
    return Terms(zone=zone, buffer=rest, notice=ahead, horizon=timedelta(days=horizon), step=stride)


@dataclass(frozen=True)
class Basis:
    """What a booking depends on. ``open``: new clients may book."""

    open: bool
    terms: Terms


def basis(counsellor: Counsellor, *, on: date) -> Basis | None:
    """One read, since it is done under a lock; None without a checked licence in force on that day."""
    facts = Counsellor.objects.filter(counsellors.in_force(on, of="licences__"), pk=counsellor.pk).order_by()
    for open_, active, zone, *minutes in facts.values_list(
        "accepting", "user__is_active", "user__zone", "calendar__buffer_minutes", "calendar__notice_minutes",
        "calendar__horizon_days", "calendar__step_minutes",
    )[:1]:
        terms = terms_of(counsellor) if minutes[0] is None else _terms(zone, *minutes)
        return Basis(open_ and active, terms)
    return None


def _licensed_until(counsellor: Counsellor) -> datetime | None:
    """Midnight after the last day of the licence; None where it is for life."""
    last = counsellors.licensed_through(counsellor)
    if last is None:
        return None
    return datetime.combine(last + timedelta(days=1), time(), ZoneInfo(counsellor.user.zone))


def openings_by_rule(
    counsellor: Counsellor, *, now: datetime, without: Appointment | None = None
) -> list[Stretch]:
    """What the rules say now; ``counsellors.Opening`` holds the same, ready to be searched. ``without``: as if
    that appointment took no time."""
    terms = replace(terms_of(counsellor), until=_licensed_until(counsellor))
    hours = [Hours(h.weekday, h.start, h.end) for h in counsellor.weekly_hours.all()]
    off = [Stretch(t.start, t.end) for t in counsellor.time_off.filter(end__gt=now)]
    booked = Appointment.objects.filter(counsellor=counsellor, status__in=TAKING, ends_at__gt=now - timedelta(hours=3))
    if without is not None:
        booked = booked.exclude(pk=without.pk)
    taken = [Stretch(start, end) for start, end in booked.values_list("starts_at", "ends_at")]
    return slots.openings(hours=hours, terms=terms, off=off, booked=taken, now=now)


def busy(
    person: User, *, start: datetime, end: datetime, without: Appointment | None = None
) -> list[Stretch]:
    """A person's own sessions that touch a stretch of time."""
    rows = Appointment.objects.filter(
        participants__person=person, status__in=OPEN, starts_at__lt=end, ends_at__gt=start
    ).order_by("starts_at")
    if without is not None:
        rows = rows.exclude(pk=without.pk)
    return [Stretch(a, b) for a, b in rows.values_list("starts_at", "ends_at")]


def free_slots(
    *,
    counsellor: Counsellor,
    minutes: int,
    start: datetime,
    end: datetime,
    now: datetime,
    client: User | None = None,
    elsewhere: list[Stretch] | None = None,
    terms: Terms | None = None,
) -> list[datetime]:
    """Starts between ``start`` and ``end`` at which that counsellor is free, and the client too if given.
    ``elsewhere``: the client's own sessions, where they are at hand."""
    terms = terms or terms_of(counsellor)
    soonest = max(start, now + terms.notice)
    rows = Opening.objects.filter(counsellor=counsellor, end__gt=soonest, start__lt=end).order_by("start")
    length = timedelta(minutes=minutes)
    free = [Stretch(max(a, soonest), min(b, end + length)) for a, b in rows.values_list("start", "end")]
    found = [moment for moment in slots.starts(free, minutes=minutes, step=terms.step) if moment < end]
    if client is None or not found:
        return found
    if elsewhere is None:
        elsewhere = busy(client, start=found[0], end=found[-1] + length)
    return [m for m in found if not any(Stretch(m, m + length).meets(item) for item in elsewhere)]


def next_slots(
    *, counsellor: Counsellor, minutes: int, now: datetime, count: int, client: User | None = None
) -> list[datetime]:
    terms = terms_of(counsellor)
    return free_slots(
        counsellor=counsellor, minutes=minutes, start=now, end=now + terms.horizon, now=now, client=client, terms=terms
    )[:count]


def nearest_slots(
    *, counsellor: Counsellor, minutes: int, around: datetime, now: datetime, count: int, client: User | None = None,
    terms: Terms | None = None, elsewhere: list[Stretch] | None = None,
) -> list[datetime]:
    """The closest free starts to a moment, in order of time; from further away where that week has none."""
    week = timedelta(days=7)
    free = free_slots(
        counsellor=counsellor, minutes=minutes, start=max(now, around - week), end=around + week, now=now, client=client,
        terms=terms, elsewhere=elsewhere,
    ) or next_slots(counsellor=counsellor, minutes=minutes, now=now, count=count, client=client)
    return slots.nearest(free, around, count)


def free_after(appointment: Appointment) -> timedelta:
    """How much later a session could end without taking from anybody: her rest before the next one stays, and
    the client has nothing else then. At most a day."""
    end, day = appointment.ends_at, timedelta(days=1)
    rest = timedelta(minutes=calendar_of(appointment.counsellor).buffer_minutes)
    limits = [end + day]
    for person, gap in ((appointment.counsellor.user, rest), (appointment.client, timedelta())):
        limits += [item.start - gap for item in busy(person, start=end, end=end + day + gap, without=appointment)]
    limits += TimeOff.objects.filter(
        counsellor=appointment.counsellor, end__gt=end, start__lt=end + day
    ).values_list("start", flat=True)
    return max(timedelta(), min(limits) - end)
