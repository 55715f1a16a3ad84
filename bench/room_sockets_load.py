"""The browsers of ``bench.room_sockets``: pairs of sockets that speak at a set pace.

Reads one JSON object from stdin, says ``linked`` when all sockets have their seats, begins at the next line of
stdin, says ``done {…}``, and lets go at the line after that."""

import asyncio
import json
import random
import sys
import time
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

PADDING = "x" * 40
AT_ONCE = 20  # sockets that open at the same time
HEARTBEAT = 5.0  # seconds, as in the browser: whoever is silent for long is thought gone


class Figures:
    def __init__(self) -> None:
        self.sent = 0
        self.out_of_order = 0
        self.delays: list[float] = []
        self.refused = 0
        self.chat_sent: dict[str, float] = {}
        self.chat_seen: dict[str, int] = {}


class Browser:
    def __init__(self, plan: dict[str, Any], room: dict[str, Any], side: int, figures: Figures) -> None:
        self.plan, self.room, self.side, self.figures = plan, room, side, figures
        self.last = -1
        self.line: ClientConnection

    async def link(self) -> None:
        urls = self.plan["urls"]
        url = urls[self.side % len(urls)]
        if self.plan["raw"]:
            self.line = await self._open(f"{url}/{self.room['code']}")
            return
        from tatap.callroom import tickets

        self.line = await self._open(f"{url}/ruang/socket")
        person = self.room["people"][self.side]
        session = self.room["sessions"][self.side]
        ticket = tickets.make(code=self.room["code"], user_id=person, role="client", session=session)
        await self._say({"t": "hello", "ticket": ticket, "tab": f"tab{self.side}", "epoch": None, "seq": 0})
        async with asyncio.timeout(60):
            while json.loads(await self.line.recv())["t"] != "welcome":
                pass

    async def _open(self, url: str) -> ClientConnection:
        return await connect(url, compression=None, ping_interval=None, max_queue=None, open_timeout=60, close_timeout=1)

    async def _say(self, frame: dict[str, Any]) -> None:
        await self.line.send(json.dumps(frame, separators=(",", ":")))

    async def beat(self) -> None:
        """Until the others have their seats as well."""
        while not self.plan["raw"]:
            await asyncio.sleep(HEARTBEAT)
            await self._say({"t": "ping", "n": 0})

    async def hear(self) -> None:
        figures = self.figures
        async for text in self.line:
            frame = json.loads(text)
            if frame["t"] == "signal":
                body = frame["d"]
                figures.delays.append(time.monotonic() - body["at"])
                figures.out_of_order += body["n"] != self.last + 1
                self.last = body["n"]
            elif frame["t"] == "chat":
                figures.delays.append(time.monotonic() - figures.chat_sent[frame["key"]])
                figures.chat_seen[frame["key"]] = figures.chat_seen.get(frame["key"], 0) + 1
            elif frame["t"] == "refused":
                figures.refused += 1

    async def speak(self, until: float) -> None:
        every = self.plan["every"]
        await asyncio.sleep(random.random() * every)
        begin, n = time.monotonic(), 0
        while time.monotonic() < until:
            if self.plan["chat"]:
                key = f"{self.room['code']}{self.side}{n}"
                self.figures.chat_sent[key] = time.monotonic()
                await self._say({"t": "chat", "key": key, "text": f"halo {n}, {PADDING}"})
            else:
                body = {"n": n, "at": time.monotonic(), "candidate": PADDING}
                await self._say({"t": "signal", "d": body})
            self.figures.sent += 1
            n += 1
            await asyncio.sleep(max(0.0, begin + n * every - time.monotonic()))


async def _line() -> None:
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)


async def run(plan: dict[str, Any]) -> None:
    figures = Figures()
    browsers = [Browser(plan, room, side, figures) for room in plan["rooms"] for side in (0, 1)]
    gate = asyncio.Semaphore(AT_ONCE)

    hearts: list[asyncio.Task[None]] = []

    async def link(browser: Browser) -> None:
        async with gate:
            await browser.link()
        hearts.append(asyncio.create_task(browser.beat()))

    await asyncio.gather(*(link(browser) for browser in browsers))
    ears = [asyncio.create_task(browser.hear()) for browser in browsers]
    await asyncio.sleep(1)
    print("linked", flush=True)
    await _line()
    for heart in hearts:
        heart.cancel()
    until = time.monotonic() + plan["seconds"]
    await asyncio.gather(*(browser.speak(until) for browser in browsers))
    expected = figures.sent * 2 if plan["chat"] else figures.sent
    patience = time.monotonic() + 3
    while len(figures.delays) < expected and time.monotonic() < patience:
        await asyncio.sleep(0.05)
    found = {
        "sockets": len(browsers), "expected": expected, "delivered": len(figures.delays),
        "out_of_order": figures.out_of_order, "refused": figures.refused, "delays": figures.delays,
        "chat_lost": sum(figures.chat_seen.get(key, 0) < 2 for key in figures.chat_sent),
    }
    print("done " + json.dumps(found), flush=True)
    await _line()
    for ear in ears:
        ear.cancel()
    await asyncio.gather(*(browser.line.close() for browser in browsers), return_exceptions=True)


def main() -> None:
    plan = json.loads(sys.stdin.readline())
    if not plan["raw"]:
        import django

        django.setup()
    asyncio.run(run(plan))


if __name__ == "__main__":
    main()
