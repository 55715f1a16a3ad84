"""How soon a call is back after the client's network was lost.

    python -m bench.recovery [--quick] [--runs N] [--nets good,2g] [--only move,outage5,outage90,outage300,restart30]
                             [--against bare,livekit]

In a lab, with TLS. Seconds from the moment the link is there again, the slower of the two sides:
``sound_s_move_``, ``picture_s_move_`` (the network is gone for a second, then another address);
``sound_s_outage5_``, ``smooth_picture_s_outage5_`` (five seconds of silence; smooth: a second that holds half
the pictures usual before); ``back_s_outage90_``, ``back_s_outage300_``, ``back_s_restart30_`` (to sound; in the last the
practice's server is killed in the middle of thirty seconds, and starts again). ``bare_`` is callbench's page
that restarts ICE by itself (``restart=1``), ``livekit_`` LiveKit's where it is built; neither is made to wait
for 300 s or has its server killed. Null: not back within the limit, or (a picture) none was sent at that level.

Over all of ours: ``clicks`` how often sound did not come back by itself, so that somebody would have had to act;
``readmissions`` how often somebody who was in had to wait at the door again; ``chat_lost``, ``chat_twice``,
``chat_disordered`` of the lines that both wrote, in their own pages, while the link was gone. Totals, not medians.

Five minutes take five minutes: all of it is some three hours."""

import argparse
import time
from typing import Any

from bench import beside
from bench.call_figures import PROFILES, complete, medians, times_sent_out, worse
from bench.report import report, say

OUTAGES = {"outage5": 5.0, "outage90": 90.0, "outage300": 300.0, "restart30": 30.0}
OURS_ALONE = ("outage300", "restart30")
WHAT = ("move", *OUTAGES)
TIMES = {
    "move": ("sound_s_move", "picture_s_move"),
    "outage5": ("sound_s_outage5", "smooth_picture_s_outage5"),
    "outage90": ("back_s_outage90",),
    "outage300": ("back_s_outage300",),
    "restart30": ("back_s_restart30",),
}
SEEN_AS = {"sound": "audio", "picture": "video", "smooth": "video_steady", "back": "audio"}
TOTALS = ("clicks", "chat_lost", "chat_twice", "readmissions")
GAP = 1.0  # s without any network while it moves
SETTLE = 8.0  # s from sound to the disturbance
LIMIT = {"move": 30.0, "outage5": 30.0, "outage90": 60.0, "outage300": 60.0, "restart30": 60.0}
RESTARTED = 8.0  # s into the outage
WATCH_FROM = 3.0  # s before the link is back

WATCH_STAGE = """() => {
  const root = document.documentElement;
  const stages = (window.__stages = [root.dataset.stage]);
  new MutationObserver(() => stages.push(root.dataset.stage)).observe(root, { attributes: true, attributeFilter: ["data-stage"] });
}"""


def names() -> list[str]:
    return [f"{name}_{net}" for net in PROFILES for what in WHAT for name in TIMES[what]] + list(TOTALS)


def seconds_of(what: str, back: dict[str, float | None]) -> dict[str, float | None]:
    """``back``: callbench's, in ms by side."""
    out: dict[str, float | None] = {}
    for name in TIMES[what]:
        late = worse(back.get(f"{side}_{SEEN_AS[name.partition('_')[0]]}") for side in "ab")
        out[name] = None if late is None else late / 1000
    return out


def measure(
    nets: list[str], whats: list[str], contenders: list[str], *, runs: int
) -> tuple[dict[str, float | None], str]:
    from playwright.sync_api import sync_playwright

    from bench.calls import Stage, no_lab

    if why := no_lab():
        return {}, why
    rows: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    with sync_playwright() as playwright:
        for _run in range(runs):
            for contender in contenders:
                if (inner := contender_of(contender)) is None:
                    continue
                with Stage(inner, playwright) as stage:
                    for net in nets:
                        for what in whats:
                            if contender == "ours" or what not in OURS_ALONE:
                                row = one(stage, contender, net, what)
                                rows.setdefault((contender, net, what), []).append(row)
    return figures_of(rows), "no call, or not back in time"


def contender_of(name: str) -> Any:
    from bench.call_adapter import Product
    from bench.calls import livekit

    from callbench.bare_adapter import Bare  # type: ignore[import-not-found]

    return {"ours": Product, "bare": lambda: Bare(mode="warm", restart=True), "livekit": livekit}[name]()


def figures_of(rows: dict[tuple[str, str, str], list[dict[str, Any]]]) -> dict[str, float | None]:
    figures: dict[str, float | None] = {}
    for (contender, net, what), got in rows.items():
        before = "" if contender == "ours" else f"{contender}_"
        figures |= {f"{before}{name}_{net}": value for name, value in medians(got, TIMES[what]).items()}
    ours = [row for (contender, *_rest), got in rows.items() for row in got if contender == "ours" and "clicks" in row]
    for name in (*TOTALS, "chat_disordered"):
        figures[name] = sum(row[name] for row in ours) if ours else None
    return figures


def one(stage: Any, contender: str, net: str, what: str) -> dict[str, Any]:
    from bench.calls import attempt, told

    name = f"{contender} {net} {what}"
    row = attempt(name, lambda: once(stage, net, what, ours=contender == "ours"))
    told(name, row)
    return row


def once(stage: Any, net: str, what: str, *, ours: bool) -> dict[str, Any]:
    from bench.call_chat import Chat
    from bench.calls import wait_all

    with stage.call(net) as call:
        if not wait_all(call, ("first_audio",)):
            raise RuntimeError("no sound to begin with")
        pages = {stage.inner.who[side]: call.sides[side].page for side in "ab"} if ours else {}
        chat = Chat(**pages) if ours else None
        for page in pages.values():
            page.evaluate(WATCH_STAGE)
        time.sleep(SETTLE)
        back = disturbed(stage, call, what, chat)
        say("    ms by side: " + ", ".join(f"{side} {value}" for side, value in back.items()))
        row: dict[str, Any] = seconds_of(what, back)
        if chat is None:
            return row
        sound = worse(back.get(f"{side}_audio") for side in "ab")
        stages = [page.evaluate("window.__stages") for page in pages.values()]
        row |= {"clicks": int(sound is None), "readmissions": sum(times_sent_out(seen) for seen in stages)}
        return row | chat.score()


def disturbed(stage: Any, call: Any, what: str, chat: Any) -> dict[str, float | None]:
    """Both write while the link is gone, and callbench watches for what comes back."""
    lab, out = stage.lab, OUTAGES.get(what, GAP)
    ahead = max(0.0, out - WATCH_FROM)

    def disturb() -> None:
        if what == "move":
            lab.move("a", gap_s=GAP)
        else:
            lab.outage("a", out)
        end = time.monotonic() + ahead
        if chat is not None:
            chat.write_later(lines=1 if what == "move" else 3)
        if what == "restart30":
            time.sleep(RESTARTED)
            stage.inner.restart()
        if time.monotonic() > end and what != "move":
            raise RuntimeError("the machine was too slow to watch")
        time.sleep(max(0.0, end - time.monotonic()))

    back: dict[str, float | None] = call.recovery(lab, disturb, out - ahead, limit_s=LIMIT[what])
    return back


def main() -> None:
    reader = argparse.ArgumentParser(prog="bench.recovery")
    reader.add_argument("--quick", action="store_true")
    reader.add_argument("--runs", type=int, default=0)
    reader.add_argument("--nets", default="", help="of " + ", ".join(PROFILES))
    reader.add_argument("--only", default="", help="of " + ", ".join(WHAT))
    reader.add_argument("--against", default="", help="references: bare, livekit, none")
    asked = reader.parse_args()
    nets = asked.nets.split(",") if asked.nets else ["good"] if asked.quick else list(PROFILES)
    whats = asked.only.split(",") if asked.only else ["move", "outage5"] if asked.quick else list(WHAT)
    if unknown := {*nets, *whats} - {*PROFILES, *WHAT}:
        reader.error(f"not known: {', '.join(sorted(unknown))}")
    against = asked.against or ("bare" if asked.quick else "bare,livekit")
    contenders = ["ours", *(name for name in ("bare", "livekit") if name in against.split(","))]
    runs = asked.runs or (1 if asked.quick else 3)
    figures, why = {}, beside.missing()
    if not why:
        figures, why = measure(nets, whats, contenders, runs=runs)
    left_out = [net for net in PROFILES if net not in nets]
    left_out += [f"{what}_{net}" for what in WHAT if what not in whats for net in nets]
    report("recovery", complete(figures, names(), say, why, left_out), runs=runs)


if __name__ == "__main__":
    main()
