"""How soon after the click the other's picture is there.

    python -m bench.join [--quick] [--runs N] [--nets good,2g]

``ours_ms_``, ``bare_ms_``, ``ratio_`` (``loopback``, ``3g_rural``): from the click to the first picture of the
other on the screen of the side whose link is weak; the reference is callbench's bare page in mode ``warm``
(camera, signalling and offer ready; the click connects). Tatap's waiting room is connected before anybody is
let in, by design, so these are well below 1.

``ratio_linked_{net}``, with ``ours_ms_linked_`` and ``bare_ms_linked_``: both connected beforehand, the click
only opens the tap. Ours: the counsellor's admission to the first picture on the client's screen; the client's
link is the weak one. Bare, mode ``linked``: a's click to the first picture on b's screen; a's link is weak.
Either way the picture crosses the weak link once. ``counsellor_ms_linked_``: until the counsellor sees the
client, which takes the news of the admission there and the picture back, so the link's delay twice.

The pages are loaded over the weak link as well. One contender's browsers are open at a time, contenders take
turns, a browser's first call is not counted."""

import argparse
from typing import Any

from bench import beside
from bench.call_figures import PROFILES, complete, median, ratio
from bench.report import report, say

PLACES = ("loopback", "3g_rural")
FIGURES = [f"{name}_{net}" for net in PLACES for name in ("ours_ms", "bare_ms", "ratio")] + [
    f"{name}_linked_{net}" for net in PROFILES for name in ("ours_ms", "bare_ms", "ratio")
]
AT_A_TIME = 5  # calls of a contender on a network before it is another's turn

Seen = dict[str, list[float | None]]


def measure(nets: list[str], *, runs: int) -> tuple[dict[str, float | None], str]:
    """Figures, and why some are missing."""
    from playwright.sync_api import sync_playwright

    from bench.call_adapter import Product
    from bench.calls import Stage, no_lab

    from callbench.bare_adapter import Bare  # type: ignore[import-not-found]

    seen: Seen = {}
    why = no_lab()
    with sync_playwright() as playwright:
        for start in range(0, runs, AT_A_TIME):
            count = min(AT_A_TIME, runs - start)
            for place in ["loopback", *([] if why else ["lab"])]:
                where = ["loopback"] if place == "loopback" else nets
                for made in (Product, Bare):
                    with Stage(made(), playwright, loopback=place == "loopback") as stage:
                        stage.warm_up()
                        for net in where:
                            calls(stage, net, seen, count=count)
    return figures_of(seen), why or "no call or no picture"


def calls(stage: Any, net: str, seen: Seen, *, count: int) -> None:
    from bench.call_adapter import Product
    from bench.calls import attempt, told

    ours = isinstance(stage.inner, Product)
    modes = [""] if ours else [mode for mode in ("warm", "linked") if (net in PLACES if mode == "warm" else net in PROFILES)]
    for _run in range(count):
        for mode in modes:
            stage.inner.mode = mode
            name = f"{'ours' if ours else f'bare {mode}'} {net}"
            times = attempt(name, lambda: once(stage, net))
            told(name, {key: value for key, value in times.items() if not key.startswith("phase_")})
            for name, value in pictures(times, mode=mode, ours=ours).items():
                seen.setdefault(f"{name}_{net}", []).append(value)


def once(stage: Any, net: str) -> dict[str, Any]:
    from bench.calls import wait_all

    with stage.call(net) as call:
        wait_all(call, ("first_frame", "first_audio"))
        times: dict[str, Any] = call.join_times()
    return times


def pictures(times: dict[str, Any], *, mode: str, ours: bool) -> dict[str, float | None]:
    mine, theirs = times.get("a_first_frame"), times.get("b_first_frame")
    if ours:
        return {"ours_ms": mine, "counsellor_ms": theirs}
    return {"bare_ms": mine} if mode == "warm" else {"bare_ms_linked": theirs}


def figures_of(seen: Seen) -> dict[str, float | None]:
    figures: dict[str, float | None] = {}
    for net in PLACES:
        ours, bare = median(seen.get(f"ours_ms_{net}", [])), median(seen.get(f"bare_ms_{net}", []))
        figures |= {f"ours_ms_{net}": ours, f"bare_ms_{net}": bare, f"ratio_{net}": ratio(ours, bare)}
    for net in PROFILES:
        ours, bare = median(seen.get(f"ours_ms_{net}", [])), median(seen.get(f"bare_ms_linked_{net}", []))
        figures |= {
            f"ours_ms_linked_{net}": ours, f"bare_ms_linked_{net}": bare, f"ratio_linked_{net}": ratio(ours, bare),
            f"counsellor_ms_linked_{net}": median(seen.get(f"counsellor_ms_{net}", [])),
        }
    return figures


def main() -> None:
    reader = argparse.ArgumentParser(prog="bench.join")
    reader.add_argument("--quick", action="store_true")
    reader.add_argument("--runs", type=int, default=0)
    reader.add_argument("--nets", default=",".join(PROFILES), help="of " + ", ".join(PROFILES))
    asked = reader.parse_args()
    nets = [net for net in PROFILES if net in asked.nets.split(",")]
    runs = asked.runs or (1 if asked.quick else 15)
    why = beside.missing()
    figures: dict[str, float | None] = {}
    if not why:
        figures, why = measure(nets, runs=runs)
    report("join", complete(figures, FIGURES, say, why, [net for net in PROFILES if net not in nets]), runs=runs)


if __name__ == "__main__":
    main()
