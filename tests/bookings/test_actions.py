from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tatap.bookings import actions, queries, tasks
from tatap.bookings.domain.slots import grains
from tatap.bookings.models import Appointment, Claim, Status
from tatap.counsellors.models import Opening

START = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def openings(counsellor: Any) -> list[tuple[datetime, datetime]]:
    return sorted(Opening.objects.filter(counsellor=counsellor).values_list("start", "end"))


def hold(client: Any, service: Any, now: datetime, start: datetime = START) -> Appointment:
    return actions.hold(client=client, service=service, starts_at=start, now=now)


@pytest.fixture
def open_counsellor(counsellor: Any, now: datetime) -> Any:
    actions.refresh_openings(counsellor=counsellor, now=now)
    return counsellor


def test_a_hold_claims_every_grain_of_both(open_counsellor: Any, client_user: Any, service: Any, now: datetime) -> None:
    held = hold(client_user, service, now)
    steps = grains(held.starts_at, held.ends_at)
    people = {client_user.pk, open_counsellor.user_id}
    assert set(Claim.objects.values_list("person_id", "grain")) == {(p, s) for p in people for s in steps}


def test_a_taken_slot_is_refused_with_the_nearest_free_ones(
    open_counsellor: Any, client_user: Any, other_client: Any, service: Any, now: datetime
) -> None:
    hold(client_user, service, now)
    with pytest.raises(actions.SlotTaken) as refused:
        hold(other_client, service, now)
    assert START - timedelta(hours=1) in refused.value.nearest
    assert START not in refused.value.nearest


def test_a_client_cannot_be_in_two_places(
    open_counsellor: Any, other_counsellor: Any, client_user: Any, service: Any, now: datetime
) -> None:
    actions.refresh_openings(counsellor=other_counsellor, now=now)
    hold(client_user, service, now)
    other = other_counsellor.services.get(kind="individual")
    with pytest.raises(actions.SlotTaken):
        hold(client_user, other, now, START + timedelta(minutes=30))
    assert Appointment.objects.count() == 1


def test_the_claims_have_the_last_word(appointment: Appointment, client_user: Any, now: datetime) -> None:
    grain = grains(appointment.starts_at, appointment.ends_at)[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.bulk_create([Claim(person=client_user, grain=grain, appointment=appointment)])


def test_openings_stay_equal_to_the_rules(open_counsellor: Any, client_user: Any, service: Any, now: datetime) -> None:
    def by_rule() -> list[tuple[datetime, datetime]]:
        return [(item.start, item.end) for item in queries.openings_by_rule(open_counsellor, now=now)]

    held = hold(client_user, service, now)
    assert openings(open_counsellor) == by_rule()
    moved = actions.move(appointment=held, starts_at=START + timedelta(days=1), by=client_user, now=now)
    assert openings(open_counsellor) == by_rule()
    actions.cancel(appointment=moved, by=client_user, now=now)
    assert openings(open_counsellor) == by_rule()
    assert Claim.objects.count() == 0


def test_a_move_to_a_taken_time_leaves_the_old_one(
    open_counsellor: Any, client_user: Any, other_client: Any, service: Any, now: datetime
) -> None:
    mine, other = hold(client_user, service, now), hold(other_client, service, now, START - timedelta(hours=2))
    with pytest.raises(actions.SlotTaken):
        actions.move(appointment=mine, starts_at=other.starts_at, by=client_user, now=now)
    kept = Appointment.objects.get(pk=mine.pk)
    assert (kept.starts_at, kept.sequence) == (START, 0)
    assert Claim.objects.filter(appointment=mine).count() == 20


def test_a_move_may_overlap_the_old_time(open_counsellor: Any, client_user: Any, service: Any, now: datetime) -> None:
    held = hold(client_user, service, now)
    actions.move(appointment=held, starts_at=START - timedelta(minutes=30), by=client_user, now=now)
    assert Appointment.objects.get(pk=held.pk).starts_at == START - timedelta(minutes=30)


@pytest.mark.parametrize(("minutes", "status"), [(59, Status.HELD), (60, Status.RELEASED)])
def test_a_hold_lasts_as_long_as_the_rule_says(
    open_counsellor: Any, client_user: Any, service: Any, now: datetime, minutes: int, status: Status
) -> None:
    held = hold(client_user, service, now)
    tasks.release_expired_holds(now + timedelta(minutes=minutes))
    assert Appointment.objects.get(pk=held.pk).status == status


def test_a_confirmed_seat_is_not_released(appointment: Appointment, now: datetime) -> None:
    assert actions.release(appointment=appointment, now=now + timedelta(days=1)) is False


def test_a_lapsing_licence_puts_the_session_before_the_manager(appointment: Appointment, now: datetime) -> None:
    appointment.counsellor.licences.update(expires_on=now.date())
    assert tasks.flag_lapsed_licences(now) == 1
    assert Appointment.objects.get(pk=appointment.pk).needs_manager == "licence_lapsed"


def test_old_claims_are_pruned(appointment: Appointment, now: datetime) -> None:
    assert tasks.prune_claims(now + timedelta(days=1)) == 0
    assert tasks.prune_claims(now + timedelta(days=9)) == 20
