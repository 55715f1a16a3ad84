"""How much of a session the line took. Pure.

Three records are weighed: what each side's browser told of the stretches in which it could hear nothing, and
when the server saw no seat of a person. A stretch is lost where two of them agree:

* both sides heard nothing, or
* one heard nothing while the server saw the other's seat empty.

What one side tells alone, while the other heard well and both had their seats, is shown but not counted: so
nobody gains a second that neither the other nor the server saw. Whoever went out by the door was not lost."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tatap.bookings.domain.slots import Stretch, joined, without

SHORTEST = timedelta(seconds=3)  # what is shorter is a breath, not a loss


@dataclass(frozen=True)
class Seat:
    """One stay in the room as the server saw it; ``left`` is None while it lasts."""

    arrived: datetime
    left: datetime | None
    by_door: bool = False


@dataclass(frozen=True)
class Side:
    """One person's records. ``deaf``: when her browser could hear nothing; ``seats``: her stays."""

    deaf: tuple[Stretch, ...] = ()
    seats: tuple[Seat, ...] = ()


@dataclass(frozen=True)
class Account:
    """``agreed`` is lost; ``claimed`` is what one side told alone."""

    agreed: tuple[Stretch, ...] = ()
    claimed: tuple[Stretch, ...] = ()

    @property
    def seconds(self) -> int:
        return _seconds(self.agreed)

    @property
    def claimed_seconds(self) -> int:
        return _seconds(self.claimed)


def _seconds(stretches: Iterable[Stretch]) -> int:
    return round(sum((item.end - item.start).total_seconds() for item in stretches))


def both(some: Iterable[Stretch], others: Iterable[Stretch]) -> list[Stretch]:
    """Where both lists have time."""
    second = joined(others)
    return [
        Stretch(max(a.start, b.start), min(a.end, b.end)) for a in joined(some) for b in second if a.meets(b)
    ]


def gaps(seats: Iterable[Seat], *, time: Stretch) -> tuple[list[Stretch], list[Stretch]]:
    """The stretches of ``time`` in which a person had no seat: (lost from sight, gone by the door)."""
    away: list[Stretch] = []
    door: list[Stretch] = []
    at, by_door = time.start, False
    for seat in sorted(seats, key=lambda item: item.arrived):
        if seat.arrived > at:
            (door if by_door else away).append(Stretch(at, min(seat.arrived, time.end)))
        until = time.end if seat.left is None else seat.left
        if until >= at:
            at, by_door = until, seat.by_door
        if at >= time.end:
            break
    if at < time.end:
        (door if by_door else away).append(Stretch(at, time.end))
    return [item for item in away if item.start < item.end], [item for item in door if item.start < item.end]


def account(one: Side, other: Side, *, time: Stretch) -> Account:
    """``time``: the booked time after admission. The same whichever side is named first."""
    if time.start >= time.end:
        return Account()
    away_one, door_one = gaps(one.seats, time=time)
    away_other, door_other = gaps(other.seats, time=time)
    deaf_one, deaf_other = both(one.deaf, [time]), both(other.deaf, [time])
    doors = [*door_one, *door_other]
    witnessed = [*both(deaf_one, deaf_other), *both(deaf_one, away_other), *both(deaf_other, away_one)]
    agreed = _long(without(witnessed, doors))
    claimed = _long(without([*deaf_one, *deaf_other], [*doors, *agreed]))
    return Account(agreed=agreed, claimed=claimed)


def _long(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    return tuple(item for item in joined(stretches) if item.end - item.start > SHORTEST)


def minutes(seconds: int) -> int:
    """For people: to the nearest minute, and never none of something."""
    return max(1, (seconds + 30) // 60) if seconds > 0 else 0
