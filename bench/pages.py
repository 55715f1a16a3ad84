"""What the most read pages cost, beside a bare Django page.

    python -m bench.pages [--quick] [--runs N] [--database sqlite|postgresql]

Pages: ``front``, ``directory``, ``counsellor``, ``sessions`` (a client's own), ``card`` (of a session that is
over), ``day`` (a counsellor's). ``cpu_ms_``: CPU of this process for one page through the whole of Django, from
the WSGI call to the last byte (what PostgreSQL itself spends is not in it). ``ratio_bare_``: divided by that of
a bare page with the same middleware, the same signed-in person and as many rows of one table, measured in turn
with it. ``queries_``: statements, the session's and the person's among them. ``bytes_first_``: what a phone
takes over the wire on its first visit, everything on the page and its headers, scrolled to the end, with
photos as heavy as the practice lets them be; also of the call's page, ``room``."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from typing import Any

from bench.pages_bytes import bytes_first
from bench.private_postgresql import private_postgresql
from bench.report import report, say

PAGES = ("front", "directory", "counsellor", "sessions", "day", "card")


def measure(address: str, *, runs: int, rounds: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="tatap-bench-") as folder:
        environment = {
            **os.environ, "TATAP_DATABASE_URL": address, "TATAP_DATA_DIR": folder, "TATAP_DEBUG": "",
            "DJANGO_SETTINGS_MODULE": "bench.pages_settings",
        }
        command = [sys.executable, "-m", "bench.pages_worker", str(runs), str(rounds)]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, dict[str, list[float]]] = json.loads(done.stdout.splitlines()[-1])
    figures = {}
    for page, got in found.items():
        ratios = [ours / bare for ours, bare in zip(got["ours"], got["bare"], strict=True)]
        figures[f"cpu_ms_{page}"] = round(statistics.median(got["ours"]), 2)
        figures[f"ratio_bare_{page}"] = round(statistics.median(ratios), 2)
        figures[f"queries_{page}"] = max(got["queries"])
        say(
            f"  {page}: {figures[f'cpu_ms_{page}']} ms, {figures[f'ratio_bare_{page}']} x bare "
            f"({statistics.median(got['bare']):.2f} ms, {got['rows'][0]:.0f} rows), {figures[f'queries_{page}']} queries"
        )
    return figures


def main() -> None:
    reader = argparse.ArgumentParser(prog="bench.pages")
    reader.add_argument("--quick", action="store_true")
    reader.add_argument("--runs", type=int, default=0)
    reader.add_argument("--database", choices=["sqlite", "postgresql"])
    asked = reader.parse_args()
    runs, rounds = asked.runs or (3 if asked.quick else 7), 20 if asked.quick else 60
    figures: dict[str, float | None] = {}
    for database in [asked.database] if asked.database else ["sqlite", "postgresql"]:
        say(database)
        own: Any = private_postgresql() if database == "postgresql" else nullcontext("")
        with own as address:
            found = None if address is None else measure(address, runs=runs, rounds=rounds)
        names = [f"{what}_{page}" for page in PAGES for what in ("cpu_ms", "ratio_bare", "queries")]
        figures |= {f"{name}_{database}": found[name] if found else None for name in names}
    figures |= {f"bytes_first_{page}": count for page, count in bytes_first([*PAGES, "room"]).items()}
    report("pages", figures, runs=runs)


if __name__ == "__main__":
    main()
