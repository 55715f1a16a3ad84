"""What the line took of a session that is over is given back by the rule frozen at booking."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tatap.callroom import actions as room
from tatap.callroom.actions import Report
from tatap.config.worker import Kind, run_due
from tatap.journey import tasks
from tatap.journey.models import Settlement
from tatap.notifications.models import Message
from tatap.payments import actions as payments
from tatap.payments.models import Credit, Invoice

SETTLE = Kind("tatap.journey.models.Settlement", "tatap.journey.tasks.settle_ended")


@pytest.fixture
def start(appointment: Any) -> datetime:
    return appointment.starts_at


@pytest.fixture
def invoice(appointment: Any, client_user: Any, now: datetime) -> Invoice:
    return payments.open_invoice(appointment=appointment, payer=client_user, now=now)


@pytest.fixture
def paid(invoice: Invoice, manager: Any, now: datetime) -> Invoice:
    payments.accept(invoice=invoice, by=manager, now=now)
    return invoice


@pytest.fixture
def over(appointment: Any, client_user: Any, counsellor: Any, start: datetime) -> datetime:
    """Both were there and lost 420 seconds; returns a moment after the room has closed."""
    for person, tab in ((client_user, "phone"), (counsellor.user, "laptop")):
        room.arrive(code=appointment.code, user_id=person.pk, tab=tab, now=start)
    room.admit(code=appointment.code, user_id=client_user.pk, by_id=counsellor.user_id, now=start)
    for person in (client_user, counsellor.user):
        span = Report("k", start + timedelta(seconds=600), start + timedelta(seconds=1020))
        room.report_line(code=appointment.code, by_id=person.pk, reports=[span], now=start + timedelta(minutes=20))
    return start + timedelta(minutes=66)


def settle(now: datetime) -> None:
    tasks.close_past(now)
    run_due(SETTLE, now=lambda: now)


def test_lost_minutes_become_credit_once_and_the_client_is_told(
    paid: Invoice, over: datetime, client_user: Any
) -> None:
    settle(over)
    credit = Credit.objects.get()
    assert (credit.person, credit.seconds, credit.amount, credit.left) == (client_user, 420, 28_000, 28_000)
    letter = Message.objects.get(key__startswith="credit:")
    assert (letter.address, "Rp28.000" in letter.text) == (client_user.email, True)
    Settlement.objects.update(done_at=None, leased_until=None)  # the worker died between doing and noting it
    settle(over + timedelta(minutes=5))
    assert (Credit.objects.count(), Message.objects.filter(key__startswith="credit:").count()) == (1, 1)


def test_what_was_taken_at_the_end_is_not_paid_as_well(
    paid: Invoice, over: datetime, appointment: Any, counsellor: Any, start: datetime
) -> None:
    room.extend(code=appointment.code, by_id=counsellor.user_id, now=start + timedelta(minutes=45))
    settle(over)
    assert Settlement.objects.count() == 0  # the room is open for longer
    settle(over + timedelta(minutes=7))
    assert (Settlement.objects.count(), Credit.objects.count()) == (1, 0)


def test_the_worth_is_of_the_length_that_was_paid_for(
    paid: Invoice, over: datetime, appointment: Any, counsellor: Any, start: datetime, rules: Any, other_client: Any,
    service: Any,
) -> None:
    from tatap.bookings import actions as bookings

    bookings.hold(
        client=other_client, service=service, starts_at=start + timedelta(minutes=64), now=start - timedelta(hours=3),
        outside_hours=True,
    )
    room.extend(code=appointment.code, by_id=counsellor.user_id, now=start + timedelta(minutes=45))  # 4 of 7
    settle(over + timedelta(minutes=7))
    credit = Credit.objects.get()
    assert (credit.seconds, credit.amount) == (180, 12_000)


@pytest.mark.parametrize(
    ("given", "least", "count"),
    [("credit", 15, 1), ("extend", 15, 0), ("nothing", 15, 0), ("extend_or_credit", 420, 1), ("credit", 421, 0)],
)
def test_the_rule_frozen_at_booking_decides(
    paid: Invoice, over: datetime, rules: Any, given: str, least: int, count: int
) -> None:
    rules.lost_given, rules.lost_least_seconds = given, least
    rules.save()
    settle(over)
    assert Credit.objects.count() == count


def test_a_later_version_of_the_rules_changes_nothing(paid: Invoice, over: datetime, now: datetime) -> None:
    from tatap.bookings.models import Rules

    Rules.objects.create(version=2, published_at=now, lost_given="nothing")
    settle(over)
    assert Credit.objects.count() == 1


def test_while_nobody_has_looked_at_the_proof_it_is_asked_again_later(
    invoice: Invoice, over: datetime, manager: Any, client_user: Any, now: datetime
) -> None:
    payments.upload_proof(invoice=invoice, content=b"\xff\xd8\xff\xe0" + b"x" * 99, by=client_user, now=now)
    settle(over)
    assert Credit.objects.count() == 0
    settle(over + timedelta(hours=6))
    keys = [key.partition("#")[2] for key in Settlement.objects.order_by("pk").values_list("key", flat=True)]
    assert keys == ["", "1", "2"]
    payments.accept(invoice=Invoice.objects.get(), by=manager, now=over)
    settle(over + timedelta(hours=12))
    assert Credit.objects.get().amount == 28_000
    settle(over + timedelta(hours=18))
    assert Settlement.objects.filter(done_at=None).count() == 0


def test_money_that_never_came_is_not_given_back(invoice: Invoice, over: datetime) -> None:
    Invoice.objects.update(status="expired")
    settle(over)
    assert (Credit.objects.count(), Settlement.objects.filter(done_at=None).count()) == (0, 0)


def test_a_session_that_did_not_happen_settles_nothing(paid: Invoice, appointment: Any, start: datetime) -> None:
    settle(start + timedelta(minutes=66))
    assert Settlement.objects.count() == 0


def test_both_read_the_minutes_on_the_card_and_nothing_of_money(
    client: Any, paid: Invoice, over: datetime, appointment: Any, client_user: Any, counsellor: Any
) -> None:
    settle(over)
    for person in (client_user, counsellor.user):
        client.force_login(person)
        page = client.get(f"/sesi/{appointment.code}/kartu/").content.decode()
        assert "sekitar 7 menit" in page
        assert "28.000" not in page


def test_the_client_reads_the_money_with_the_appointment_and_the_counsellor_does_not(
    client: Any, paid: Invoice, over: datetime, appointment: Any, client_user: Any, counsellor: Any
) -> None:
    settle(over)
    shown = []
    for person in (client_user, counsellor.user):
        client.force_login(person)
        shown.append("Rp28.000" in client.get(f"/sesi/{appointment.code}/").content.decode())
    assert shown == [True, False]
