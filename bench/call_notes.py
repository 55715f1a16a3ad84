"""A spoken note over the weakest line: how long it takes to be heard on the other side."""

import time
from typing import Any

from playwright.sync_api import TimeoutError as PlaywrightTimeout

from bench.report import say

LENGTH = 10.0  # s
OFFERED = 30.0  # s for the page to see that live voice will not do
LIMIT = 90.0  # s for it to arrive
SPEAK = "[data-spoken-stage] [data-speak]"
ARRIVED = """(before) => document.querySelectorAll("[data-spoken-stage] [data-spoken-list] > li:not(.is-mine)").length > before"""
COUNT = """() => document.querySelectorAll("[data-spoken-stage] [data-spoken-list] > li:not(.is-mine)").length"""


def notes_ratio(speaker: Any, listener: Any) -> float | None:
    """Seconds from the end of speaking until the note is whole on the other side, divided by its length; None
    where the page offers no spoken notes just now or the note did not arrive."""
    try:
        speaker.wait_for_selector(SPEAK, timeout=OFFERED * 1000)
    except PlaywrightTimeout:
        say(f"    no spoken note was offered within {OFFERED:.0f} s")
        return None
    before = listener.evaluate(COUNT)
    speaker.click(SPEAK)
    began = time.monotonic()
    time.sleep(LENGTH)
    speaker.click(SPEAK)
    ended = time.monotonic()
    while not listener.evaluate(ARRIVED, before):
        if time.monotonic() > ended + LIMIT:
            say(f"    the spoken note was not there after {LIMIT:.0f} s")
            return None
        time.sleep(0.1)
    took = time.monotonic() - ended
    say(f"    a note of {ended - began:.1f} s was there after {took:.1f} s")
    return took / (ended - began)
