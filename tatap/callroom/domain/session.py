"""When one may enter, which phase it is, and what a waiting client is truthfully told."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

EARLY = timedelta(minutes=15)
LATE = timedelta(minutes=15)
NEAR_END = timedelta(minutes=10)
SILENT = timedelta(seconds=12)  # two heartbeats of a browser and a little: longer, and its line was gone


class Phase(StrEnum):
    BEFORE = "before"
    OPENING = "opening"
    WORKING = "working"
    CLOSING = "closing"
    OVER = "over"


def window(starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    return starts_at - EARLY, ends_at + LATE


def phase(*, starts_at: datetime, ends_at: datetime, now: datetime) -> Phase:
    """Opening is the first eighth, closing the last fifth and at most ten minutes (for 50 minutes: about 6,
    34 and 10)."""
    length = ends_at - starts_at
    if now < starts_at:
        return Phase.BEFORE
    if now >= ends_at:
        return Phase.OVER
    if now < starts_at + length / 8:
        return Phase.OPENING
    return Phase.CLOSING if now >= ends_at - min(length / 5, timedelta(minutes=10)) else Phase.WORKING


@dataclass(frozen=True)
class Situation:
    starts_at: datetime
    ends_at: datetime
    counsellor_here: bool
    other_session_ends: datetime | None  # when the counsellor sits in another session that is not over
    choice_after: timedelta  # by the practice's rule


@dataclass(frozen=True)
class Status:
    """``code``: here, not_yet, elsewhere or late. ``late_minutes``: how late it is by now, or will be.
    ``may_choose``: move, money back or a call are offered."""

    code: str
    late_minutes: int
    may_choose: bool


def status(situation: Situation, *, now: datetime) -> Status:
    late = max(timedelta(), now - situation.starts_at)
    may_choose = not situation.counsellor_here and late >= situation.choice_after
    if situation.counsellor_here:
        return Status("here", 0, False)
    other = situation.other_session_ends
    if other is not None:
        expected = max(timedelta(), max(other, now) - situation.starts_at)
        return Status("elsewhere", _minutes(expected), may_choose)
    if late > timedelta():
        return Status("late", _minutes(late), may_choose)
    return Status("not_yet", 0, False)


def _minutes(span: timedelta) -> int:
    return int(span / timedelta(minutes=1))


def last_seen(heard: datetime | None, *, now: datetime) -> datetime:
    """When somebody whose socket is over was last there: a line that breaks is noticed only later."""
    return heard if heard is not None and now - heard > SILENT else now


def absent_since(*, starts_at: datetime, arrived: bool, left: list[tuple[datetime, bool]]) -> datetime | None:
    """Since when somebody is missed in the booked time: from the start, or since the line was lost. ``arrived``:
    has a seat now; ``left``: ends of earlier stays and whether they were by the door, after which nobody is
    missed."""
    if arrived:
        return None
    if not left:
        return starts_at
    at, by_door = max(left)
    return None if by_door else max(at, starts_at)
