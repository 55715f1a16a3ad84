"""The pure rules, around their edges."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tatap.bookings.domain import slots
from tatap.bookings.domain.slots import Hours, Stretch, Terms

NOW = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)  # Tuesday
WITA = "Asia/Makassar"


def at(hour: float, day: int = 25) -> datetime:
    return datetime(2026, 11, day, tzinfo=UTC) + timedelta(hours=hour)


def terms(*, buffer: int = 10, notice: int = 0, horizon: int = 2, step: int = 30, until: datetime | None = None) -> Terms:
    minutes = [timedelta(minutes=n) for n in (buffer, notice, step)]
    return Terms(WITA, minutes[0], minutes[1], timedelta(days=horizon), minutes[2], until)


def wednesday(*pairs: tuple[int, int]) -> list[Hours]:
    return [Hours(2, time(a), time(b % 24)) for a, b in pairs]


def free(hours: list[Hours], **given_: object) -> list[Stretch]:
    facts: dict[str, object] = {"terms": terms(), "off": [], "booked": [], "now": NOW}
    return slots.openings(hours=hours, **{**facts, **given_})  # type: ignore[arg-type]


def test_hours_are_on_the_counsellors_clocks() -> None:
    assert free(wednesday((9, 12))) == [Stretch(at(1), at(4))]


def test_an_end_of_midnight_is_the_end_of_the_day() -> None:
    assert free(wednesday((22, 24))) == [Stretch(at(14), at(16))]


def test_hours_over_midnight_reach_into_the_next_day() -> None:
    assert free([Hours(2, time(23), time(2))]) == [Stretch(at(15), at(18))]


def test_touching_and_overlapping_hours_are_one_stretch() -> None:
    assert free(wednesday((9, 12), (12, 13), (11, 14))) == [Stretch(at(1), at(6))]


def test_the_buffer_lies_on_both_sides_of_a_session() -> None:
    booked = [Stretch(at(2), at(2) + timedelta(minutes=50))]
    left = free(wednesday((9, 12)), booked=booked)
    assert left == [Stretch(at(1), at(2) - timedelta(minutes=10)), Stretch(at(3), at(4))]


def test_a_session_that_ends_where_the_next_rest_begins_still_fits() -> None:
    booked = [Stretch(at(2), at(3))]
    found = slots.starts(free(wednesday((9, 12)), booked=booked), minutes=50, step=timedelta(minutes=30))
    assert found == [at(1)]


def test_one_minute_longer_no_longer_fits() -> None:
    booked = [Stretch(at(2), at(3))]
    found = slots.starts(free(wednesday((9, 12)), booked=booked), minutes=51, step=timedelta(minutes=30))
    assert found == []


def test_time_off_is_cut_out() -> None:
    assert free(wednesday((9, 12)), off=[Stretch(at(0), at(2))]) == [Stretch(at(2), at(4))]


def test_time_off_over_everything_leaves_nothing() -> None:
    assert free(wednesday((9, 12)), off=[Stretch(at(0), at(9))]) == []


def test_notice_is_met_exactly() -> None:
    assert free(wednesday((9, 12)), terms=terms(notice=60), now=at(1)) == [Stretch(at(2), at(4))]


def test_one_second_after_the_notice_the_slot_is_gone() -> None:
    late = free(wednesday((9, 12)), terms=terms(notice=60), now=at(1) + timedelta(seconds=1))
    assert late == [Stretch(at(2.5), at(4))]


def test_nothing_reaches_past_the_horizon() -> None:
    cut = free([Hours(d, time(9), time(12)) for d in range(7)], terms=terms(horizon=1), now=at(2, day=24))
    assert cut == [Stretch(at(2, day=24), at(4, day=24)), Stretch(at(1), at(2))]


def test_nothing_reaches_past_the_licence() -> None:
    assert free(wednesday((9, 12)), terms=terms(until=at(2))) == [Stretch(at(1), at(2))]


def test_openings_begin_on_the_step() -> None:
    booked = [Stretch(at(1), at(1) + timedelta(minutes=25))]
    assert free(wednesday((9, 12)), booked=booked) == [Stretch(at(2), at(4))]


def test_steps_count_from_full_hours() -> None:
    found = slots.starts([Stretch(at(1.1), at(3))], minutes=50, step=timedelta(minutes=20))
    assert [m.minute for m in found] == [20, 40, 0]


def test_grains_cover_what_they_touch() -> None:
    first = slots.grains(at(0), at(0) + timedelta(minutes=5))[0]
    assert slots.grains(at(0) + timedelta(minutes=3), at(0) + timedelta(minutes=6)) == [first, first + 1]


def test_stretches_that_touch_share_no_grain() -> None:
    assert not set(slots.grains(at(0), at(1))) & set(slots.grains(at(1), at(2)))


def test_nearest_are_in_order_of_time() -> None:
    moments = [at(n) for n in range(10)]
    assert slots.nearest(moments, at(4.1), 3) == [at(3), at(4), at(5)]


minutes_of_day = st.integers(0, 48 * 12).map(lambda n: at(0) + timedelta(minutes=5 * n))
stretches = st.lists(
    st.tuples(minutes_of_day, st.integers(1, 60)).map(lambda p: Stretch(p[0], p[0] + timedelta(minutes=5 * p[1]))),
    max_size=8,
)


@given(stretches, stretches)
def test_what_is_left_is_exactly_what_was_not_taken(have: list[Stretch], taken: list[Stretch]) -> None:
    def covered(items: list[Stretch]) -> set[int]:
        return {grain for item in items for grain in slots.grains(item.start, item.end)}

    left = slots.without(have, taken)
    assert covered(left) == covered(have) - covered(taken)
    assert left == slots.joined(left)


@given(stretches, st.sampled_from([5, 10, 15, 20, 30, 60]), st.integers(3, 30))
def test_every_start_fits_and_none_is_missing(have: list[Stretch], step: int, grains: int) -> None:
    length, free_ = timedelta(minutes=5 * grains), slots.joined(have)
    found = set(slots.starts(free_, minutes=5 * grains, step=timedelta(minutes=step)))
    steps = {at(0) + timedelta(minutes=step * n) for n in range(72 * 60 // step)}
    assert found == {m for m in steps if any(i.start <= m and m + length <= i.end for i in free_)}


def test_a_week_has_its_hours_on_every_day() -> None:
    laid = slots.working([Hours(d, time(9), time(10)) for d in range(7)], zone=WITA, first=date(2026, 11, 23), last=date(2026, 11, 29))
    assert [item.start.day for item in laid] == [23, 24, 25, 26, 27, 28, 29]
