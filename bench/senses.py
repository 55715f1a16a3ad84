"""Whether the five things that look alike on a screen are told apart: silence, a picture that stands, a line that is
gone, a telephone call, a muted microphone.

    python -m bench.senses [--quick] [--nets good,3g] [--per-state N] [--seed S] [--rows FILE] [--score] [--steady S]

Two people talk over a network (the client's link is weak, the counsellor's perfect). In a seeded random order, on either
side, a cause of one of the five is brought about (bench.senses_causes says how, and what of it is only imitated), and
what the *other* side's page says of it (``document.documentElement.dataset.sense``) is read with the moment at which it
changed. Between two of them all must be well again, and both speak for a second or two; after every 50, and at the end,
both speak for ``--steady`` seconds: whatever but "talking" is shown then, on either side, is a false alarm. Ordinary
speech has pauses of up to 0.95 s; callbench's recording holds many as long as that.

Per state and network: ``senses_recall_`` the share that was shown within 2 s and the network's own round trip (without
its jitter and queue) of the cause's beginning; ``senses_p95_ms_`` until it was shown (one never shown is later than all;
null: it is among those); ``senses_back_p95_ms_`` from the cause's end until all was shown well again;
``senses_stray_pct_`` the share in which anything else was shown meanwhile or afterwards, until the next, or, but where
the line is gone, on the page that it was done to. Per network: ``senses_false_per_10min_`` with ``senses_steady_min_``,
the minutes that it was counted in, and ``senses_injections_``.

``--per-state 100`` is the whole (the default; about an hour and a half), 15 shows the direction. ``--rows`` adds a line
of JSON for each injection and each stretch to a file and goes on after those of this seed that stand there, so that a
long bench can be done in parts; the figures are of all of them. ``--minutes M`` ends the part in time. ``--score`` only
reads the file. ``--quick``: 5 of each on good only, within three minutes. A call that breaks is told, and another made."""

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import beside
from bench.call_figures import PROFILES, complete
from bench.report import report, say
from bench.senses_figures import CALM, Row, figures, is_hit, minutes, names, planned, stretches, told_after

NETS = ("good", "3g_rural")
WITHIN = 2.0  # s, and a round trip
SETTLE = 12.0  # s from sound until the first: the ladder has found its level
CALL = 100  # injections in one call
BREAKS = 3  # calls without anything seen, after which it is given up
MOVING = "() => Number(document.documentElement.dataset.level) >= 4"  # a moving picture is sent
MORE = 1500  # ms after the limit in which a late one is still seen
SINCE = "(at) => window.__senses.filter(([when]) => when > at)"
NOW = "() => performance.timeOrigin + performance.now()"


def limit_of(net: str) -> float:
    """s"""
    from bench.calls import settings

    return WITHIN + 2 * float(settings(net)["delay_ms"]) / 1000


class Watched:
    """A call between two pages, and what each shows of the other."""

    def __init__(self, lab: Any, pages: dict[str, Any], *, limit: float) -> None:
        self.lab, self.pages, self.limit = lab, pages, limit

    def all_well(self, seconds: float = 20) -> None:
        from bench.senses_causes import SHOWS

        for page in self.pages.values():
            page.wait_for_function(SHOWS, arg=CALM, polling=30, timeout=seconds * 1000)

    def seen(self, side: str, since: float) -> list[list[Any]]:
        return [[round(at - since), sense] for at, sense in self.pages[side].evaluate(SINCE, since)]

    def inject(self, item: dict[str, Any]) -> dict[str, Any]:
        from playwright.sync_api import TimeoutError as TooLate

        from bench.senses_causes import SHOWS, begin, end

        side, other = item["side"], "b" if item["side"] == "a" else "a"
        page, witness = self.pages[side], self.pages[other]
        if item["state"] == "frozen":  # where no moving picture is sent, none can stand
            page.wait_for_function(MOVING, polling=100, timeout=60_000)
        self.all_well()
        time.sleep(item["gap"])
        self.all_well()
        at = begin(item["cause"], self.lab, side, page)
        try:
            witness.wait_for_function(SHOWS, arg=item["state"], polling=50, timeout=1000 * self.limit + MORE)
        except TooLate:
            say(f"    {item['number']}: {item['cause']} on {side} was not seen")
        until = at / 1000 + self.limit + 0.3
        time.sleep(max(0.0, until - time.time()))
        over = end(item["cause"], self.lab, side, page)
        self.all_well()
        time.sleep(0.5)
        level = int(page.evaluate("document.documentElement.dataset.level"))
        return {
            **item, "limit": round(1000 * self.limit), "held": round(over - at), "level": level,
            "seen": self.seen(other, at), "own": self.seen(side, at),
        }

    def steady(self, seconds: float) -> dict[str, Any]:
        self.all_well()
        time.sleep(1)
        start = float(self.pages["a"].evaluate(NOW))
        time.sleep(seconds)
        alarms = [[at, side, sense] for side in self.pages for at, sense in self.seen(side, start) if sense != CALM]
        return {"seconds": seconds, "alarms": alarms}


def staged(playwright: Any, folder: Path) -> Any:
    from bench.call_adapter import Product
    from bench.calls import Stage
    from bench.senses_causes import TOOLS, speech

    class Injectable(Product):
        def open(self, page: Any, role: str, call: str) -> None:
            page.add_init_script(TOOLS)
            super().open(page, role, call)

    flags = ("--autoplay-policy=no-user-gesture-required", f"--use-file-for-fake-audio-capture={speech(folder)}")
    return Stage(Injectable(), playwright, flags=flags)


class Run:
    """What is asked for, and what is there already."""

    def __init__(self, asked: argparse.Namespace, rows: list[dict[str, Any]]) -> None:
        self.asked, self.rows = asked, rows
        self.end = time.monotonic() + 60 * asked.minutes if asked.minutes else float("inf")

    def add(self, row: dict[str, Any]) -> None:
        self.rows.append(row)
        if self.asked.rows:
            with self.asked.rows.open("a") as out:
                out.write(json.dumps(row) + "\n")

    def left(self, net: str) -> list[tuple[str, int]]:
        """What is still to be done on a network, in order: ``("injection" or "stretch", number)``."""
        here = [row for row in self.rows if row["net"] == net and row["seed"] == self.asked.seed]
        done = {("stretch", row["stretch"]) if "stretch" in row else ("injection", row["number"]) for row in here}
        count, after = self.count, set(stretches(self.count))
        whole = [("injection", n) for n in range(count)] + [("stretch", n) for n in after]
        return sorted((each for each in whole if each not in done), key=lambda each: (each[1], each[0] == "stretch"))

    @property
    def count(self) -> int:
        return 5 * int(self.asked.per_state)

    @property
    def late(self) -> bool:
        return time.monotonic() > self.end

    def one_call(self, stage: Any, net: str) -> None:
        """Does what it can of what is left in one call."""
        from bench.calls import wait_all

        with stage.call(net) as call:
            if not wait_all(call, ("first_audio", "first_frame")):
                raise RuntimeError("no sound or picture to begin with")
            time.sleep(SETTLE)
            watched = Watched(stage.lab, {side: call.sides[side].page for side in "ab"}, limit=limit_of(net))
            for what, number in self.left(net)[:CALL]:
                if self.late:
                    break
                self.add(self.one(watched, net, what, number))

    def one(self, watched: Watched, net: str, what: str, number: int) -> dict[str, Any]:
        if what == "stretch":
            row = {"seed": self.asked.seed, "net": net, "stretch": number, **watched.steady(self.asked.steady)}
            say(f"  {net} {row['seconds']} s of speech: {row['alarms'] or 'no alarm'}")
            return row
        row = watched.inject(planned(self.asked.seed, net, number))
        say(f"  {net} {number} {row['cause']} on {row['side']}: {told_after(row)} ms {'' if is_hit(row) else 'MISSED '}{row['seen']} own {row['own']}")
        return row


def measure(run: Run, nets: list[str]) -> str:
    """Adds to the rows; returns why nothing more could be measured, or nothing."""
    from playwright.sync_api import Error, sync_playwright

    from bench.calls import no_lab

    if why := no_lab():
        return why
    with (
        tempfile.TemporaryDirectory(prefix="tatap-senses-") as folder,
        sync_playwright() as playwright,
        staged(playwright, Path(folder)) as stage,
    ):
        for net in nets:
            breaks = 0
            while run.left(net) and not run.late and breaks < BREAKS:
                before = len(run.rows)
                try:
                    run.one_call(stage, net)
                except (Error, RuntimeError) as problem:
                    say(f"  {net}: the call broke: {str(problem).strip().splitlines()[0]}")
                breaks = 0 if len(run.rows) > before else breaks + 1
    return ""


def read(file: Path | None) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()] if file and file.exists() else []


def net_named(name: str) -> str:
    return "3g_rural" if name == "3g" else name


def main() -> None:
    reader = argparse.ArgumentParser(prog="bench.senses", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--quick", action="store_true", help="5 of each state on good, within 3 minutes")
    reader.add_argument("--nets", default="", help="of " + ", ".join(PROFILES) + " (3g: 3g_rural); default good,3g")
    reader.add_argument("--per-state", type=int, default=0, help="injections of each state on each network (100)")
    reader.add_argument("--seed", type=int, default=1, help="of the order, the causes and the pauses between (1)")
    reader.add_argument("--rows", type=Path, default=None, help="a file to add a line to for each injection, and to go on after")
    reader.add_argument("--steady", type=float, default=0, help="seconds of each stretch of ordinary speech (60)")
    reader.add_argument("--minutes", type=float, default=0, help="begin nothing more after so long; the rest needs --rows")
    reader.add_argument("--score", action="store_true", help="only read the file")
    asked = reader.parse_args()
    nets = [net_named(net) for net in asked.nets.split(",")] if asked.nets else ["good"] if asked.quick else list(NETS)
    if unknown := set(nets) - set(PROFILES):
        reader.error(f"no such network: {', '.join(sorted(unknown))}; there are {', '.join(PROFILES)}")
    asked.per_state = asked.per_state or (5 if asked.quick else 100)
    asked.steady = asked.steady or (15.0 if asked.quick else 60.0)
    run = Run(asked, read(asked.rows))
    why = "not done"
    if not asked.score:
        why = beside.missing() or told_and_measured(run, nets) or why
    rows: list[Row] = list(run.rows)
    wanted = [*dict.fromkeys([*NETS, *nets])]
    left_out = [net for net in wanted if net not in nets]
    found = complete(figures(rows, nets), names(wanted), say, why, left_out)
    report("senses", found, runs=sum("state" in row for row in rows))


def told_and_measured(run: Run, nets: list[str]) -> str:
    for net in nets:
        count = sum(what == "injection" for what, _number in run.left(net))
        if count:
            say(f"  {net}: {count} injections to do, about {minutes(count, limit=limit_of(net), steady=run.asked.steady):.0f} min and a call each {CALL}")
    return measure(run, nets)


if __name__ == "__main__":
    main()
