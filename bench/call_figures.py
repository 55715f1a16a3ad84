"""What the call benches make of what they saw. Pure."""

import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

#: networks by the name their figures bear: a profile of netlab's, or settings of their own
PROFILES = {"good": "good", "4g": "4g", "3g_rural": "3g-rural", "2g": "2g"}
_FAR = {"delay_ms": 300, "jitter_ms": 30, "loss": 0.05, "queue_ms": 1000}
OWN: dict[str, dict[str, float]] = {
    "burst": {"delay_ms": 150, "loss": 0.06, "burst": 4},
    "64k_600ms_10pct": {"delay_ms": 600, "jitter_ms": 30, "loss": 0.1, "rate_kbit": 64, "queue_ms": 1000},
    "32k": {**_FAR, "rate_kbit": 32},
    "16k": {**_FAR, "rate_kbit": 16},
    "8k": {**_FAR, "rate_kbit": 8},
}
BOTH = "_both"  # at the end of a network's name: both sides have it
TCP = "_tcp"  # before that: UDP is blocked, so that media goes by the relay and to it over TCP
RELAY = "_relay"  # or: no direct path between the two, so that media goes by the relay


def weak_sides(net: str) -> tuple[str, str]:
    """The network's name without ``_both``, and the hosts that have it: "a" or "ab"."""
    return (net.removesuffix(BOTH), "ab") if net.endswith(BOTH) else (net, "a")


def path(net: str) -> tuple[str, str]:
    """The bare name of the network, and ``TCP``, ``RELAY`` or nothing."""
    name = net.removesuffix(BOTH)
    way = next((way for way in (TCP, RELAY) if name.endswith(way)), "")
    return name.removesuffix(way), way


def median(values: Sequence[float | None]) -> float | None:
    """None counts as worse than anything seen: where half did not happen, neither did the median."""
    if not values:
        return None
    found = statistics.median_high([math.inf if value is None else value for value in values])
    if math.isinf(found):
        return None
    return found if None in values else statistics.median(v for v in values if v is not None)


def ratio(ours: float | None, reference: float | None) -> float | None:
    return ours / reference if ours is not None and reference else None


def worse(values: Iterable[float | None], *, low_is_bad: bool = False) -> float | None:
    """Of two sides the one that has it worse; None where one of them has nothing to show."""
    seen = list(values)
    if not seen or None in seen:
        return None
    known = [value for value in seen if value is not None]
    return min(known) if low_is_bad else max(known)


def medians(rows: Sequence[Mapping[str, float | None]], names: Iterable[str]) -> dict[str, float | None]:
    return {name: median([row.get(name) for row in rows]) for name in names}


def rounded(figures: Mapping[str, float | None]) -> dict[str, float | None]:
    return {name: value if value is None else round(value, 3) for name, value in figures.items()}


def complete(
    figures: Mapping[str, float | None],
    names: Iterable[str],
    tell: Callable[[str], None],
    why: str,
    left_out: Iterable[str] = (),
) -> dict[str, float | None]:
    """All the names a bench has, in their order: what was not measured is null, with a word; more may follow.
    ``left_out``: endings of the figures that were not asked for."""
    wanted, endings = list(names), tuple(f"_{ending}" for ending in left_out)
    if endings:
        tell(f"not asked for, so null: all that ends in {', '.join(endings)}")
    unseen = [name for name in wanted if figures.get(name) is None and not (endings and name.endswith(endings))]
    if unseen:
        tell(f"not measured ({why}): {', '.join(unseen)}")
    return rounded({**{name: figures.get(name) for name in wanted}, **figures})


Changes = Sequence[tuple[float, int]]  # (ms since 1970, level), in order; the first at or before the stretch


def level_held(changes: Changes, *, start: float, end: float) -> int | None:
    """The level that was in force at the middle, by time, of the levels held in the stretch (ms)."""
    held: dict[int, float] = {}
    for (since, level), until in zip(changes, [*(at for at, _level in changes[1:]), end], strict=False):
        span = min(until, end) - max(since, start)
        if span > 0:
            held[level] = held.get(level, 0) + span
    passed, whole = 0.0, sum(held.values())
    for level in sorted(held):
        passed += held[level]
        if passed >= whole / 2:
            return level
    return None


def level_changes_per_min(changes: Changes, *, start: float, end: float) -> float | None:
    if not changes or end <= start:
        return None
    moments = [at for (_at, before), (at, after) in pairwise(changes) if after != before]
    return sum(start < at <= end for at in moments) * 60_000 / (end - start)


def mb_per_hour(moved: float, seconds: float) -> float:
    """From bytes moved, both ways."""
    return moved * 3600 / seconds / 1e6


def chat_score(written: Sequence[str], shown: Sequence[Sequence[str]]) -> dict[str, int]:
    """``written``: all lines, each once. ``shown``: each side's list from top to bottom. Lines missing on a
    side, lines shown more than once, and sides whose order is not the first side's."""
    lost = sum(line not in lines for lines in shown for line in written)
    twice = sum(lines.count(line) > 1 for lines in shown for line in written)
    order = [[line for line in lines if line in written] for lines in shown]
    return {"chat_lost": lost, "chat_twice": twice, "chat_disordered": sum(lines != order[0] for lines in order[1:])}


def times_sent_out(stages: Sequence[str]) -> int:
    """How often somebody who was in had to wait at the door again, from the page's stages in order."""
    inside, out = False, 0
    for stage in stages:
        if stage == "in":
            inside = True
        elif stage == "waiting" and inside:
            inside, out = False, out + 1
    return out
