"""Nobody is in two places, and the openings stay what the rules say, whatever is done in whatever order."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tatap.bookings import actions, queries
from tatap.bookings.domain.slots import Stretch
from tatap.bookings.models import Appointment, Calendar
from tatap.counsellors.models import Opening
from tests.conftest import NOW

NOON = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)

steps = st.lists(
    st.tuples(
        st.sampled_from(["hold", "move", "cancel", "release", "refresh"]),
        st.integers(0, 1),  # client
        st.integers(0, 1),  # counsellor
        st.integers(0, 24),  # start, in steps of five minutes after noon
    ),
    max_size=12,
)


def stands() -> list[Appointment]:
    return list(Appointment.objects.filter(status__in=queries.OPEN).prefetch_related("participants"))


def in_two_places() -> list[tuple[str, str]]:
    def people(row: Appointment) -> set[int]:
        return {p.person_id for p in row.participants.all()}

    return [
        (a.code, b.code)
        for a, b in combinations(stands(), 2)
        if people(a) & people(b) and Stretch(a.starts_at, a.ends_at).meets(Stretch(b.starts_at, b.ends_at))
    ]


def do(step: tuple[str, int, int, int], clients: list[Any], counsellors: list[Any]) -> None:
    what, who, whom, offset = step
    start, found = NOON + timedelta(minutes=5 * offset), stands()
    if what == "hold":
        service = counsellors[whom].services.get(kind="individual")
        actions.hold(client=clients[who], service=service, starts_at=start, now=NOW)
    elif what == "refresh":
        actions.refresh_openings(counsellor=counsellors[whom], now=NOW)
    elif found and what == "move":
        actions.move(appointment=found[offset % len(found)], starts_at=start, by=clients[who], now=NOW)
    elif found and what == "cancel":
        actions.cancel(appointment=found[offset % len(found)], by=clients[who], now=NOW)
    elif found:
        actions.extend_hold(appointment=found[offset % len(found)], until=NOW, now=NOW)
        actions.release(appointment=found[offset % len(found)], now=NOW)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_whatever_is_done_nobody_is_in_two_places(
    steps: list[tuple[str, int, int, int]], client_user: Any, other_client: Any, counsellor: Any, other_counsellor: Any
) -> None:
    counsellors = [counsellor, other_counsellor]
    Calendar.objects.update(step_minutes=5)
    with transaction.atomic():
        for person in counsellors:
            actions.refresh_openings(counsellor=person, now=NOW)
        for step in steps:
            with suppress(actions.SlotTaken, actions.NotBookable):
                do(step, [client_user, other_client], counsellors)
        assert in_two_places() == []
        for person in counsellors:
            kept = sorted(Opening.objects.filter(counsellor=person).values_list("start", "end", "minutes"))
            assert kept == [(item.start, item.end, item.minutes) for item in queries.openings_by_rule(person, now=NOW)]
        transaction.set_rollback(True)


def test_times_offered_instead_are_free_for_the_client_too(
    client_user: Any, other_client: Any, counsellor: Any, other_counsellor: Any
) -> None:
    for person in (counsellor, other_counsellor):
        actions.refresh_openings(counsellor=person, now=NOW)
    mine, hers = counsellor.services.get(kind="individual"), other_counsellor.services.get(kind="individual")
    actions.hold(client=client_user, service=hers, starts_at=NOON + timedelta(hours=1), now=NOW)
    actions.hold(client=other_client, service=mine, starts_at=NOON, now=NOW)
    with pytest.raises(actions.SlotTaken) as refused:
        actions.hold(client=client_user, service=mine, starts_at=NOON, now=NOW)
    assert NOON + timedelta(hours=1) not in refused.value.nearest
    assert (len(refused.value.nearest), refused.value.own) == (6, False)


def test_ones_own_other_session_is_said_to_be_so(client_user: Any, counsellor: Any, other_counsellor: Any) -> None:
    for person in (counsellor, other_counsellor):
        actions.refresh_openings(counsellor=person, now=NOW)
    for person in (counsellor, other_counsellor):
        service = person.services.get(kind="individual")
        if person == other_counsellor:
            with pytest.raises(actions.SlotTaken) as refused:
                actions.hold(client=client_user, service=service, starts_at=NOON + timedelta(minutes=30), now=NOW)
            assert refused.value.own is True
        else:
            actions.hold(client=client_user, service=service, starts_at=NOON, now=NOW)


@pytest.mark.parametrize("change", ["lapsed", "closed", "inactive service", "herself"])
def test_what_cannot_be_booked_at_any_hour(client_user: Any, counsellor: Any, service: Any, change: str) -> None:
    actions.refresh_openings(counsellor=counsellor, now=NOW)
    if change == "lapsed":
        counsellor.licences.update(expires_on=NOW.date())
    elif change == "closed":
        type(counsellor).objects.update(accepting=False)
    elif change == "inactive service":
        service.active = False
    client = counsellor.user if change == "herself" else client_user
    with pytest.raises(actions.NotBookable):
        actions.hold(client=client, service=service, starts_at=NOON, now=NOW)


def test_a_hold_never_outlasts_the_beginning(client_user: Any, counsellor: Any, service: Any) -> None:
    Calendar.objects.update(notice_minutes=0)
    actions.refresh_openings(counsellor=counsellor, now=NOW)
    held = actions.hold(client=client_user, service=service, starts_at=NOW + timedelta(minutes=30), now=NOW)
    assert held.hold_until == held.starts_at


def test_an_old_copy_of_a_moved_session_gives_back_the_right_time(
    client_user: Any, other_client: Any, counsellor: Any, service: Any
) -> None:
    actions.refresh_openings(counsellor=counsellor, now=NOW)
    held = actions.hold(client=client_user, service=service, starts_at=NOON, now=NOW)
    old_copy = Appointment.objects.get(pk=held.pk)
    actions.move(appointment=held, starts_at=NOON + timedelta(hours=3), by=client_user, now=NOW)
    actions.cancel(appointment=old_copy, by=client_user, now=NOW)
    again = actions.hold(client=other_client, service=service, starts_at=NOON + timedelta(hours=3), now=NOW)
    assert again.status == "held"


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_exactly_one_gets_it(client_user: Any, counsellor: Any, service: Any) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("the tests' SQLite lives in memory, where threads share one connection; bench.booking has both")
    from tests.conftest import make_user

    Calendar.objects.update(step_minutes=5)
    actions.refresh_openings(counsellor=counsellor, now=NOW)
    people = [make_user(f"orang{n}@example.org", role="client") for n in range(24)]

    def attempt(number: int) -> int:
        try:
            start = NOON + timedelta(minutes=5 * (number % 10))
            actions.hold(client=people[number], service=service, starts_at=start, now=NOW)
        except actions.SlotTaken:
            return 0
        finally:
            connections.close_all()
        return 1

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(attempt, range(24))) == 1
    assert [(o.start, o.end) for o in Opening.objects.order_by("start")] == [
        (item.start, item.end) for item in queries.openings_by_rule(counsellor, now=NOW)
    ]
