"""A practice served as a person would meet it: a process of its own, a fresh folder, real browsers."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

if TYPE_CHECKING:
    from tests.journeys.relay_lab import RelayLab

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
CAMERA = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/journeys/" in str(item.path):
            item.add_marker(pytest.mark.browser)


class Served:
    """The demo's practice, filled by its real actions, then served."""

    def __init__(self, folder: Path, stage: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder, self.origin = folder / "practice", f"http://127.0.0.1:{self.port}"
        self.log = folder / "log"
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("TATAP_", "DJANGO_"))}
        said = subprocess.run(
            [sys.executable, "-m", "tatap", "demo", "--fill-only", "--stage", stage, "--port", str(self.port)],
            env={**clean, "TATAP_DEMO_DIR": str(self.folder)}, capture_output=True, text=True, check=False,
        )
        assert said.returncode == 0, said.stderr[-2000:]
        found = re.search(r"has the code (\w+)", said.stdout)
        assert found is not None
        self.code = found.group(1)
        self.env = {
            **clean, "TATAP_DATA_DIR": str(self.folder), "TATAP_DEMO": "1", "TATAP_ORIGIN": self.origin,
            "DJANGO_SETTINGS_MODULE": "tatap.config.settings", "PYTHONUNBUFFERED": "1",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "tatap", "serve", "--port", str(self.port)]
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(command, env=self.env, stdout=out, stderr=out)
        until(lambda: self.answers(), 30, "the server did not start")

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.origin}/garis/ping", timeout=2) as answer:
                return answer.status == 204
        except OSError:
            return False

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)

    def said(self) -> str:
        return self.log.read_text(errors="replace")


def until(fact: Callable[[], Any], seconds: float, sentence: str) -> Any:
    """Waits for a fact; fails with the sentence once the time is up."""
    end = time.monotonic() + seconds
    while not (found := fact()):
        if time.monotonic() > end:
            pytest.fail(sentence)
        time.sleep(0.1)
    return found


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    practice = Served(tmp_path, "booked")
    practice.start()
    yield practice
    practice.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CAMERA)
        yield browser
        browser.close()


class Person:
    """Somebody with a browser of her own; what her console complains of is kept."""

    def __init__(self, browser: Browser, origin: str, *, width: int, height: int, **more: Any) -> None:
        self.context: BrowserContext = browser.new_context(viewport={"width": width, "height": height}, **more)
        self.context.set_default_timeout(15_000)
        self.context.grant_permissions(["camera", "microphone"], origin=origin)
        self.origin, self.complaints = origin, []
        self.page: Page = self.context.new_page()
        self.watch(self.page)

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda problem: self.complaints.append(str(problem)))
        page.on("request", lambda request: self._own(request.url))

    def _own(self, url: str) -> None:
        ours = ("data:", "blob:", self.origin, self.origin.replace("http", "ws"))
        if not url.startswith(ours):
            self.complaints.append(f"a foreign request: {url}")

    def go(self, path: str) -> None:
        self.page.goto(self.origin + path)

    def enter_as(self, who: str) -> None:
        self.go("/demo/")
        self.page.click(f'form[action$="/masuk/{who}/"] button')
        self.page.wait_for_load_state()


@pytest.fixture
def person(chromium: Browser, served: Served) -> Iterator[Callable[..., Person]]:
    made: list[Person] = []

    def make(*, width: int = 360, height: int = 740) -> Person:
        made.append(Person(chromium, served.origin, width=width, height=height))
        return made[-1]

    yield make
    complaints = [words for one in made for words in one.complaints]
    for one in made:
        one.context.close()
    assert complaints == []


@pytest.fixture
def lab(tmp_path: Path) -> Iterator["RelayLab"]:
    """Two people, a practice and its relays on an emulated network (``relay_lab``); modules that ask for it bear ``needs_lab``."""
    from tests.journeys.relay_lab import RelayLab

    from netlab import Lab

    with sync_playwright() as playwright, Lab(seed=1) as made:
        house = RelayLab(made, tmp_path, playwright)
        yield house
        house.close()
