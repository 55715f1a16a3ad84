from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tatap.bookings.domain.slots import Hours, Stretch, Terms, grains, joined, nearest, openings, starts, without

DAY = datetime(2026, 11, 24, tzinfo=UTC)  # a Tuesday
TERMS = Terms(
    zone="Asia/Makassar", buffer=timedelta(minutes=10), notice=timedelta(hours=2), horizon=timedelta(days=7),
    step=timedelta(minutes=30),
)


def at(hours: float) -> datetime:
    return DAY + timedelta(hours=hours)


def test_grains_cover_what_the_stretch_touches() -> None:
    assert len(grains(at(1), at(1) + timedelta(minutes=50))) == 10
    assert grains(at(1), at(1.5))[-1] + 1 == grains(at(1.5), at(2))[0]


def test_a_working_day_is_the_counsellors_own() -> None:
    found = openings(hours=[Hours(1, time(9), time(12))], terms=TERMS, off=[], booked=[], now=at(-5))
    assert found == [Stretch(at(1), at(4))]


def test_hours_until_midnight_end_at_midnight() -> None:
    found = openings(hours=[Hours(1, time(22), time(0))], terms=TERMS, off=[], booked=[], now=at(-5))
    assert found == [Stretch(at(14), at(16))]


def test_a_booked_session_takes_its_buffers_with_it() -> None:
    booked = [Stretch(at(2), at(2) + timedelta(minutes=50))]
    found = openings(hours=[Hours(1, time(9), time(13))], terms=TERMS, off=[], booked=booked, now=at(-5))
    assert found == [Stretch(at(1), at(2) - timedelta(minutes=10)), Stretch(at(3), at(5))]


def test_notice_cuts_the_near_and_horizon_the_far() -> None:
    found = openings(hours=[Hours(1, time(9), time(17))], terms=TERMS, off=[], booked=[], now=at(2))
    assert found[0].start == at(4)
    assert found[-1].end <= at(2) + TERMS.horizon


def test_time_off_is_taken_out() -> None:
    off = [Stretch(at(0), at(24))]
    assert openings(hours=[Hours(1, time(9), time(17))], terms=TERMS, off=off, booked=[], now=at(-5)) == []


def test_starts_lie_on_the_step_and_fit() -> None:
    free = [Stretch(at(1) + timedelta(minutes=5), at(3))]
    assert starts(free, minutes=50, step=timedelta(minutes=30)) == [at(1.5), at(2)]


def test_nearest_are_in_order_of_time() -> None:
    assert nearest([at(1), at(5), at(9), at(6)], at(5.4), 3) == [at(5), at(6), at(9)]


spans = st.lists(
    st.tuples(st.integers(0, 200), st.integers(1, 60)).map(
        lambda pair: Stretch(DAY + timedelta(minutes=5 * pair[0]), DAY + timedelta(minutes=5 * (pair[0] + pair[1])))
    ),
    max_size=6,
)


@given(spans, spans)
def test_without_keeps_just_the_grains_that_are_not_cut(have: list[Stretch], cut: list[Stretch]) -> None:
    def all_grains(items: list[Stretch]) -> set[int]:
        return {grain for item in items for grain in grains(item.start, item.end)}

    left = without(have, cut)
    assert all_grains(left) == all_grains(have) - all_grains(cut)
    assert left == joined(left)
