"""How a call sounds and looks on a given network, once it has settled.

    python -m bench.quality [--quick] [--runs N] [--nets good,2g_both,16k] [--seconds S] [--against bare,livekit]

Per network (``_both``: both sides have it, else the client alone; ``_tcp``: it lets no UDP through; ``_relay``: the two
have no direct path, and a relay stands beside the practice), the worse of the two sides each time:
``invented_pct_`` the share of played sound made up for want of packets (null while no live voice is sent: the
level is text or notes); ``fps_`` pictures put on the screen a second; ``level_`` the level in force at the
middle by time (0 text, 1 notes, 2 voice, 3 stills, 4 small picture, 5 picture), read from the page, which shows
its outgoing level as data-level; ``level_changes_per_min_``; ``mouth_to_ear_ms_`` as bench.ear measures it; ``rtt_ms_``
the round trip of the path that media takes, and on stderr which path that is.
``mb_per_hour_``: whole IP packets of the client, both ways. ``notes_ratio_8k``: from the end of the client's
speaking until her note is whole on the other side, divided by its length (10 s). ``bare_`` is callbench's page with Chromium's own choices (mode
``warm``), ``livekit_`` LiveKit's with end-to-end encryption, where it is built. The bare page knows no relay.

The pages are loaded over the weak link (at 8 and 16 kbit/s it grows weak while they wait); the measurement begins
SETTLE seconds after sound should have come. Contenders take turns within each run."""

import argparse
import shutil
import time
from collections.abc import Callable
from typing import Any

from bench import beside
from bench.call_figures import (
    BOTH,
    OWN,
    PROFILES,
    RELAY,
    TCP,
    complete,
    level_changes_per_min,
    level_held,
    mb_per_hour,
    medians,
    path,
    worse,
)
from bench.report import report, say

BY_RELAY = [*(net + TCP for net in PROFILES), *(net + RELAY for net in PROFILES)]
NETS = [*PROFILES, *(net + BOTH for net in PROFILES), *OWN, *BY_RELAY, *(net + BOTH for net in BY_RELAY)]
OURS = ("invented_pct", "fps", "level", "level_changes_per_min", "mb_per_hour", "mouth_to_ear_ms", "rtt_ms")
THEIRS = ("invented_pct", "fps")
SETTLE = 10.0  # s; the ladder must have chosen by then
QUICK = ("good", "2g")
WITH_NOTE = "8k"
LIVE_VOICE = 2  # the lowest level that sends it

WATCH_LEVEL = """() => {
  const root = document.documentElement;
  const levels = (window.__levels = []);
  const note = () => {
    if (root.dataset.level !== undefined) levels.push([performance.timeOrigin + performance.now(), Number(root.dataset.level)]);
  };
  new MutationObserver(note).observe(root, { attributes: true, attributeFilter: ["data-level"] });
  note();
}"""


def names(contenders: list[str]) -> list[str]:
    wanted = [f"{name}_{net}" for net in NETS for name in OURS]
    for other in ("bare", *(["livekit"] if "livekit" in contenders else [])):
        wanted += [f"{other}_{name}_{net}" for net in NETS for name in THEIRS]
    return [*wanted, f"notes_ratio_{WITH_NOTE}"]


def side_figures(seen: dict[str, Any], levels: list[tuple[float, int]], span: tuple[float, float]) -> dict[str, float | None]:
    """One side's: ``seen`` as callbench digests it, ``levels`` those the *other* side sent at."""
    start, end = span
    level = level_held(levels, start=start, end=end)
    voice = level is None or level >= LIVE_VOICE
    return {
        "invented_pct": seen["audio_concealed_pct"] if voice else None,
        "fps": seen["video_fps"],
        "rtt_ms": seen["rtt_ms"],
        "level": level,
        "level_changes_per_min": level_changes_per_min(levels, start=start, end=end),
    }


def of_both(a: dict[str, float | None], b: dict[str, float | None]) -> dict[str, float | None]:
    return {name: worse([a[name], b[name]], low_is_bad=name in {"fps", "level"}) for name in a}


def measure(asked: argparse.Namespace, nets: list[str], contenders: list[str], *, runs: int) -> tuple[dict[str, float | None], str]:
    from playwright.sync_api import sync_playwright

    from bench.call_adapter import Product, Relayed
    from bench.calls import Stage, attempt, livekit, no_lab, told

    from callbench.bare_adapter import Bare  # type: ignore[import-not-found]

    if why := no_lab():
        return {}, why
    rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
    direct = {"ours": Product, "bare": lambda: Bare(mode="warm"), "livekit": livekit}
    relayed = {"ours": lambda: relay(Relayed), "bare": lambda: None, "livekit": livekit}
    stages = [
        (contender, made[contender], mine)
        for contender in contenders
        for made, mine in ((direct, [net for net in nets if not path(net)[1]]), (relayed, [net for net in nets if path(net)[1]]))
        if mine
    ]
    with sync_playwright() as playwright:
        for _run in range(runs):
            for contender, make, mine in stages:
                if (inner := make()) is None:
                    continue
                with Stage(inner, playwright, flags=("--autoplay-policy=no-user-gesture-required",)) as stage:
                    for net in mine:
                        name = f"{contender} {net}"
                        row = attempt(name, lambda stage=stage, net=net: once(stage, net, seconds=asked.seconds))  # type: ignore[misc]
                        told(name, row)
                        rows.setdefault((contender, net), []).append(row)
    figures: dict[str, float | None] = {}
    for (contender, net), got in rows.items():
        ours = (*OURS, "notes_ratio") if net == WITH_NOTE else OURS
        wanted, before = (ours, "") if contender == "ours" else (THEIRS, f"{contender}_")
        figures |= {f"{before}{name}_{net}": value for name, value in medians(got, wanted).items()}
    return figures, "no call, or nothing of it was sent"


def relay(make: Callable[[], Any]) -> Any:
    if shutil.which("turnserver"):
        return make()
    say("  coturn is not installed, so nothing goes by a relay")
    return None


def once(stage: Any, net: str, *, seconds: float) -> dict[str, float | None]:
    from bench import ear
    from bench.call_notes import notes_ratio
    from bench.calls import wait_all

    with stage.call(net) as call:
        pages = {side: call.sides[side].page for side in "ab"}
        for page in pages.values():
            page.evaluate(WATCH_LEVEL)
        wait_all(call, ("first_audio",), seconds=20)
        time.sleep(SETTLE)
        for page in pages.values():
            page.evaluate(ear.LISTEN)
        before, start = moved(stage.lab), time.time() * 1000
        seen = call.quality(seconds)
        after, end = moved(stage.lab), time.time() * 1000
        levels = {side: page.evaluate("window.__levels") for side, page in pages.items()}
        heard = {side: page.evaluate(ear.HEARD) for side, page in pages.items()}
        spoken = {}
        if net == WITH_NOTE and hasattr(stage.inner, "who"):
            spoken["notes_ratio"] = notes_ratio(pages["a"], pages["b"])
    figures = of_both(*(side_figures(seen[to], levels[of], (start, end)) for to, of in ("ab", "ba")))
    late = [ear.delay_ms(heard[of]["sent"], heard[to]["heard"]) for to, of in ("ab", "ba")]
    detail(net, seen, late)
    return {**figures, "mb_per_hour": mb_per_hour(after - before, (end - start) / 1000), "mouth_to_ear_ms": worse(late), **spoken}


def moved(lab: Any) -> float:
    """Bytes of whole IP packets that crossed the client's link so far."""
    client = lab.stats()["hosts"]["a"]
    return float(client["up"]["bytes"] + client["down"]["bytes"])


def detail(net: str, seen: dict[str, Any], late: list[float | None]) -> None:
    keys = ("path", "audio_concealed_pct", "video_fps", "video_height", "kbit_in", "rtt_ms", "audio_buffer_ms", "cpu_s_per_s")
    for side, delay in zip("ab", late, strict=True):
        say(f"    {net} {side} gets: " + ", ".join(f"{key} {seen[side][key]}" for key in keys) + f", mouth to ear {delay}")


def main() -> None:
    reader = argparse.ArgumentParser(prog="bench.quality")
    reader.add_argument("--quick", action="store_true")
    reader.add_argument("--runs", type=int, default=0)
    reader.add_argument("--nets", default="", help="of " + ", ".join(NETS))
    reader.add_argument("--seconds", type=float, default=0, help="length of each measurement")
    reader.add_argument("--against", default="", help="references: bare, livekit, none")
    asked = reader.parse_args()
    wished = asked.nets.split(",") if asked.nets else QUICK if asked.quick else NETS
    if unknown := set(wished) - set(NETS):
        reader.error(f"no such network: {', '.join(sorted(unknown))}; there are {', '.join(NETS)}")
    nets = [net for net in NETS if net in wished]
    against = asked.against or ("bare" if asked.quick else "bare,livekit")
    contenders = ["ours", *(name for name in ("bare", "livekit") if name in against.split(","))]
    asked.seconds = asked.seconds or (8.0 if asked.quick else 20.0)
    runs = asked.runs or (1 if asked.quick else 3)
    figures, why = {}, beside.missing()
    if not why:
        figures, why = measure(asked, nets, contenders, runs=runs)
    report("quality", complete(figures, names(contenders), say, why, [net for net in NETS if net not in nets]), runs=runs)


if __name__ == "__main__":
    main()
