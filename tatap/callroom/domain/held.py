"""What was foreseen of a line beside what it held. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Stretch:
    """``size``: bytes both ways in ``seconds`` at ``level`` (0 text … 5 picture)."""

    level: int
    seconds: int
    size: int


@dataclass(frozen=True)
class Pair:
    """Levels, and MB an hour; ``seconds``: how long it was watched."""

    foreseen_level: int
    held_level: int
    foreseen_mb_hour: float
    held_mb_hour: float
    seconds: int


def middle_level(stretches: Sequence[Stretch]) -> int:
    """The level in force at the middle, by time."""
    passed, whole = 0, sum(each.seconds for each in stretches)
    for each in sorted(stretches, key=lambda one: one.level):
        passed += each.seconds
        if 2 * passed >= whole:
            return each.level
    raise ValueError("nothing was held")


def pair(level: int, mb_hour: float, stretches: Sequence[Stretch]) -> Pair:
    seconds = sum(each.seconds for each in stretches)
    moved = sum(each.size for each in stretches)
    return Pair(level, middle_level(stretches), mb_hour, moved / 1e6 * 3600 / seconds, seconds)
