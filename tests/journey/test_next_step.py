from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tatap.journey.domain.next_step import Facts, Step, next_step, path

START = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
READY = Facts(
    status="booked", paid="paid", may_enter=True, prepared=True, has_card=False, ended=False,
    starts_at=START, ends_at=START + timedelta(minutes=50),
)


@pytest.mark.parametrize(
    ("change", "minutes", "step"),
    [
        ({"paid": "due", "may_enter": False, "status": "held"}, -600, Step.PAY),
        ({"paid": "proof", "may_enter": False, "status": "held"}, -600, Step.AWAIT_CONFIRMATION),
        ({"prepared": False}, -600, Step.PREPARE),
        ({}, -16, Step.WAIT),
        ({}, -15, Step.ENTER),
        ({"prepared": False}, -1, Step.PREPARE),
        ({"prepared": False}, 0, Step.ENTER),
        ({}, 64, Step.ENTER),
        ({}, 65, Step.NOTHING),
        ({"has_card": True}, 65, Step.READ_CARD),
        ({"ended": True, "has_card": True}, 30, Step.READ_CARD),
        ({"status": "cancelled"}, -600, Step.NOTHING),
    ],
)
def test_next_step_is_the_one_thing_to_do(change: dict[str, object], minutes: int, step: Step) -> None:
    assert next_step(replace(READY, **change), now=START + timedelta(minutes=minutes)) == step


def test_path_marks_where_one_is() -> None:
    assert path(Step.PREPARE) == [
        ("booked", "done"), ("paid", "done"), ("prepared", "here"), ("met", "todo"), ("card", "todo")
    ]
