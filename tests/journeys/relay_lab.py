"""A practice, its relays and two people on hosts of an emulated network (netlab, which lies beside this repository)."""

import contextlib
import os
import re
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright

from bench import beside
from tests.coturn import SECRET, TURNSERVER, Coturn, certificate
from tests.journeys.conftest import CAMERA, CHROMIUM, Person, until
from tests.journeys.test_individual_session import WATCH, flows

PORT, TURN_PORT, TLS_PORT = 8443, 3478, 5349
TIGHT = ["--ignore-certificate-errors"]  # ours are of our own making


def why_not() -> str:
    """In one sentence, what these journeys need and this machine lacks; empty where they can be made."""
    if os.geteuid() != 0:
        return "journeys over an emulated network need root"
    if not TURNSERVER:
        return "coturn is missing: sudo apt-get install coturn"
    if not Path("/dev/net/tun").exists():
        return "this machine has no /dev/net/tun"
    return beside.missing()


class RelayLab:
    """Hosts "server", "client" and "counsellor"; each relay on one of its own. Everything ends with the lab."""

    def __init__(self, lab: Any, folder: Path, playwright: Playwright) -> None:
        self.lab, self.folder, self.playwright = lab, folder, playwright
        self.server = lab.host("server")
        self.people = {who: lab.host(who) for who in ("client", "counsellor")}
        self.relays: list[Coturn] = []
        self.hosts: dict[str, Any] = {}
        self.browsers: list[Browser] = []
        self.process: subprocess.Popen[bytes] | None = None
        self.code = ""
        self.pair = certificate(folder / "server", host=self.server.address)
        self.authorities = [self.pair[0]]

    @property
    def origin(self) -> str:
        return f"https://{self.server.address}:{PORT}"

    def relay(self, *, secret: str = SECRET, days: int = 30, start: bool = True) -> Coturn:
        number = len(self.relays) + 1
        host = self.lab.host(f"relay-{number}")
        pair = certificate(self.folder / f"relay-{number}", host=host.address, days=days)
        made = Coturn(
            self.folder / f"relay-{number}", host=host.address, secrets=[secret], ports=(TURN_PORT, TLS_PORT),
            certificate=pair, allow=["10.77.0.0-10.77.255.255"],
            run=lambda argv: host.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL),
        )
        self.relays.append(made)
        self.hosts[made.host] = host
        self.authorities.append(pair[0])
        if start:
            made.start(wait=False)
            until(lambda: self._answers(host, made.host, TURN_PORT), 15, "the relay did not start")
        return made

    def name(self, relay: Coturn) -> str:
        return str(self.hosts[relay.host].name)

    def only_relays(self) -> None:
        """No direct path between the two."""
        for who in self.people:
            self.lab.reach(who, ["server", *(self.name(relay) for relay in self.relays)])

    def serve(self, urls: str) -> None:
        folder = self.folder / "practice"
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("TATAP_", "DJANGO_"))}
        said = subprocess.run(
            [sys.executable, "-m", "tatap", "demo", "--fill-only", "--stage", "booked"],
            env={**clean, "TATAP_DEMO_DIR": str(folder)}, capture_output=True, text=True, check=False,
        )
        assert said.returncode == 0, said.stderr[-2000:]
        found = re.search(r"has the code (\w+)", said.stdout)
        assert found is not None
        self.code = found.group(1)
        trusted = self.folder / "trusted.pem"
        trusted.write_bytes(b"".join(path.read_bytes() for path in self.authorities))
        self.env = {
            **clean, "TATAP_DATA_DIR": str(folder), "TATAP_DEMO": "1", "TATAP_ORIGIN": self.origin, "PYTHONUNBUFFERED": "1",
            "TATAP_HOSTS": self.server.address, "DJANGO_SETTINGS_MODULE": "tatap.config.settings",
            "TATAP_TLS_CERT": str(self.pair[0]), "TATAP_TLS_KEY": str(self.pair[1]),
            "TATAP_TURN_URLS": urls, "TATAP_TURN_SECRET": SECRET, "SSL_CERT_FILE": str(trusted),
        }
        command = [sys.executable, "-m", "tatap", "serve", "--host", self.server.address, "--port", str(PORT)]
        with (self.folder / "log").open("ab") as out:
            self.process = self.server.run(command, env=self.env, stdout=out, stderr=out)
        until(lambda: self._answers(self.server, self.server.address, PORT), 40, "the server did not start")

    def said(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def within(self, program: str) -> str:
        """What a few lines print that know the practice's database."""
        begin = "import django; django.setup(); from tatap.accounts.models import User; from tatap.config.demo_page import WHO; "
        done = subprocess.run([sys.executable, "-c", begin + program], env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout.strip()

    def hide(self, who: str) -> None:
        """That person's own wish, as the settings page keeps it."""
        self.within(f"User.objects.filter(email=WHO[{who!r}]).update(hide_address=True)")

    def enter(self) -> tuple[Person, Person]:
        """Both in the room, not yet admitted."""
        made = []
        for who, host in self.people.items():
            browser = self.playwright.chromium.launch(executable_path=host.wrap(CHROMIUM), args=[*CAMERA, *TIGHT])
            self.browsers.append(browser)
            person = Person(browser, self.origin, width=1280 if who == "counsellor" else 360, height=800, ignore_https_errors=True)
            person.context.add_init_script(WATCH)
            # The demo's own page answers this machine alone, and a host of the lab is another one.
            cookie = self.within(f"from bench.sign_in import session_cookie as c; print(c(User.objects.get(email=WHO[{who!r}])))")
            person.context.add_cookies([{"name": "sesi", "value": cookie, "url": self.origin}])
            made.append(person)
        for person in made:
            person.go(f"/sesi/{self.code}/ruang/")
        return made[0], made[1]

    def meet(self, seconds: float = 20) -> tuple[Person, Person]:
        client, counsellor = self.enter()
        counsellor.page.click("[data-admit]")
        flows(client.page, seconds)
        flows(counsellor.page, seconds)
        return client, counsellor

    @staticmethod
    def _answers(host: Any, address: str, port: int) -> bool:
        with host.inside(), contextlib.suppress(OSError), socket.create_connection((address, port), 1):
            return True
        return False

    def close(self) -> None:
        for browser in self.browsers:
            browser.close()
        for relay in self.relays:
            relay.stop()
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)


class Tap:
    """Every IP packet on a host's device, as a snooper on the relay's machine would have it."""

    def __init__(self, host: Any) -> None:
        with host.inside():
            self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0003))
            self.socket.bind(("eth0", 0))
        self.socket.settimeout(0.2)
        self.packets: list[bytes] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while not self._over.is_set():
            with contextlib.suppress(TimeoutError):
                self.packets.append(self.socket.recv(65_536))

    def stop(self) -> list[bytes]:
        self._over.set()
        self._thread.join()
        self.socket.close()
        return self.packets


def datagrams(packets: Sequence[bytes]) -> Iterator[bytes]:
    """UDP payloads; those in TURN's channels without the channel's header."""
    for packet in packets:
        if packet[0] >> 4 != 4 or packet[9] != 17:
            continue
        payload = packet[(packet[0] & 15) * 4 + 8 :]
        if len(payload) > 4 and payload[0] & 0xC0 == 0x40:
            length = struct.unpack("!H", payload[2:4])[0]
            payload = payload[4 : 4 + length]
        yield payload


def rtp(packets: Sequence[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """(payload type, SSRC, payload behind header and extensions) of every RTP packet."""
    for data in datagrams(packets):
        if len(data) < 13 or data[0] >> 6 != 2 or 192 <= data[1] <= 223:
            continue
        start = 12 + 4 * (data[0] & 15)
        if data[0] & 0x10:
            start += 4 + 4 * int(struct.unpack("!H", data[start + 2 : start + 4])[0])
        yield data[1] & 127, struct.unpack("!I", data[8:12])[0], data[start:]


@contextlib.contextmanager
def tapped(host: Any) -> Iterator[Callable[[], list[bytes]]]:
    tap = Tap(host)
    try:
        yield tap.stop
    finally:
        tap.stop()


needs_lab = pytest.mark.skipif(bool(why_not()), reason=why_not())
