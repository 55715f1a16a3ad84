"""Bytes over the wire of a first visit, as Chromium counts them (headers and all), on a phone's screen, scrolled
to the end so that no picture waits. Run as a program it gives every counsellor of the practice in
TATAP_DATA_DIR a photo about as heavy as ``set_photo`` lets one be."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.report import say

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SCREEN = {"width": 360, "height": 740}
SLUG = "andi-nurhayati"


def bytes_first(pages: list[str]) -> dict[str, int | None]:
    """By page; None, with a word on stderr, where there is no Chromium."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        say("playwright is not installed; bytes_first_ are null")
        return dict.fromkeys(pages)
    if not os.path.exists(CHROMIUM):
        say(f"no browser at {CHROMIUM} (CHROMIUM names another); bytes_first_ are null")
        return dict.fromkeys(pages)
    found: dict[str, int | None] = {}
    with _practice() as (origin, code), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        people = {who: _signed_in(browser, origin, who) for who in ("client", "counsellor")}
        addresses = {
            "front": "/", "directory": "/konselor/", "counsellor": f"/konselor/{SLUG}/", "sessions": "/sesi/",
            "day": "/praktik/", "card": f"/sesi/{_past_card(browser, origin, people['client'])}/kartu/",
            "room": f"/sesi/{code}/ruang/",
        }
        for page in pages:
            state = people["counsellor" if page == "day" else "client"]
            found[page] = _visit(browser, origin + addresses[page], state)
            say(f"  {page}: {(found[page] or 0) / 1000:.1f} kB on a first visit")
        browser.close()
    return found


@contextmanager
def _practice() -> Iterator[tuple[str, str]]:
    """The demo's, served by a process of its own: its address, and the code of the session about to start."""
    with tempfile.TemporaryDirectory(prefix="tatap-bench-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
        probe.close()
        place = f"{folder}/practice"
        plain = {k: v for k, v in os.environ.items() if not k.startswith(("TATAP_", "DJANGO_"))}
        fill = [sys.executable, "-m", "tatap", "demo", "--fill-only", "--stage", "prepared", "--port", port]
        said = subprocess.run(fill, env={**plain, "TATAP_DEMO_DIR": place}, stdout=subprocess.PIPE, text=True, check=True)
        here = {
            **plain, "TATAP_DATA_DIR": place, "TATAP_DEMO": "1", "TATAP_ORIGIN": f"http://127.0.0.1:{port}",
            "DJANGO_SETTINGS_MODULE": "tatap.config.settings",
        }
        subprocess.run([sys.executable, "-m", "bench.pages_bytes"], env=here, check=True)
        serve = [sys.executable, "-m", "tatap", "serve", "--port", port]
        server = subprocess.Popen(serve, env=here, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _until_answers(f"http://127.0.0.1:{port}/garis/ping")
            found = re.search(r"has the code (\w+)", said.stdout)
            assert found is not None
            yield f"http://127.0.0.1:{port}", found.group(1)
        finally:
            server.terminate()
            server.wait(10)


def _until_answers(address: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def _signed_in(browser: Any, origin: str, who: str) -> Any:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{origin}/demo/")
    page.locator(f"form[action$='/masuk/{who}/'] button").click()
    page.wait_for_url(lambda address: "/demo/" not in address)
    state = context.storage_state()
    context.close()
    return state


def _past_card(browser: Any, origin: str, state: Any) -> str:
    context = browser.new_context(storage_state=state)
    page = context.new_page()
    page.goto(f"{origin}/sesi/")
    address = page.locator("a[href$='/kartu/']").first.get_attribute("href")
    context.close()
    return str(address).split("/")[2]


def _visit(browser: Any, address: str, state: Any) -> int:
    context = browser.new_context(storage_state=state, viewport=SCREEN, device_scale_factor=2)
    page = context.new_page()
    seen: list[int] = []
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: seen.append(int(event["encodedDataLength"])))
    page.goto(address)
    page.wait_for_load_state("load")
    for _ in range(40):
        if page.evaluate("scrollBy(0, 600), scrollY + innerHeight >= document.documentElement.scrollHeight - 2"):
            break
        page.wait_for_timeout(60)
    page.wait_for_timeout(700)
    context.close()
    return sum(seen)


def heavy_photos() -> None:
    import io

    import django

    django.setup()
    from PIL import Image, ImageFilter

    from tatap.counsellors import actions
    from tatap.counsellors.models import Counsellor
    from tatap.lib import clock

    noise = Image.merge("RGB", [Image.effect_noise((320, 400), 90) for _ in range(3)]).filter(ImageFilter.GaussianBlur(2))
    out = io.BytesIO()
    noise.save(out, "PNG")
    for person in Counsellor.objects.select_related("user"):
        actions.set_photo(counsellor=person, content=out.getvalue(), by=person.user, now=clock.now())


if __name__ == "__main__":
    heavy_photos()
