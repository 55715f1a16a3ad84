"""Rupiah for minutes that the line took: given once, spent by itself, paid out on request; the books agree."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from tatap.bookings import actions as bookings
from tatap.bookings.models import Appointment
from tatap.payments import actions, credits
from tatap.payments.domain.giving_back import worth
from tatap.payments.models import Credit, CreditUse, Invoice, Posting

NEXT = datetime(2026, 12, 2, 12, 0, tzinfo=UTC)
JPEG = b"\xff\xd8\xff\xe0" + b"transfer" * 40


def balance(account: str) -> int:
    return Posting.objects.filter(account=account).aggregate(sum=Sum("amount"))["sum"] or 0


@pytest.fixture
def paid(appointment: Any, client_user: Any, manager: Any, now: datetime) -> Any:
    invoice = actions.open_invoice(appointment=appointment, payer=client_user, now=now)
    actions.accept(invoice=invoice, by=manager, now=now)
    return appointment


@pytest.fixture
def credit(paid: Any, now: datetime) -> Credit:
    return credits.give(appointment=paid, seconds=420, amount=28_000, now=now)


def book(client_user: Any, service: Any, now: datetime, *, days: int = 0) -> Invoice:
    held = bookings.hold(client=client_user, service=service, starts_at=NEXT + timedelta(days=days), now=now)
    return actions.open_invoice(appointment=held, payer=client_user, now=now)


@pytest.mark.parametrize(
    ("tariff", "seconds", "of_seconds", "amount"),
    [
        (200_000, 420, 3000, 28_000), (200_000, 1, 3000, 67), (200_000, 3000, 3000, 200_000),
        (200_000, 9000, 3000, 200_000), (200_000, 0, 3000, 0), (0, 420, 3000, 0), (1, 1, 3000, 1), (5, 5, 0, 0),
    ],
)
def test_a_begun_rupiah_is_a_whole_one(tariff: int, seconds: int, of_seconds: int, amount: int) -> None:
    assert worth(tariff=tariff, seconds=seconds, of_seconds=of_seconds) == amount


@given(st.integers(0, 10_000_000), st.integers(0, 8000), st.integers(1, 8000))
def test_worth_lies_between_nothing_and_the_tariff(tariff: int, seconds: int, of_seconds: int) -> None:
    found = worth(tariff=tariff, seconds=seconds, of_seconds=of_seconds)
    assert 0 <= found <= tariff
    assert found <= worth(tariff=tariff, seconds=seconds + 1, of_seconds=of_seconds)


def test_given_twice_is_given_once(credit: Credit, paid: Any, now: datetime) -> None:
    assert credits.give(appointment=paid, seconds=999, amount=99_000, now=now) == credit
    assert (Credit.objects.get().amount, balance("credits_owed")) == (28_000, -28_000)


def test_it_pays_by_itself_for_the_next_appointment(
    credit: Credit, client_user: Any, service: Any, manager: Any, now: datetime
) -> None:
    invoice = book(client_user, service, now)
    assert (invoice.credit, invoice.to_transfer) == (28_000, 172_000 + invoice.unique_part)
    assert (Credit.objects.get().left, balance("credits_owed")) == (0, 0)
    before = balance("bank")
    actions.accept(invoice=invoice, by=manager, now=now)
    assert balance("bank") - before == 172_000 + invoice.unique_part
    assert balance("receivable") == 0
    assert book(client_user, service, now, days=1).credit == 0


def test_somebody_elses_credit_pays_nothing(
    credit: Credit, other_client: Any, service: Any, now: datetime
) -> None:
    assert book(other_client, service, now).credit == 0


def test_enough_credit_leaves_nothing_to_transfer(
    paid: Any, client_user: Any, service: Any, now: datetime
) -> None:
    credits.give(appointment=paid, seconds=3000, amount=200_000, now=now)
    invoice = book(client_user, service, now)
    assert (invoice.status, invoice.to_transfer, Appointment.objects.get(pk=invoice.appointment_id).status) == (
        "paid", 0, "booked"
    )
    assert balance("credits_owed") == 0


def test_a_free_appointment_takes_no_credit(
    credit: Credit, client_user: Any, free_service: Any, now: datetime
) -> None:
    assert (book(client_user, free_service, now).status, Credit.objects.get().left) == ("free", 28_000)


def test_it_comes_back_when_the_next_one_is_not_paid(
    credit: Credit, client_user: Any, service: Any, now: datetime
) -> None:
    invoice = book(client_user, service, now)
    assert actions.expire(invoice=invoice, now=now + timedelta(hours=2))
    assert (Credit.objects.get().left, balance("credits_owed"), balance("receivable")) == (28_000, -28_000, 0)
    assert CreditUse.objects.get().back_at is not None
    assert book(client_user, service, now, days=1).credit == 28_000


def test_money_goes_back_as_money_and_credit_as_credit(
    credit: Credit, client_user: Any, service: Any, manager: Any, now: datetime
) -> None:
    invoice = book(client_user, service, now)
    actions.accept(invoice=invoice, by=manager, now=now)
    actions.owe_refund(invoice=invoice, now=now)
    assert (balance("refunds_owed"), Credit.objects.get().left) == (-invoice.to_transfer, 28_000)
    assert balance("credits_owed") == -28_000


def test_the_oldest_credit_pays_first_and_only_as_much_as_is_needed(
    credit: Credit, client_user: Any, service: Any, manager: Any, now: datetime
) -> None:
    later = book(client_user, service, now)  # takes the first credit
    actions.accept(invoice=later, by=manager, now=now)
    credits.give(appointment=later.appointment, seconds=3000, amount=200_000, now=now + timedelta(days=1))
    third = book(client_user, service, now, days=1)
    actions.owe_refund(invoice=third, now=now)
    assert sorted(Credit.objects.values_list("left", flat=True)) == [0, 200_000]


def test_the_manager_transfers_it_back_once(credit: Credit, manager: Any, now: datetime) -> None:
    stale = Credit.objects.get()
    bank = balance("bank")
    credits.pay_out(credit=credit, by=manager, now=now)
    assert (balance("credits_owed"), balance("bank") - bank, Credit.objects.get().left) == (0, -28_000, 0)
    with pytest.raises(credits.NothingLeft):
        credits.pay_out(credit=stale, by=manager, now=now)


def test_she_sees_it_and_what_was_spent_meanwhile_is_not_paid_out(
    client: Any, credit: Credit, manager: Any, client_user: Any, service: Any, now: datetime
) -> None:
    client.force_login(manager)
    assert "Rp28.000" in client.get("/praktik/transfer/").content.decode()
    book(client_user, service, now)
    form = {"do": "credit", "code": credit.appointment.code, "left": "28000"}
    assert client.post("/praktik/transfer/", form).status_code == 422
    assert Credit.objects.get().paid_out_at is None


def test_she_pays_it_out(client: Any, credit: Credit, manager: Any) -> None:
    client.force_login(manager)
    form = {"do": "credit", "code": credit.appointment.code, "left": "28000"}
    assert client.post("/praktik/transfer/", form).status_code == 302
    assert Credit.objects.get().paid_out_by == manager


def test_the_payer_sees_what_her_credit_pays(
    client: Any, credit: Credit, client_user: Any, service: Any, now: datetime
) -> None:
    invoice = book(client_user, service, now)
    client.force_login(client_user)
    page = client.get(f"/sesi/{invoice.appointment.code}/bayar/").content.decode()
    assert "Rp28.000" in page and "Rp200.000" in page
