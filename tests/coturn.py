"""A real relay (coturn) for a test, with the configuration that a practice runs: only ports, address, certificate
and what it may forward to are the test's."""

import contextlib
import datetime
import ipaddress
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SECRET = "a-secret-of-the-tests"
TURNSERVER = shutil.which("turnserver") or ""
needs_coturn = pytest.mark.skipif(not TURNSERVER, reason="coturn is missing: sudo apt-get install coturn")

Run = Callable[[Sequence[str]], "subprocess.Popen[bytes]"]


def free_port(host: str = "127.0.0.1") -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def start_quietly(argv: Sequence[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Coturn:
    def __init__(
        self, folder: Path, *, host: str = "127.0.0.1", secrets: Sequence[str] = (SECRET,), ports: tuple[int, int] | None = None,
        certificate: tuple[Path, Path] | None = None, allow: Sequence[str] = (), relayed: tuple[int, int] = (49160, 49959),
        run: Run = start_quietly,
    ) -> None:
        self.host, self.run = host, run
        self.port, self.tls_port = ports or (free_port(host), free_port(host))
        folder.mkdir(parents=True, exist_ok=True)
        self.configuration = folder / "turnserver.conf"
        own = [
            f"listening-ip={host}", f"relay-ip={host}", f"listening-port={self.port}", f"tls-listening-port={self.tls_port}",
            f"min-port={relayed[0]}", f"max-port={relayed[1]}",
            "realm=relay.test", f"pidfile={folder}/pid", f"userdb={folder}/userdb", "allocation-default-address-family=keep",
            *(f"static-auth-secret={secret}" for secret in secrets), *(f"allowed-peer-ip={peer}" for peer in allow),
        ]
        if any(ipaddress.ip_address(peer.partition("-")[0]).is_loopback for peer in allow):
            own.append("allow-loopback-peers")
        if certificate:
            own += [f"cert={certificate[0]}", f"pkey={certificate[1]}"]
        base = (ROOT / "deploy/coturn/turnserver.conf").read_text()
        self.configuration.write_text(base + "\n".join(own) + "\n")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def place(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def udp(self) -> str:
        return f"turn:{self.place}:{self.port}?transport=udp"

    @property
    def tcp(self) -> str:
        return f"turn:{self.place}:{self.port}?transport=tcp"

    @property
    def tls(self) -> str:
        return f"turns:{self.place}:{self.tls_port}?transport=tcp"

    @property
    def urls(self) -> str:
        return ",".join((self.udp, self.tcp, self.tls))

    def start(self, *, wait: bool = True) -> "Coturn":
        self.process = self.run([TURNSERVER, "-c", str(self.configuration)])
        end = time.monotonic() + 15
        while wait and not self.answers():
            assert self.process.poll() is None and time.monotonic() < end, "the relay did not start"
            time.sleep(0.05)
        return self

    def answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection((self.host, self.port), timeout=1):
            return True
        return False

    def kill(self) -> None:
        """As a machine that loses power would end."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill()


def certificate(folder: Path, *, host: str = "127.0.0.1", days: int = 30) -> tuple[Path, Path]:
    """A certificate of its own making (also its authority) and its key; ``days`` below 0: expired."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "relay.test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=60)).not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    os.chmod(files[1], 0o644)  # coturn may give up root
    return files


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Coturn]:
    """On loopback; it may forward to loopback alone."""
    made = Coturn(
        tmp_path / "relay", certificate=certificate(tmp_path / "relay"), allow=["127.0.0.1"]
    ).start()
    yield made
    made.stop()
