"""What is done to a call in bench.senses, in which order, and what its rows say. Pure; times in ms unless said.

A row is one injection: ``{"seed", "net", "number", "state", "cause", "side", "limit", "held", "seen", "own"}``. ``held``:
from the cause's beginning to its end; ``limit``: within which it must be seen; ``seen``: ``[ms since the beginning,
sense]`` as the other side's page showed it, until the next injection; ``own``: the same of the page it was done to,
which must go on hearing the other (but where the line is gone). Or it is a stretch of ordinary speech:
``{"seed", "net", "stretch", "seconds", "alarms": [[ms, side, sense]]}``."""

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bench.report import percentile

STATES = ("silence", "frozen", "gone", "phone", "muted")
CALM = "talking"
#: what a page can have done to it, by the state that the other side should show
CAUSES = {
    "silence": ("quiet",), "frozen": ("no_frames",), "gone": ("outage",), "muted": ("button",),
    "phone": ("mic_held", "mic_and_camera_held", "mic_ended"),
}
EVERY = 50  # injections between two stretches of ordinary speech
BY_STATE = ("recall", "p95_ms", "back_p95_ms", "stray_pct")
BY_NET = ("false_per_10min", "steady_min", "injections")

Row = Mapping[str, Any]


def planned(seed: int, net: str, number: int) -> dict[str, Any]:
    """Injection ``number``, whatever came before: in every ten, each state comes once on each side, in any order."""
    block, place = divmod(number, 2 * len(STATES))
    chance = random.Random(f"{seed}:{net}:{block}")
    order = [(state, side) for state in STATES for side in "ab"]
    chance.shuffle(order)
    state, side = order[place]
    cause = random.Random(f"{seed}:{net}:{number}:cause").choice(CAUSES[state])
    # A page looks twice a second or so: a beginning must fall anywhere between two looks.
    gap = random.Random(f"{seed}:{net}:{number}:gap").uniform(0.9, 1.9)
    return {"seed": seed, "net": net, "number": number, "state": state, "side": side, "cause": cause, "gap": round(gap, 3)}


def stretches(count: int) -> list[int]:
    """The numbers of the injections after which there is a stretch of ordinary speech."""
    return sorted({*range(EVERY - 1, count, EVERY), count - 1})


def minutes(count: int, *, limit: float, steady: float) -> float:
    """How long ``count`` injections on a network should take: held until the limit (s) and a little more, then until all
    is well again and a second or two of speech; ``steady``: s of each stretch."""
    return (count * (limit + 0.3 + 0.9 + 1.4 + 0.3) + steady * len(stretches(count))) / 60


def told_after(row: Row) -> float | None:
    """ms until the right state was shown; None: not while its cause lasted."""
    return next((at for at, sense in row["seen"] if sense == row["state"] and at <= row["held"]), None)


def is_hit(row: Row) -> bool:
    after = told_after(row)
    return after is not None and after <= row["limit"]


def back_after(row: Row) -> float | None:
    """ms from the cause's end until all was shown well again; None: it was not seen, or stayed."""
    if told_after(row) is None:
        return None
    return next((at - row["held"] for at, sense in row["seen"] if sense == CALM and at > row["held"]), None)


def strays(row: Row) -> list[str]:
    """What else was shown: another state, the right one lost before its time or shown again after it."""
    out, right, over = [], False, False
    for at, sense in row["seen"]:
        if sense not in (CALM, row["state"]):
            out.append(sense)
        elif sense == CALM and right and at <= row["held"]:
            out.append("lost")
        elif sense == row["state"] and over:
            out.append("again")
        right = sense == row["state"]
        over = over or (sense == CALM and at > row["held"])
    if row["state"] != "gone":
        out += [f"own {sense}" for _at, sense in row["own"] if sense != CALM]
    return out


def p95(values: Iterable[float | None]) -> float | None:
    """What did not happen is later than all that did."""
    known = [math.inf if value is None else value for value in values]
    found = percentile(known, 0.95) if known else math.inf
    return None if math.isinf(found) else found


def figures(rows: Sequence[Row], nets: Sequence[str]) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for net in nets:
        here = [row for row in rows if row["net"] == net]
        done = [row for row in here if "state" in row]
        for state in STATES:
            found |= {f"senses_{name}_{state}_{net}": value for name, value in of_state([r for r in done if r["state"] == state]).items()}
        steady = [row for row in here if "stretch" in row]
        seconds = sum(row["seconds"] for row in steady)
        alarms = sum(len(row["alarms"]) for row in steady)
        found[f"senses_false_per_10min_{net}"] = 600 * alarms / seconds if seconds else None
        found[f"senses_steady_min_{net}"] = seconds / 60
        found[f"senses_injections_{net}"] = len(done)
    return found


def of_state(rows: Sequence[Row]) -> dict[str, float | None]:
    if not rows:
        return dict.fromkeys(BY_STATE)
    return {
        "recall": sum(is_hit(row) for row in rows) / len(rows),
        "p95_ms": p95(told_after(row) for row in rows),
        "back_p95_ms": p95(back_after(row) for row in rows if told_after(row) is not None),
        "stray_pct": 100 * sum(bool(strays(row)) for row in rows) / len(rows),
    }


def names(nets: Sequence[str]) -> list[str]:
    by_state = [f"senses_{name}_{state}_{net}" for net in nets for state in STATES for name in BY_STATE]
    return by_state + [f"senses_{name}_{net}" for net in nets for name in BY_NET]


def shortened(samples: Sequence[int], *, rate: int, longest: float, faint: int) -> list[int]:
    """Speech with no pause longer than ``longest`` seconds; ``faint``: the largest sample that is still a pause."""
    out: list[int] = []
    block, quiet = rate // 100, 0
    for start in range(0, len(samples), block):
        piece = samples[start : start + block]
        quiet = quiet + 1 if max(map(abs, piece)) <= faint else 0
        if quiet <= 100 * longest:
            out += piece
    return out
