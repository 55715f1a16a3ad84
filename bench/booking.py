"""How sure and how quick a booking is, on SQLite and on PostgreSQL.

    python -m bench.booking [--quick] [--runs N] [--database sqlite|postgresql]

``same_slot_winners_``, ``same_client_winners_``: 200 tries at once from two processes for stretches that all
overlap one another (unequal starts), one counsellor's time or one client's; exactly 1 may win. ``per_s_``,
``p99_ms_``: the whole action ``bookings.actions.hold`` in 50 threads. ``ratio_bare_``: its rate divided by that
of a bare transaction (lock a slot, insert a booking, mark the slot, insert an event) by the same ORM on the
same tables, measured in turn with it. ``lock_errors_``: refused locks and deadlocks."""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from typing import Any

from bench.private_postgresql import private_postgresql

TRIES, PROCESSES, THREADS = 200, 2, 50
FIGURES = ("same_slot_winners", "same_client_winners", "per_s", "ratio_bare", "p99_ms", "lock_errors")


def say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


class Place:
    """One database, and the child processes that work on it."""

    def __init__(self, address: str, folder: str) -> None:
        self.environment = {
            **os.environ,
            "TATAP_DATABASE_URL": address,
            "TATAP_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "tatap.config.settings",
            "TATAP_DEBUG": "",
        }

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "bench.booking_worker", *map(str, arguments)]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)

    def ask(self, *arguments: object, copies: int = 1) -> list[dict[str, Any]]:
        children = [self.start(*arguments, n) for n in range(copies)]
        answers = [child.communicate()[0] for child in children]
        if any(child.returncode for child in children):
            raise SystemExit(f"bench.booking_worker {arguments[0]} failed")
        return [json.loads(answer.splitlines()[-1]) for answer in answers]


def measure(place: Place, *, runs: int, seconds: float) -> dict[str, float]:
    place.ask("prepare")
    winners = {}
    for what in ("same_slot", "same_client"):
        counts = []
        for run in range(runs):
            got = place.ask(what, TRIES // PROCESSES, time.time() + 6, run, copies=PROCESSES)
            counts.append(sum(one["won"] for one in got))
            say(f"  {what}: {counts[-1]} of {TRIES} won, {sum(one['told'] for one in got)} were told so")
        winners[f"{what}_winners"] = max(counts) if max(counts) != 1 else min(counts)
    rates, ratios, tails, errors = [], [], [], 0
    for run in range(runs):
        ours = place.ask("hold", THREADS, time.time() + 4, run, seconds)[0]
        bare = place.ask("bare", THREADS, time.time() + 4, run, seconds)[0]
        say(f"  {ours['per_s']:.0f} bookings/s (p99 {ours['p99_ms']:.0f} ms), bare {bare['per_s']:.0f}/s")
        rates.append(ours["per_s"])
        ratios.append(ours["per_s"] / bare["per_s"])
        tails.append(ours["p99_ms"])
        errors += ours["lock_errors"]
    return {
        **winners,
        "per_s": round(statistics.median(rates), 1),
        "ratio_bare": round(statistics.median(ratios), 3),
        "p99_ms": round(statistics.median(tails), 1),
        "lock_errors": errors,
    }


def main() -> None:
    reader = argparse.ArgumentParser(prog="bench.booking")
    reader.add_argument("--quick", action="store_true")
    reader.add_argument("--runs", type=int, default=0)
    reader.add_argument("--database", choices=["sqlite", "postgresql"])
    asked = reader.parse_args()
    runs, seconds = asked.runs or (1 if asked.quick else 3), 3.0 if asked.quick else 5.0
    figures: dict[str, float | None] = {}
    for database in [asked.database] if asked.database else ["sqlite", "postgresql"]:
        say(database)
        with tempfile.TemporaryDirectory(prefix="tatap-bench-") as folder:
            own = private_postgresql() if database == "postgresql" else nullcontext("")
            with own as address:
                found = None if address is None else measure(Place(address, folder), runs=runs, seconds=seconds)
        figures |= {f"{name}_{database}": found[name] if found else None for name in FIGURES}
    machine = {"cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()}
    print(json.dumps({"bench": "booking", "figures": figures, "runs": runs, "machine": machine}))


if __name__ == "__main__":
    main()
