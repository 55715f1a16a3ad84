"""What lies in deploy/ fits the program; the relay's own start is tried with coturn itself."""

import os
import re
import shutil
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tatap.meetings import probe
from tatap.meetings.domain.relays import way
from tests.coturn import ROOT, SECRET, Coturn, certificate, needs_coturn, start_quietly

DEPLOY = ROOT / "deploy"


def test_every_setting_named_there_is_one_of_ours() -> None:
    named = {name for path in DEPLOY.rglob("*") if path.is_file() for name in re.findall(r"\bTATAP_[A-Z_]+\b", path.read_text())}
    manual = (ROOT / "docs/self-hosting.md").read_text()
    assert len(named) > 10
    assert [name for name in sorted(named) if f"`{name}`" not in manual] == []


def test_the_example_of_settings_holds_no_secret_and_a_readable_list_of_relays() -> None:
    from tatap.meetings.domain.relays import Kind, parse

    lines = dict(line.split("=", 1) for line in (DEPLOY / "tatap.env.example").read_text().splitlines() if "=" in line and line[0] != "#")
    assert [name for name in lines if re.search("SECRET|KEY|PASSWORD", name) and lines[name]] == []
    (relay,) = parse(lines["TATAP_TURN_URLS"])
    assert [item.kind for item in relay.ways] == [Kind.UDP, Kind.TCP, Kind.TLS]


def test_what_holds_secrets_is_not_kept_in_git() -> None:
    ignored = (ROOT / ".gitignore").read_text().split()
    assert {"deploy/.env", "deploy/tatap.env", "deploy/coturn/own.conf"} <= set(ignored)


@needs_coturn
def test_the_relay_takes_a_renewed_certificate_without_a_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, live = tmp_path / "relay", tmp_path / "certificates"
    live.mkdir()
    pairs = {days: certificate(tmp_path / f"for-{days}", days=days) for days in (5, 60)}

    def lay_out(days: int) -> None:
        shutil.copy(pairs[days][1], live / "relay.key")
        shutil.copy(pairs[days][0], live / "new")
        (live / "new").replace(live / "relay.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(pairs[days][0]))

    def until() -> datetime | None:
        found = probe.look([way(coturn.tls)], secrets=[SECRET], now=datetime.now(UTC))[0]
        return found.certificate_until if not found.problem else None

    lay_out(5)
    coturn = Coturn(folder, certificate=(live / "relay.pem", live / "relay.key"), allow=["127.0.0.1"])
    shutil.copy(DEPLOY / "coturn/turnserver.conf", folder / "turnserver.conf.shared")
    own = coturn.configuration.read_text().removeprefix((DEPLOY / "coturn/turnserver.conf").read_text())
    for name, text in (("own.conf", own), ("turnserver.conf", (DEPLOY / "coturn/turnserver.conf").read_text())):
        (folder / name).write_text(text)
    shutil.copy(DEPLOY / "coturn/start.sh", folder / "start.sh")
    monkeypatch.setenv("WHOLE", str(folder / "whole.conf"))
    monkeypatch.setenv("WITH_CERTIFICATES", str(DEPLOY / "with-certificates.sh"))
    monkeypatch.setenv("CERTIFICATES", str(live))
    monkeypatch.setenv("EVERY", "1")
    coturn.run = lambda _argv: start_quietly([str(folder / "start.sh")])
    coturn.start()
    try:
        soon = until()
        assert soon is not None and soon < datetime.now(UTC) + timedelta(days=6)
        lay_out(60)
        end = time.monotonic() + 15
        while (now := until()) is None or now < datetime.now(UTC) + timedelta(days=50):
            assert time.monotonic() < end, "the renewed certificate was not taken"
            time.sleep(0.2)
    finally:
        assert coturn.process is not None
        coturn.process.terminate()
        coturn.process.wait(10)
    assert not coturn.answers()


@pytest.mark.parametrize("script", sorted(str(path.relative_to(ROOT)) for path in DEPLOY.rglob("*.sh")))
def test_scripts_are_sound_and_may_be_run(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    assert subprocess.run(["sh", "-n", str(ROOT / script)], check=False).returncode == 0
