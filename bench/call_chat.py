"""Lines written by both people through their own pages while the line is down, and what became of them."""

import time
from typing import Any

from bench.call_figures import chat_score

LINES = 3  # on each side
EVERY = 900  # ms; the first after half of that

# In the page, by its own timer: the harness has no time to type while it watches for the line's return.
WRITE_LATER = """([lines, first, every]) => lines.forEach((text, n) => setTimeout(() => {
  const form = [...document.querySelectorAll("[data-chat-form]")].find((one) => one.offsetParent !== null);
  const input = form.querySelector("[data-chat-input]");
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  form.requestSubmit();
}, first + n * every))"""
# What the server has kept; a line that only its writer sees is not kept.
SHOWN = """() => {
  const list = [...document.querySelectorAll("[data-chat-lines]")].find((one) => one.offsetParent !== null);
  return [...list.querySelectorAll("li[data-kept] > p:first-child")].map((line) => line.textContent);
}"""


class Chat:
    """``pages``: the client's and the counsellor's."""

    def __init__(self, client: Any, counsellor: Any) -> None:
        client.click('[data-open-drawer="chat-drawer"]')
        counsellor.click("#tab-chat")
        self.pages = {"client": client, "counsellor": counsellor}
        self.written: list[str] = []

    def write_later(self, *, first: int = EVERY // 2, lines: int = LINES) -> None:
        """Begins now; the last line is written ``first + (lines - 1) * EVERY`` ms from now."""
        for who, page in self.pages.items():
            mine = [f"{who} {len(self.written) + n}" for n in range(lines)]
            self.written += mine
            page.evaluate(WRITE_LATER, [mine, first, EVERY])

    def score(self, *, seconds: float = 30) -> dict[str, int]:
        """Once all lines are on both sides, or the time is up. A second longer, for what comes twice."""
        end = time.monotonic() + seconds
        while any(line not in shown for shown in self.shown() for line in self.written) and time.monotonic() < end:
            time.sleep(0.25)
        time.sleep(1)
        return chat_score(self.written, self.shown())

    def shown(self) -> list[list[str]]:
        return [page.evaluate(SHOWN) for page in self.pages.values()]
