"""What the call benches share: contenders, weak links, and calls that may fail without ending the bench."""

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Playwright

from bench import beside  # noqa: F401  (puts callbench and netlab on the path)
from bench.call_figures import OWN, PROFILES, RELAY, TCP, path, weak_sides
from bench.report import say

from callbench.bench import Adapter, Bench, Call  # type: ignore[import-not-found]
from netlab import PROFILES as NETLAB  # type: ignore[import-not-found]
from netlab import NetlabError, check_machine
from netlab.shape import SETTINGS, Link  # type: ignore[import-not-found]

LIMIT = 40.0  # seconds for sound and picture to come
TOO_SLOW = {"8k": 35.0, "16k": 35.0}  # a page takes minutes; seconds that one waits on it, loaded before, until the click
LOADING = 240.0  # seconds for both pages over the weakest of the others
PLAIN = {name: getattr(Link(), name) for name in SETTINGS}


def settings(net: str) -> dict[str, Any]:
    """All of a network's settings, so that nothing of the one before it stays."""
    name, way = path(net)
    return {**PLAIN, **(NETLAB[PROFILES[name]] if name in PROFILES else OWN[name]), "udp": way != TCP}


class Late(Adapter):  # type: ignore[misc]
    """An adapter that tells when both pages are ready, before the click."""

    def __init__(self, inner: Any, *flags: str) -> None:
        self.inner, self.name = inner, inner.name
        self.extra_args = (*inner.extra_args, *flags)
        self.context_options = inner.context_options
        self.ready: Callable[[], None] = lambda: None

    def start(self, server: Any) -> None:
        self.inner.start(server)
        self.origin = self.inner.origin

    def open(self, page: Any, role: str, call: str) -> None:
        self.inner.open(page, role, call)
        if role == "a":
            self.ready()

    def join(self, page: Any, role: str) -> None:
        self.inner.join(page, role)


class Stage:
    """One contender's servers and browsers in a lab, and calls of it over one network after another."""

    def __init__(
        self, inner: Any, playwright: Playwright, *, flags: tuple[str, ...] = (), loopback: bool = False
    ) -> None:
        self.inner, self.adapter = inner, Late(inner, *flags)
        self.bench = Bench(self.adapter, None if loopback else {}, playwright=playwright)

    def __enter__(self) -> "Stage":
        self.bench.__enter__()
        return self

    def __exit__(self, *problem: Any) -> None:
        self.bench.__exit__(*problem)

    @property
    def lab(self) -> Any:
        return self.bench.lab

    def _weaken(self, net: str) -> None:
        name, sides = weak_sides(net)
        for side in sides:
            self.lab.set(side, **settings(name))

    @contextlib.contextmanager
    def call(self, net: str) -> Iterator[Any]:
        """The pages are loaded over the weak link, since a page may learn from that what its line takes; where
        none would come, the link grows weak while one waits, long enough to learn it there."""
        if self.lab is None:
            with self.bench.call(timeout=90) as made:
                yield made
            return
        for side in "ab":
            self.lab.set(side, **PLAIN)
            self.lab.reach(side, ["server"] if path(net)[1] == RELAY else None)
        self.adapter.ready = lambda: None
        if net in TOO_SLOW:
            self.adapter.ready = lambda: self._weaken_and_wait(net)
        else:
            self._weaken(net)
        with self.bench.call(timeout=LOADING, settle=1.0) as made:
            yield made

    def _weaken_and_wait(self, net: str) -> None:
        self._weaken(net)
        time.sleep(TOO_SLOW[weak_sides(net)[0]])

    def warm_up(self) -> None:
        """The first call of fresh browsers is slower; it is not counted."""
        with self.call("good") as made:
            wait_all(made, ("first_frame", "first_audio"))


def wait_all(made: Call, events: tuple[str, ...], *, seconds: float = LIMIT) -> bool:
    """Whether both sides have seen all of them in time."""
    end = time.monotonic() + seconds
    return all(made.wait(event, max(0.1, end - time.monotonic())) for event in events)


def attempt(name: str, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """A call that does not come about is told and counts as not measured; the bench goes on."""
    try:
        return work()
    except (Error, RuntimeError) as problem:  # NetlabError is a RuntimeError
        say(f"  {name}: {str(problem).strip().splitlines()[0]}")
        return {}


def livekit() -> Any:
    """LiveKit's page where it is built (callbench/livekit/build.sh), or None."""
    home = Path(os.environ.get("CALLBENCH_LIVEKIT", "/tmp/callbench-livekit"))  # noqa: S108 (as callbench has it)
    if not (home / "livekit-server").exists() or not (home / "package").exists():
        say("  LiveKit is not built here (callbench/livekit/build.sh)")
        return None
    from callbench.livekit_adapter import LiveKit  # type: ignore[import-not-found]

    return LiveKit(e2ee="1", home=str(home))


def no_lab() -> str:
    """Why there are no emulated networks here, in one sentence; empty where there are."""
    try:
        check_machine()
    except NetlabError as problem:
        return str(problem)
    return ""


def told(name: str, figures: dict[str, Any]) -> None:
    shown = ", ".join(f"{key} {value:.4g}" for key, value in figures.items() if isinstance(value, int | float))
    say(f"  {name}: {shown or 'nothing seen'}  (load {os.getloadavg()[0]:.1f})")
