from datetime import UTC, datetime, timedelta

import pytest

from tatap.lib.remembered import Remembered

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def test_remembered_value_is_read_again_after_its_time() -> None:
    values = iter(["first", "second"])
    kept = Remembered(lambda: next(values), kept=timedelta(seconds=60))
    assert kept.get(now=NOW) == kept.get(now=NOW + timedelta(seconds=59)) == "first"
    assert kept.get(now=NOW + timedelta(seconds=60)) == "second"


def test_remembered_value_is_read_again_where_the_clock_went_back() -> None:
    values = iter(["first", "second"])
    kept = Remembered(lambda: next(values))
    assert kept.get(now=NOW) == "first"
    assert kept.get(now=NOW - timedelta(hours=1)) == "second"


def test_remembered_nothing_is_asked_for_each_time() -> None:
    values = iter([None, "there"])
    kept = Remembered(lambda: next(values))
    assert kept.get(now=NOW) is None
    assert kept.get(now=NOW) == "there"


@pytest.mark.django_db(transaction=True)
def test_remembered_value_read_between_forgetting_and_commit_does_not_stay() -> None:
    from django.db import transaction

    stored = ["old"]
    kept = Remembered(lambda: stored[0])
    assert kept.get(now=NOW) == "old"
    with transaction.atomic():
        kept.forget()
        assert kept.get(now=NOW) == "old"  # as another thread does, before it is written
        stored[0] = "new"
    assert kept.get(now=NOW) == "new"
