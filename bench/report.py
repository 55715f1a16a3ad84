"""What every bench prints last: one JSON object on one line."""

import json
import os
import platform
import sys
from collections.abc import Mapping


def say(text: str) -> None:
    """Progress, on stderr."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def report(bench: str, figures: Mapping[str, float | None], *, runs: int) -> None:
    machine = {"cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()}
    sys.stdout.write(json.dumps({"bench": bench, "figures": dict(figures), "runs": runs, "machine": machine}) + "\n")
    sys.stdout.flush()


def percentile(values: list[float], share: float) -> float:
    """The smallest value that ``share`` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
