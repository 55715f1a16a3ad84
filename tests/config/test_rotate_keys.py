from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tatap.closing import actions
from tatap.closing.models import Card
from tatap.lib.cipher import KeyRing, new_key

OLD, NEW = new_key(), new_key()


@pytest.fixture
def card(settings: Any, appointment: Any, counsellor: Any, now: datetime) -> Card:
    settings.ENCRYPTION_KEYS = OLD
    return actions.save_card(
        appointment=appointment, by=counsellor.user, revision=0, points=["Ayah"], tasks=[{"text": "Surat"}],
        next_start=None, now=now,
    )


def stored(card: Card) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT points_json FROM closing_card")
        return bytes(cursor.fetchone()[0])


def rotate() -> str:
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    return out.getvalue()


def test_after_rotation_the_new_key_alone_opens(card: Card, settings: Any) -> None:
    settings.ENCRYPTION_KEYS = f"{NEW},{OLD}"
    assert "closing.Card: 1 sealed again" in rotate()
    settings.ENCRYPTION_KEYS = NEW
    found = Card.objects.get(pk=card.pk)
    assert (found.points, [task.text for task in found.current_tasks]) == (["Ayah"], ["Surat"])


def test_a_second_run_leaves_everything_alone(card: Card, settings: Any) -> None:
    settings.ENCRYPTION_KEYS = f"{NEW},{OLD}"
    rotate()
    before = stored(card)
    assert "closing.Card: 0 sealed again" in rotate()
    assert stored(card) == before


def test_without_the_old_key_nothing_is_touched_and_it_says_so(card: Card, settings: Any) -> None:
    settings.ENCRYPTION_KEYS = NEW
    before = stored(card)
    with pytest.raises(CommandError, match="2 values could not be opened"):
        rotate()
    assert stored(card) == before
    assert not KeyRing.parse(NEW).is_current(before)
