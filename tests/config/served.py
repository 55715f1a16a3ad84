"""A practice served by a process of its own, spoken to by plain HTTP and by sockets."""

import http.client
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

CLEAN = {k: v for k, v in os.environ.items() if not k.startswith(("TATAP_", "DJANGO_"))}
JPEG = b"\xff\xd8\xff\xe0" + bytes(100)


def until(true: Callable[[], Any], seconds: float, problem: str) -> Any:
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, problem
        time.sleep(0.02)
    return found


class Answer:
    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.text = answer.status, answer.headers, answer.read().decode("utf-8", "replace")


class Served:
    """``seeded``: a folder with a seeded practice, which is copied."""

    def __init__(self, folder: Path, seeded: Path, **environment: str) -> None:
        shutil.copytree(seeded, folder, dirs_exist_ok=True)
        self.folder, self.facts = folder, json.loads((seeded / "facts.json").read_text())
        self.cookie = self.facts["cookie"]
        self.environment = {
            **CLEAN, "TATAP_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "tatap.config.settings",
            "TATAP_EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend", "PYTHONUNBUFFERED": "1", **environment,
        }
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.log = folder / "log"

    def seed(self) -> "Served":
        """Fills the database of its own environment."""
        made = subprocess.run(
            [sys.executable, "-m", "tests.config.seed"], env=self.environment, capture_output=True, text=True, check=True
        )
        self.facts = json.loads(made.stdout.splitlines()[-1])
        self.cookie = self.facts["cookie"]
        return self

    def start(self, *words: str, most: int | None = None) -> "Served":
        """``most``: the size in bytes of the largest file that the process may write."""
        limit = None if most is None else lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tatap", "serve", "--port", str(self.port), *words],
                env=self.environment, stdout=out, stderr=out, preexec_fn=limit,
            )
        until(self._answers, 30, "the server did not start")
        return self

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.said()
        try:
            return self.ask("GET", "/garis/ping").status == 204
        except OSError:
            return False

    def end(self, within: float = 10) -> float:
        """SIGTERM; how many seconds it took."""
        begin = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(within)
        return time.monotonic() - begin

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def ask(self, method: str, path: str, body: bytes | None = None, *, timeout: float = 30, **headers: str) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            line.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            return Answer(line.getresponse())
        finally:
            line.close()

    def page(self, path: str, *, language: str = "id") -> Answer:
        return self.ask("GET", path, Cookie=f"{self.cookie}; bahasa={language}")

    def form(self, path: str, *, signed_in: bool = True) -> tuple[str, str]:
        """The form's token and the cookies to send it with."""
        answer = self.page(path) if signed_in else self.ask("GET", path)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.text)
        secret = re.search(r"csrftoken=\w+", answer.headers["Set-Cookie"] or "")
        assert token is not None and secret is not None, answer.status
        return token[1], f"{self.cookie}; {secret[0]}" if signed_in else secret[0]

    def prove(self, content: bytes, *, language: str = "id", timeout: float = 30) -> Answer:
        """Uploads the proof of a transfer."""
        path = f"/sesi/{self.facts['held']}/bayar/"
        token, cookies = self.form(path)
        return self.ask(
            "POST", path, multipart(token, content), timeout=timeout, Cookie=f"{cookies}; bahasa={language}",
            Content_Type="multipart/form-data; boundary=batas",
        )

    @contextmanager
    def sit(self, person: str) -> Iterator[ClientConnection]:
        made = subprocess.run(
            [sys.executable, "-c", TICKET, self.facts["live"], str(self.facts[person])],
            env=self.environment, capture_output=True, text=True, check=True,
        )
        with connect(f"ws://127.0.0.1:{self.port}/ruang/socket", compression=None, close_timeout=1) as line:
            line.send(json.dumps({"t": "hello", "ticket": made.stdout.strip(), "tab": person, "epoch": None, "seq": 0}))
            hear(line, "welcome")
            yield line


TICKET = """import sys, django; django.setup()
from bench.sign_in import session_cookie
from tatap.accounts.models import User
from tatap.callroom import tickets
person = User.objects.get(pk=sys.argv[2])
print(tickets.make(code=sys.argv[1], user_id=person.pk, role="client", session=session_cookie(person)))"""


def hear(line: ClientConnection, *kinds: str) -> dict[str, Any]:
    while True:
        frame: dict[str, Any] = json.loads(line.recv(30))
        if frame["t"] in kinds:
            return frame


def multipart(token: str, content: bytes) -> bytes:
    field = '--batas\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n' + token
    file = '\r\n--batas\r\nContent-Disposition: form-data; name="bukti"; filename="b.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    return (field + file).encode() + content + b"\r\n--batas--\r\n"
