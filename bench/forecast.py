"""Whether what the preparation foresees is what the line then holds, on networks drawn at random.

    python -m bench.forecast [--quick] [--runs N] [--seed S] [--rows FILE] [--settle S] [--seconds S] [--score]

Each run draws a link for the client (12 to 3,000 kbit/s, 20 to 600 ms one way, 0 to 10 % lost, a third of them in
bursts; every other link is perfect), opens the preparation in her browser, lets it measure by the practice's relay
(coturn on the server's host, as deploy/coturn has it), then holds a call of the two over the same link.
``level_exact_share`` and ``level_within_one_share`` compare the level foreseen with the one held: the level that her
page sent at, at the middle by time, of ``--seconds`` that begin ``--settle`` seconds after the click.
``commonest_share``: the same for a guess that always says the commonest level held. ``mb_within_25pct_share``: MB an
hour foreseen for the level held, beside the whole IP packets that crossed her link, both ways.

``--rows`` adds a line of JSON for each run to a file and goes on after those of this seed that stand there, so that
a long bench can be done in parts; the figures are of all of them. ``--score`` only reads the file. A run in which no
call came about is told and not counted."""

import argparse
import contextlib
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import beside
from bench.call_figures import complete, level_held, mb_per_hour
from bench.forecast_figures import NAMES, drawn, figures
from bench.report import report, say

SLOW = 64  # kbit/s; over less than that the pages are loaded first, and the link grows weak while they wait
WAITS = 35.0  # seconds in which the room asks a link that grew weak once more
MEASURING = 150_000  # ms for the preparation to have measured
TOLD = """() => {
  const { level, mb, perHour } = document.querySelector("[data-forecast]").dataset;
  return { level: Number(level), mb: Number(mb), perHour: perHour.split(" ").map(Number) };
}"""
MEASURED = "() => document.querySelector('[data-forecast]')?.dataset.level !== undefined"
AGAIN = """() => {
  delete document.querySelector("[data-forecast]").dataset.level;
  document.querySelector("[data-check-again]").click();
}"""


def drawn_stage(inner: Any, playwright: Any) -> Any:
    from bench.calls import LOADING, PLAIN, Stage, wait_all

    class Drawn(Stage):
        link: dict[str, float] = {}

        def strong(self) -> None:
            for side in "ab":
                self.lab.set(side, **PLAIN)

        def weak(self) -> None:
            self.lab.set("a", **{**PLAIN, **self.link})

        def weak_while_waiting(self) -> None:
            self.weak()
            time.sleep(WAITS)

        @contextlib.contextmanager
        def call(self, net: str) -> Iterator[Any]:
            self.strong()
            slow = self.link["rate_kbit"] < SLOW
            self.adapter.ready = self.weak_while_waiting if slow else lambda: None
            if not slow:
                self.weak()
            with self.bench.call(timeout=LOADING, settle=1.0) as made:
                wait_all(made, ("first_audio",), seconds=20)
                yield made

    return Drawn(inner, playwright, flags=("--autoplay-policy=no-user-gesture-required",))


def foresee(stage: Any) -> dict[str, Any]:
    """What the client's preparation tells of the link, for the room that the next call takes."""
    adapter = stage.inner
    adapter.rooms = adapter.rooms or adapter.book()
    room = adapter.rooms[-1]
    stage.strong()
    context = stage.bench.browsers["a"][0].new_context(**adapter.context_options)
    posted: list[dict[str, Any]] = []
    try:
        context.add_cookies([{"name": "sesi", "value": room["client"], "url": adapter.origin}])
        page = context.new_page()
        page.on("request", lambda asked: asked.url.endswith("/perangkat") and posted.append(asked.post_data_json))
        page.goto(f"{adapter.origin}/sesi/{room['code']}/siapkan/")
        page.wait_for_function(MEASURED, timeout=MEASURING)
        stage.weak()
        time.sleep(1)
        page.evaluate(AGAIN)
        begun = time.monotonic()
        page.wait_for_function(MEASURED, timeout=MEASURING)
        told: dict[str, Any] = page.evaluate(TOLD)
        page.wait_for_timeout(500)
    finally:
        context.close()
    return {**told, "took_s": round(time.monotonic() - begun, 1), "facts": posted[-1]["facts"] if posted else {}}


def once(stage: Any, number: int, *, seed: int, settle: float, seconds: float) -> dict[str, Any]:
    from bench.quality import WATCH_LEVEL, moved

    stage.link = drawn(seed, number)
    told = foresee(stage)
    with stage.call("drawn") as call:
        page = call.sides["a"].page
        page.evaluate(WATCH_LEVEL)
        time.sleep(settle)
        before, start = moved(stage.lab), time.time() * 1000
        time.sleep(seconds)
        after, end = moved(stage.lab), time.time() * 1000
        levels = page.evaluate("window.__levels")
    held = level_held(levels, start=start, end=end)
    if held is None:
        raise RuntimeError("the page told no level")
    return {
        "seed": seed, "number": number, "link": stage.link, "foreseen": told["level"], "held": held,
        "mb_foreseen": told["perHour"], "mb_held": round(mb_per_hour(after - before, (end - start) / 1000), 2),
        "took_s": told["took_s"], "facts": told["facts"],
        "levels": [level for at, level in levels if at >= start],
    }


def read(file: Path | None) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()] if file and file.exists() else []


def measure(asked: argparse.Namespace, rows: list[dict[str, Any]], *, runs: int) -> str:
    """Adds to ``rows``; returns why nothing more could be measured, or nothing."""
    from playwright.sync_api import sync_playwright

    from bench.call_adapter import Relayed
    from bench.calls import attempt, no_lab

    if not shutil.which("turnserver"):
        return "coturn is not installed"
    if why := no_lab():
        return why
    first = 1 + max((row["number"] for row in rows if row["seed"] == asked.seed), default=-1)
    with sync_playwright() as playwright, drawn_stage(Relayed(), playwright) as stage:
        for number in range(first, first + runs):
            row = attempt(
                f"draw {number}",
                lambda number=number: once(stage, number, seed=asked.seed, settle=asked.settle, seconds=asked.seconds),  # type: ignore[misc]
            )
            if not row:
                continue
            rows.append(row)
            say(f"  draw {number}: {json.dumps(row)}")
            if asked.rows:
                with asked.rows.open("a") as out:
                    out.write(json.dumps(row) + "\n")
    return ""


def main() -> None:
    reader = argparse.ArgumentParser(prog="bench.forecast")
    reader.add_argument("--quick", action="store_true")
    reader.add_argument("--runs", type=int, default=0)
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--rows", type=Path, default=None, help="a file to add a line to for each run")
    reader.add_argument("--settle", type=float, default=0, help="seconds from the click until the level is read")
    reader.add_argument("--seconds", type=float, default=0, help="for how long it is")
    reader.add_argument("--score", action="store_true", help="only read the file")
    asked = reader.parse_args()
    asked.settle = asked.settle or (12.0 if asked.quick else 35.0)
    asked.seconds = asked.seconds or (10.0 if asked.quick else 30.0)
    runs = asked.runs or (3 if asked.quick else 40)
    rows, why = read(asked.rows), "no run came about"
    if not asked.score:
        why = beside.missing() or measure(asked, rows, runs=runs) or why
    found = figures(rows)
    report("forecast", complete(found, ("runs", *NAMES), say, why), runs=len(rows))


if __name__ == "__main__":
    main()
