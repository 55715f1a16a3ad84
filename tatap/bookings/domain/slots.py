"""When a counsellor can be booked. Pure: moments are UTC, ends are exclusive."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tatap.counsellors.domain.slot_starts import starts as slot_starts

GRAIN = timedelta(minutes=5)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, order=True)
class Stretch:
    start: datetime
    end: datetime

    def meets(self, other: "Stretch") -> bool:
        return self.start < other.end and other.start < self.end

    @property
    def minutes(self) -> int:
        return (self.end - self.start) // timedelta(minutes=1)


@dataclass(frozen=True)
class Hours:
    """A weekly stretch on the counsellor's clocks; Monday is 0; an end of 00:00 is midnight."""

    weekday: int
    start: time
    end: time


@dataclass(frozen=True)
class Terms:
    """How a counsellor wants to be booked."""

    zone: str
    buffer: timedelta
    notice: timedelta
    horizon: timedelta
    step: timedelta
    until: datetime | None = None  # the licence's end: nothing is offered after it


def grains(start: datetime, end: datetime) -> list[int]:
    """The five-minute steps since 1970 that a stretch touches."""
    first = int((start - _EPOCH) / GRAIN)
    last = -int(-(end - _EPOCH) // GRAIN)
    return list(range(first, last))


def clash(new: Hours, others: Iterable[Hours]) -> Hours | None:
    """The first of the others that shares time with the new one, in a week that goes round."""
    week = timedelta(days=7)
    start, end = _in_week(new)
    for other in others:
        a, b = _in_week(other)
        if any(start < b + shift and a + shift < end for shift in (-week, timedelta(0), week)):
            return other
    return None


def _in_week(item: Hours) -> tuple[timedelta, timedelta]:
    """Since Monday 00:00; an end that is not later lies on the next day."""
    start = timedelta(days=item.weekday, hours=item.start.hour, minutes=item.start.minute)
    end = timedelta(days=item.weekday, hours=item.end.hour, minutes=item.end.minute)
    return start, end if end > start else end + timedelta(days=1)


def working(hours: Iterable[Hours], *, zone: str, first: date, last: date) -> list[Stretch]:
    """The weekly hours laid out over days ``first`` to ``last``, both included, in UTC."""
    by_day: dict[int, list[Hours]] = {}
    for item in hours:
        by_day.setdefault(item.weekday, []).append(item)
    made = []
    day, where = first, ZoneInfo(zone)
    while day <= last:
        for item in by_day.get(day.weekday(), []):
            end_day = day + timedelta(days=1) if item.end <= item.start else day
            start = datetime.combine(day, item.start, where).astimezone(UTC)
            end = datetime.combine(end_day, item.end, where).astimezone(UTC)
            made.append(Stretch(start, end))
        day += timedelta(days=1)
    return joined(made)


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Sorted, with overlapping and touching ones as one."""
    out: list[Stretch] = []
    for item in sorted(stretches):
        if out and item.start <= out[-1].end:
            out[-1] = Stretch(out[-1].start, max(out[-1].end, item.end))
        elif item.end > item.start:
            out.append(item)
    return out


def without(stretches: Iterable[Stretch], taken: Iterable[Stretch]) -> list[Stretch]:
    """What is left of the stretches once the taken ones are cut out."""
    left = joined(stretches)
    for cut in joined(taken):
        left = [
            piece
            for item in left
            for piece in (
                [item]
                if cut.end <= item.start or cut.start >= item.end
                else [Stretch(item.start, cut.start), Stretch(cut.end, item.end)]
            )
            if piece.end > piece.start
        ]
    return left


def openings(
    *, hours: Iterable[Hours], terms: Terms, off: Iterable[Stretch], booked: Iterable[Stretch], now: datetime
) -> list[Stretch]:
    """The stretches in which a session can lie, each beginning on the step: working hours less time off, less
    booked sessions with the buffer on both sides (a new session's own rest must fit before the next one
    begins), within notice, horizon and licence."""
    begin, finish = now + terms.notice, now + terms.horizon
    if terms.until is not None:
        finish = min(finish, terms.until)
    where = ZoneInfo(terms.zone)
    first, last = begin.astimezone(where).date() - timedelta(days=1), finish.astimezone(where).date()
    laid = working(hours, zone=terms.zone, first=first, last=last)
    taken = [*off, *(Stretch(item.start - terms.buffer, item.end + terms.buffer) for item in booked)]
    window = [Stretch(datetime.min.replace(tzinfo=UTC), begin), Stretch(finish, datetime.max.replace(tzinfo=UTC))]
    return on_step(without(laid, [*taken, *window]), step=terms.step)


def on_step(stretches: Iterable[Stretch], *, step: timedelta) -> list[Stretch]:
    """The same, begun at the first step (counted from full hours) that lies in each."""
    moved = (Stretch(_EPOCH + -(-(item.start - _EPOCH) // step) * step, item.end) for item in stretches)
    return [item for item in moved if item.start < item.end]


def starts(free: Iterable[Stretch], *, minutes: int, step: timedelta) -> list[datetime]:
    """Starts on the step (counted from full hours) at which a session of that length fits."""
    stride = int(step / timedelta(minutes=1))
    return [moment for item in free for moment in slot_starts(item.start, item.end, minutes=minutes, step=stride)]


def fits(free: Iterable[Stretch], wanted: Stretch, *, step: timedelta) -> bool:
    """Whether just this session, begun on the step, lies within one of the stretches."""
    on_it = (wanted.start - _EPOCH) % step == timedelta(0)
    return on_it and any(item.start <= wanted.start and wanted.end <= item.end for item in free)


def nearest(moments: Iterable[datetime], around: datetime, count: int) -> list[datetime]:
    """The ``count`` closest to a moment, in order of time."""
    closest = sorted(moments, key=lambda moment: (abs(moment - around), moment))[:count]
    return sorted(closest)
