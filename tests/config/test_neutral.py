"""The page that the quick exit shows."""

from typing import Any

import pytest
from django.test import Client

from tatap.lib import neutral


@pytest.mark.parametrize("path", sorted(neutral.ADDRESSES.values()))
def test_the_page_about_nothing_is_the_same_for_everybody_and_may_be_kept(client: Client, client_user: Any, path: str) -> None:
    stranger = client.get(path)
    client.force_login(client_user)
    known = client.get(path)
    assert stranger.status_code == 200
    assert known.content == stranger.content
    assert "max-age=" in known.headers["Cache-Control"] and "public" in known.headers["Cache-Control"]
    assert "Vary" not in known.headers or "Cookie" not in known.headers["Vary"]
    assert not known.cookies


def test_the_page_about_nothing_names_neither_us_nor_what_we_do(client: Client, practice: Any) -> None:
    for path in neutral.ADDRESSES.values():
        text = client.get(path).content.decode().lower()
        assert not [word for word in ("tatap", "konsel", "counsel", "sesi", "session", practice.name.lower()) if word in text]


def test_the_quick_exit_leads_there_in_the_readers_language(client: Client, client_user: Any) -> None:
    client.force_login(client_user)
    for language, path in neutral.ADDRESSES.items():
        type(client_user).objects.filter(pk=client_user.pk).update(language=language)
        assert f'href="{path}" data-quick-exit'.encode() in client.get("/bantuan/").content
