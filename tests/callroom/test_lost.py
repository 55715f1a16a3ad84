"""How much the line took: tables for the cases one can name, properties for those one cannot."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tatap.bookings.domain.slots import Stretch
from tatap.callroom.domain.lost import SHORTEST, Account, Seat, Side, account, gaps, minutes

START = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def at(second: float) -> datetime:
    return START + timedelta(seconds=second)


def span(a: float, b: float) -> Stretch:
    return Stretch(at(a), at(b))


TIME = span(0, 3000)
SEATED = (Seat(at(-600), None),)


def side(*deaf: tuple[float, float], seats: tuple[Seat, ...] = SEATED) -> Side:
    return Side(deaf=tuple(span(a, b) for a, b in deaf), seats=seats)


def seat(a: float, b: float | None, *, by_door: bool = False) -> Seat:
    return Seat(at(a), None if b is None else at(b), by_door)


DEAD_20 = (seat(-600, 100), seat(120, None))
CASES = {
    "nothing told": (side(), side(), 0, 0),
    "both heard nothing": (side((100, 120)), side((101, 121)), 19, 0),
    "one heard nothing, the other's seat was empty": (side((100, 121)), side(seats=DEAD_20), 20, 0),
    "one alone": (side((100, 400)), side(), 0, 300),
    "one alone, her own seat empty by her own doing": (side((100, 120), seats=DEAD_20), side(), 0, 20),
    "the battery died and nobody came back": (side((100, 3000)), side(seats=(seat(-600, 100),)), 2900, 0),
    "gone by the door": (side((100, 3000)), side(seats=(seat(-600, 100, by_door=True),)), 0, 0),
    "gone by the door and come back, then lost": (
        side((100, 220)), side(seats=(seat(-9, 100, by_door=True), seat(150, 200), seat(220, None))), 20, 50
    ),
    "a breath": (side((100, 103)), side((100, 103)), 0, 0),
    "told in pieces": (side((100, 110), (110, 120)), side((100, 105), (105, 130)), 20, 10),
    "before and after the booked time": (side((-60, 10), (2990, 3100)), side((-60, 10), (2990, 3100)), 20, 0),
    "both seats empty and nobody to tell": (
        side(seats=(seat(-9, 100),)), side(seats=(seat(-9, 100),)), 0, 0
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_lost_and_what_is_only_told(name: str) -> None:
    one, other, agreed, claimed = CASES[name]
    found = account(one, other, time=TIME)
    assert (found.seconds, found.claimed_seconds) == (agreed, claimed)


def test_without_booked_time_nothing_is_lost() -> None:
    assert account(side((0, 100)), side((0, 100)), time=span(50, 50)) == Account()


GAPS = {
    "never there": ((), [(0, 3000)], []),
    "there all the time": ((seat(-9, None),), [], []),
    "lost once": (DEAD_20, [(100, 120)], []),
    "by the door": ((seat(0, 50, by_door=True),), [], [(50, 3000)]),
    "a second device before the first is gone": ((seat(0, 100), seat(90, 300), seat(300, None)), [], []),
    "stays that begin after the end": ((seat(0, 100), seat(3500, None)), [(100, 3000)], []),
}


@pytest.mark.parametrize("name", GAPS)
def test_gaps_of_the_seats(name: str) -> None:
    seats, away, door = GAPS[name]
    assert gaps(seats, time=TIME) == ([span(*item) for item in away], [span(*item) for item in door])


@pytest.mark.parametrize(("seconds", "shown"), [(0, 0), (4, 1), (89, 1), (90, 2), (600, 10)])
def test_minutes_as_people_read_them(seconds: int, shown: int) -> None:
    assert minutes(seconds) == shown


stretches = st.lists(
    st.tuples(st.integers(-300, 3300), st.integers(1, 900)).map(lambda pair: span(pair[0], pair[0] + pair[1])), max_size=6
).map(tuple)
seats_ = st.lists(
    st.tuples(st.integers(-600, 3300), st.integers(0, 1500) | st.none(), st.booleans()), max_size=5
).map(lambda rows: tuple(seat(a, None if n is None else a + n, by_door=door) for a, n, door in rows))
sides = st.builds(Side, deaf=stretches, seats=seats_)


def covers(wide: tuple[Stretch, ...], narrow: tuple[Stretch, ...]) -> bool:
    return all(any(w.start <= n.start and n.end <= w.end for w in wide) for n in narrow)


@given(sides, sides)
def test_it_is_the_same_from_either_side(one: Side, other: Side) -> None:
    assert account(one, other, time=TIME) == account(other, one, time=TIME)


@given(sides, sides)
def test_it_lies_within_the_booked_time_in_pieces_longer_than_a_breath(one: Side, other: Side) -> None:
    found = account(one, other, time=TIME)
    assert covers((TIME,), found.agreed)
    assert all(item.end - item.start > SHORTEST for item in found.agreed)
    assert found.seconds + found.claimed_seconds <= 3000


@given(sides, sides, stretches)
def test_a_further_record_never_takes_away_what_was_lost(one: Side, other: Side, more: tuple[Stretch, ...]) -> None:
    before = account(one, other, time=TIME)
    after = account(Side(one.deaf + more, one.seats), other, time=TIME)
    assert covers(after.agreed, before.agreed)


@given(sides, sides, stretches)
def test_lies_of_one_side_win_nothing_that_neither_the_other_nor_the_server_saw(
    liar: Side, honest: Side, lies: tuple[Stretch, ...]
) -> None:
    """Whatever she tells, it counts only where the other heard nothing as well or had no seat."""
    found = account(Side(lies, liar.seats), honest, time=TIME)
    away, _door = gaps(honest.seats, time=TIME)
    seen = account(Side((TIME,), SEATED), Side((*honest.deaf, *away), SEATED), time=TIME).agreed
    assert covers(seen, found.agreed)
