"""The SQLite that tests run on is the one that serves."""

import threading

import pytest
from django.db import connection

from tatap.accounts.models import User
from tatap.lib.sqlite3_fair.base import FairLock

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


def test_a_write_outside_a_transaction_waits_in_the_same_line(monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[str] = []
    user = User.objects.create_user("baru@example.org")
    lock = connection._lock()  # type: ignore[attr-defined]
    monkeypatch.setattr(lock, "acquire", lambda: turns.append("taken") or True)
    monkeypatch.setattr(lock, "release", lambda: turns.append("given back"))
    User.objects.filter(pk=user.pk).update(alias="Embun")
    assert turns == ["taken", "given back"]
    User.objects.get(pk=user.pk)
    assert turns == ["taken", "given back"]


def test_the_lock_is_given_in_turn_and_nobody_waits_for_ever() -> None:
    lock, order = FairLock(), list[str]()
    lock.acquire()

    def wait(name: str, patience: float) -> None:
        order.append(name if lock.acquire(patience) else f"{name} gave up")
        lock.release()

    impatient = threading.Thread(target=wait, args=("first", 0.01))
    impatient.start()
    impatient.join(5)
    patient = threading.Thread(target=wait, args=("second", 30))
    patient.start()
    lock.release()
    patient.join(5)
    assert (order, lock.acquire(0.01)) == (["first gave up", "second"], True)
