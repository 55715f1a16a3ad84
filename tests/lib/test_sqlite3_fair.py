"""The SQLite that tests run on is the one that serves."""

import threading

import pytest
from django.db import connection

from tatap.accounts.models import User

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite"),
]


def test_the_test_database_is_a_file_with_a_write_ahead_log() -> None:
    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()
        full = cursor.execute("PRAGMA synchronous").fetchone()
    assert (mode, full) == (("wal",), (2,))


def test_readers_are_not_locked_out_by_a_writer() -> None:
    from django.db import transaction

    read: list[object] = []

    def look() -> None:
        try:
            read.append(User.objects.count())
        except Exception as problem:
            read.append(problem)
        finally:
            connection.close()

    with transaction.atomic():
        User.objects.create_user("baru@example.org")
        reader = threading.Thread(target=look)
        reader.start()
        reader.join(5)
    assert read == [0]
