"""Networks drawn at random for bench.forecast, and what its rows say. Pure."""

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

NAMES = ("level_exact_share", "level_within_one_share", "commonest_share", "mb_within_25pct_share")
BURST = 4  # packets lost in a row, on average, on a bursty line


def drawn(seed: int, number: int) -> dict[str, float]:
    """The settings of netlab's link for the client, of draw ``number``: the same whatever was drawn before."""
    chance = random.Random(f"{seed}:{number}")
    delay = chance.uniform(20, 600)
    return {
        "rate_kbit": round(math.exp(chance.uniform(math.log(12), math.log(3000))), 1),
        "delay_ms": round(delay), "jitter_ms": round(min(30, delay / 10)), "loss": round(chance.uniform(0, 0.1), 3),
        "burst": BURST if chance.random() < 1 / 3 else 1, "queue_ms": 1000,
    }


def within(told: float, held: float, share: float) -> bool:
    return abs(told - held) <= share * held


def figures(rows: Sequence[Mapping[str, Any]]) -> dict[str, float | None]:
    """Of rows with ``foreseen`` and ``held`` (levels), ``mb_foreseen`` (an hour, by level) and ``mb_held``."""
    if not rows:
        return {"runs": 0, **dict.fromkeys(NAMES)}
    held = [int(row["held"]) for row in rows]
    off = [abs(int(row["foreseen"]) - level) for row, level in zip(rows, held, strict=True)]
    data = [within(row["mb_foreseen"][level], row["mb_held"], 0.25) for row, level in zip(rows, held, strict=True)]
    count = len(rows)
    return {
        "runs": count,
        "level_exact_share": off.count(0) / count,
        "level_within_one_share": sum(each <= 1 for each in off) / count,
        "commonest_share": Counter(held).most_common(1)[0][1] / count,
        "mb_within_25pct_share": sum(data) / count,
    }
