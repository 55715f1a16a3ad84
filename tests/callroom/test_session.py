from datetime import UTC, datetime, timedelta

import pytest

from tatap.callroom.domain.session import Phase, Situation, Status, phase, status, window

START = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
END = START + timedelta(minutes=50)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def test_the_room_is_open_from_a_quarter_before_to_a_quarter_after() -> None:
    assert window(START, END) == (at(-15), at(65))


@pytest.mark.parametrize(
    ("minute", "expected"),
    [
        (-1, Phase.BEFORE), (0, Phase.OPENING), (6.2, Phase.OPENING), (6.25, Phase.WORKING), (39.9, Phase.WORKING),
        (40, Phase.CLOSING), (49.9, Phase.CLOSING), (50, Phase.OVER),
    ],
)
def test_phase(minute: float, expected: Phase) -> None:
    assert phase(starts_at=START, ends_at=END, now=at(minute)) == expected


def test_closing_of_a_short_session_is_its_last_fifth() -> None:
    end = at(15)
    assert phase(starts_at=START, ends_at=end, now=at(11.9)) == Phase.WORKING
    assert phase(starts_at=START, ends_at=end, now=at(12)) == Phase.CLOSING


def told(minute: float, *, here: bool = False, other_ends: float | None = None) -> Status:
    return status(
        Situation(
            starts_at=START, ends_at=END, counsellor_here=here,
            other_session_ends=None if other_ends is None else at(other_ends), choice_after=timedelta(minutes=10),
        ),
        now=at(minute),
    )


@pytest.mark.parametrize(
    ("minute", "expected"),
    [
        (-5, Status("not_yet", 0, False)), (0, Status("not_yet", 0, False)), (3.5, Status("late", 3, False)),
        (9.9, Status("late", 9, False)), (10, Status("late", 10, True)), (25, Status("late", 25, True)),
    ],
)
def test_what_a_client_is_told_while_nobody_is_there(minute: float, expected: Status) -> None:
    assert told(minute) == expected


@pytest.mark.parametrize("minute", [-5, 0, 12])
def test_a_counsellor_who_is_there_is_said_to_be_there(minute: float) -> None:
    assert told(minute, here=True) == Status("here", 0, False)


@pytest.mark.parametrize(
    ("minute", "other_ends", "expected"),
    [
        (-5, -2, Status("elsewhere", 0, False)), (-5, 4, Status("elsewhere", 4, False)),
        (6, 4, Status("elsewhere", 6, False)), (10, 20, Status("elsewhere", 20, True)),
    ],
)
def test_another_session_that_runs_over(minute: float, other_ends: float, expected: Status) -> None:
    assert told(minute, other_ends=other_ends) == expected
