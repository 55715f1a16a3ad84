"""Tatap as a thing for callbench to measure.

    PYTHONPATH=. python -m callbench join bench.call_adapter:Product            (callbench on the path too)
    python -m callbench quality --network 2g 'bench.call_adapter:Product?weak=counsellor'

Both people are brought into the room, where the connection is built before anybody is let in; the one click
is the counsellor's, who admits. callbench weakens the link of host "a": ``weak`` (client or counsellor; default
client) says whose that is. Times count from the counsellor's click, whichever side is timed: where the timed
page is the client's, the moment of the click is copied into its record (both are of one machine's clock).

In a lab the practice is served with TLS, as it must be anywhere but on loopback; ``tls=1`` does so there too."""

import atexit
import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import beside  # noqa: F401  (puts callbench on the path)
from bench.certificate import self_signed

from callbench.bench import Adapter  # type: ignore[import-not-found]

ROOT = Path(__file__).resolve().parents[1]
BATCH = 6  # rooms booked at a time; a room is good for an hour
SLOWEST = 240_000  # ms for a page over the weakest link
ADMITTED = 30_000  # ms in which whoever waits must be there to be let in
CONNECTED = """() => document.documentElement.dataset.link === "up" && document.documentElement.dataset.measured === "true"
  && (!window.__bench || __bench.events.some(([what]) => what === "gum_end"))"""
#: a connection made in a frame of the page (browser/call/connection/realm.ts) is the page's, also to who measures it; one
#: that is only kept for a move (spare.ts) is not looked at: its counts of nothing would stand for those in use
OF_FRAMES = """if (window.__bench) window.__bench.pcs[Symbol.iterator] = function* () {
  for (let i = 0; i < this.length; i++) if (this[i].connectionState !== "new") yield this[i];
};
if (parent !== window && parent.__bench && window.__bench) {
  const { pcs } = window.__bench;
  pcs.push = (pc) => {
    const [known] = parent.__bench.pcs;
    pc.addEventListener("track", (event) => known?.dispatchEvent(new parent.RTCTrackEvent("track", event)));
    parent.__bench.pcs.push(pc);
    return Array.prototype.push.call(pcs, pc);
  };
}"""
CLICKED = "__bench.events.find(([what]) => what === 'click')"


class Product(Adapter):  # type: ignore[misc]
    extra_args = ("--ignore-certificate-errors",)
    context_options = {"ignore_https_errors": True, "viewport": {"width": 1000, "height": 740}}

    def __init__(self, weak: str = "client", tls: str = "", port: str = "") -> None:
        if weak not in {"client", "counsellor"}:
            raise ValueError(f"weak is client or counsellor, not {weak!r}")
        self.who = {"a": weak, "b": "counsellor" if weak == "client" else "client"}
        self.name, self.tls, self.port = f"tatap-{weak}", tls == "1", int(port or 0) or _free_port()
        self.pages: dict[str, Any] = {}
        self.rooms: list[dict[str, str]] = []
        self.booked: dict[str, dict[str, str]] = {}
        self.folder = Path()

    def start(self, server: Any) -> None:
        scratch = tempfile.TemporaryDirectory(prefix="tatap-call-", ignore_cleanup_errors=True)
        atexit.register(scratch.cleanup)
        self.folder = Path(scratch.name)
        tls = self.tls or not server.address.startswith("127.")
        self.origin = f"{'https' if tls else 'http'}://{server.address}:{self.port}"
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("TATAP_", "DJANGO_"))}
        self.env = {
            **clean, "TATAP_DATA_DIR": str(self.folder), "TATAP_ORIGIN": self.origin, "TATAP_HOSTS": server.address,
            "DJANGO_SETTINGS_MODULE": "tatap.config.settings", "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT),
        }
        self.env |= self.more_env(server)
        if tls:
            certificate, key = self_signed(self.folder, server.address)
            self.env |= {"TATAP_TLS_CERT": str(certificate), "TATAP_TLS_KEY": str(key)}
        self.rooms, self.booked = self.book("--first"), {}
        self.server = server
        self.serve()

    def serve(self) -> None:
        command = [sys.executable, "-m", "tatap", "serve", "--host", self.server.address, "--port", self.port]
        self.process = self.server.run(command, env=self.env, cwd=ROOT)
        self.answers()

    def restart(self) -> None:
        """As when the machine loses its power: nothing is closed, and all begins anew."""
        self.process.kill()
        self.process.wait(10)
        self.serve()

    def more_env(self, server: Any) -> dict[str, str]:
        """What else the practice is configured with; started on the same host, where something has to be."""
        return {}

    def answers(self, seconds: float = 60) -> None:
        """Waits until the server takes connections."""
        inside = self.server.host.inside() if self.server.host else contextlib.nullcontext()
        end = time.monotonic() + seconds
        with inside:
            while True:
                with contextlib.suppress(OSError), socket.create_connection((self.server.address, self.port), 2):
                    return
                if self.process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError("tatap serve did not start")
                time.sleep(0.1)

    def book(self, *options: str) -> list[dict[str, str]]:
        command = [sys.executable, "-m", "bench.call_rooms", str(BATCH), *options]
        said = subprocess.run(command, env=self.env, cwd=ROOT, capture_output=True, text=True, check=False)
        if said.returncode:
            raise RuntimeError(f"no rooms were booked:\n{said.stderr[-2000:]}")
        made: list[dict[str, str]] = json.loads(said.stdout.splitlines()[-1])
        return made

    def open(self, page: Any, role: str, call: str) -> None:
        if call not in self.booked:
            self.rooms = self.rooms or self.book()
            self.booked[call] = self.rooms.pop()
            self.pages = {}
        room = self.booked[call]
        self.pages[role] = page
        page.add_init_script(OF_FRAMES)
        page.context.add_cookies([{"name": "sesi", "value": room[self.who[role]], "url": self.origin}])
        page.goto(f"{self.origin}/sesi/{room['code']}/ruang/", timeout=SLOWEST)
        if len(self.pages) == 2:
            for one in self.pages.values():
                one.wait_for_function(CONNECTED, timeout=SLOWEST)
            self.counsellor.wait_for_selector("[data-admit]:enabled")

    @property
    def counsellor(self) -> Any:
        return next(page for role, page in self.pages.items() if self.who[role] == "counsellor")

    def join(self, page: Any, role: str) -> None:
        """The client waits without a click; role "a" joins by the counsellor's."""
        if role == "b":
            return
        if page is self.counsellor:
            page.click("[data-admit]", timeout=ADMITTED)
            return
        page.evaluate("__bench.armed = false")
        self.counsellor.evaluate("__bench.armed = true")
        self.counsellor.click("[data-admit]", timeout=ADMITTED)
        page.evaluate("(click) => __bench.events.push(click)", self.counsellor.evaluate(CLICKED))


class Relayed(Product):
    """With a relay beside the practice, configured as deploy/coturn has it; it may also relay within the lab."""

    def more_env(self, server: Any) -> dict[str, str]:
        host, port, secret = server.address, 3478, secrets.token_hex(16)
        own = [
            f"listening-ip={host}", f"relay-ip={host}", f"listening-port={port}", "no-tls", "realm=relay.bench",
            f"static-auth-secret={secret}", f"pidfile={self.folder}/relay-pid", f"userdb={self.folder}/relay-users",
            "allowed-peer-ip=10.77.0.0-10.77.255.255", "allocation-default-address-family=keep",
        ]
        file = self.folder / "turnserver.conf"
        file.write_text((ROOT / "deploy/coturn/turnserver.conf").read_text() + "\n".join(own) + "\n")
        server.run([shutil.which("turnserver") or "turnserver", "-c", str(file)])
        ways = ",".join(f"turn:{host}:{port}?transport={way}" for way in ("udp", "tcp"))
        return {"TATAP_TURN_URLS": ways, "TATAP_TURN_SECRET": secret}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
