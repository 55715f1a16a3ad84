import asyncio
import sqlite3

import pytest
from django.db.utils import OperationalError

from tatap.config import trouble
from tatap.config.shell.answers import language


@pytest.mark.parametrize("status", list(trouble.SENTENCES))
def test_each_trouble_is_told_in_the_readers_language_with_the_other_below(status: int) -> None:
    async def on_the_loop() -> tuple[str, str]:
        return trouble.page(status, "id"), trouble.page(status, "en")

    for indonesian, english in ((trouble.page(status, "id"), trouble.page(status, "en")), asyncio.run(on_the_loop())):
        title = str(trouble.SENTENCES[status][0])
        assert f"<h1>{title}</h1>" in english or f"<h1>{title}</h1>" in indonesian
        assert indonesian.split("<h1>")[1].split("</h1>")[0] != english.split("<h1>")[1].split("</h1>")[0]
        assert ('<html lang="id">' in indonesian, 'lang="en">' in indonesian, '<html lang="en">' in english) == (True, True, True)


@pytest.mark.parametrize(
    ("cookie", "known"), [(b"bahasa=en", "en"), (b"sesi=x; bahasa=id", "id"), (b"bahasa=xx", "id"), (b"", "id"), (b"\xff;;=", "id")]
)
def test_the_language_is_that_of_the_cookie_where_it_is_one_of_ours(cookie: bytes, known: str) -> None:
    assert language(cookie) == known


def test_a_database_that_is_away_full_or_wrong_is_told_apart() -> None:
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorname = "SQLITE_FULL"
    problem = OperationalError("database or disk is full")
    problem.__cause__ = full
    assert [trouble.status_of(p) for p in (OperationalError("database is locked"), problem, ValueError(), None)] == [503, 507, 500, 500]
