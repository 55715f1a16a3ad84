"""Parts of pages that are rendered once for many readers."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

PACKAGE = Path(__file__).resolve().parents[2] / "tatap"
KEPT = sorted({
    name for page in PACKAGE.rglob("*.html") for name in re.findall(r'{% kept "([^"]+)"', page.read_text())
})


def source(name: str) -> str:
    return next(path for path in PACKAGE.rglob(Path(name).name) if str(path).endswith(name)).read_text()


@pytest.mark.parametrize("name", KEPT)
def test_a_kept_part_asks_for_nothing_of_its_reader(name: str) -> None:
    """A form with a token, her name or the address she is at belongs outside of what is kept."""
    assert not re.search(r"csrf_token|request\b|\buser\b|messages\b", source(name))


def test_what_is_kept_follows_language_and_who_is_signed_in(client: Client, client_user: Any, practice: Any) -> None:
    first = client.get("/konselor/").content.decode()
    client.cookies["bahasa"] = "en"
    english = client.get("/konselor/").content.decode()
    client.force_login(client_user)
    hers = client.get("/konselor/").content.decode()
    assert ("Pertolongan segera" in first or "Bantuan segera" in first) and "Help now" in english
    assert "/saya/" in hers.split("</header>")[1] and "/akun/login/" not in hers
    assert "/sesi/" in hers and "/sesi/" not in first


def test_a_new_name_of_the_practice_is_seen_at_once(client: Client, practice: Any) -> None:
    assert "Ruang Teduh" in client.get("/bantuan/").content.decode()
    practice.name = "Biro Senja"
    practice.save()
    assert "<small>Biro Senja</small>" in client.get("/bantuan/").content.decode()
