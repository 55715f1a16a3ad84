from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from tatap.bookings import actions as bookings
from tatap.bookings.models import Appointment, Status
from tatap.payments import actions, queries, tasks
from tatap.payments.models import Invoice, Posting, Proof

START = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
JPEG = b"\xff\xd8\xff\xe0" + b"transfer" * 40


@pytest.fixture
def held(client_user: Any, counsellor: Any, service: Any, rules: Any, now: datetime) -> Appointment:
    bookings.refresh_openings(counsellor=counsellor, now=now)
    return bookings.hold(client=client_user, service=service, starts_at=START, now=now)


@pytest.fixture
def invoice(held: Appointment, client_user: Any, now: datetime) -> Invoice:
    return actions.open_invoice(appointment=held, payer=client_user, now=now)


def status_of(appointment: Appointment) -> str:
    return Appointment.objects.get(pk=appointment.pk).status


def balance(account: str) -> int:
    return Posting.objects.filter(account=account).aggregate(sum=Sum("amount"))["sum"] or 0


def test_what_is_free_is_confirmed_at_once(client_user: Any, counsellor: Any, free_service: Any, now: datetime) -> None:
    bookings.refresh_openings(counsellor=counsellor, now=now)
    held = bookings.hold(client=client_user, service=free_service, starts_at=START, now=now)
    invoice = actions.open_invoice(appointment=held, payer=client_user, now=now)
    assert (invoice.status, status_of(held)) == ("free", "booked")


def test_a_transfer_is_told_from_others_by_its_last_digits(invoice: Invoice) -> None:
    assert 1 <= invoice.unique_part <= 499
    assert invoice.to_transfer == 200_000 + invoice.unique_part


def test_a_proof_holds_the_seat(invoice: Invoice, held: Appointment, client_user: Any, now: datetime) -> None:
    actions.upload_proof(invoice=invoice, content=JPEG, by=client_user, now=now)
    tasks.expire_unpaid(now + timedelta(days=1))
    assert (Invoice.objects.get().status, status_of(held)) == ("proof", "held")


def test_an_unread_proof_opens_a_session_tonight(
    client_user: Any, counsellor: Any, service: Any, rules: Any, now: datetime
) -> None:
    bookings.refresh_openings(counsellor=counsellor, now=now)
    tonight = bookings.hold(client=client_user, service=service, starts_at=now + timedelta(hours=5), now=now)
    invoice = actions.open_invoice(appointment=tonight, payer=client_user, now=now)
    actions.upload_proof(invoice=invoice, content=JPEG, by=client_user, now=now)
    assert queries.may_enter(Appointment.objects.get(pk=tonight.pk), now=now) is True


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "empty"), (b"MZ executable", "type"), (b"<html>", "type"), (JPEG + b"0" * actions.PROOF_LIMIT, "size")],
)
def test_a_wrong_proof_is_refused_and_nothing_changes(
    invoice: Invoice, client_user: Any, now: datetime, content: bytes, why: str
) -> None:
    with pytest.raises(actions.WrongProof) as refused:
        actions.upload_proof(invoice=invoice, content=content, by=client_user, now=now)
    assert (refused.value.why, Invoice.objects.get().status) == (why, "due")


def test_accepted_is_paid_booked_and_in_the_books(
    invoice: Invoice, held: Appointment, client_user: Any, manager: Any, now: datetime
) -> None:
    actions.upload_proof(invoice=invoice, content=JPEG, by=client_user, now=now)
    actions.accept(invoice=invoice, by=manager, now=now)
    assert (Invoice.objects.get().status, status_of(held)) == ("paid", "booked")
    assert (balance("bank"), balance("receivable"), balance("sessions")) == (invoice.to_transfer, 0, -200_000)
    assert balance("unique_parts") == -invoice.unique_part


def test_accepting_twice_books_the_money_once(invoice: Invoice, client_user: Any, manager: Any, now: datetime) -> None:
    actions.upload_proof(invoice=invoice, content=JPEG, by=client_user, now=now)
    actions.accept(invoice=invoice, by=manager, now=now)
    with pytest.raises(actions.NotWaiting):
        actions.accept(invoice=Invoice.objects.get(), by=manager, now=now)
    assert balance("bank") == invoice.to_transfer


def test_refused_may_be_sent_again_until_the_new_deadline(
    invoice: Invoice, held: Appointment, client_user: Any, manager: Any, now: datetime
) -> None:
    actions.upload_proof(invoice=invoice, content=JPEG, by=client_user, now=now)
    actions.refuse(invoice=invoice, by=manager, reason="Jumlahnya kurang", now=now)
    assert Invoice.objects.get().reason == "Jumlahnya kurang"
    actions.upload_proof(invoice=Invoice.objects.get(), content=JPEG, by=client_user, now=now)
    assert Invoice.objects.get().status == "proof"


def test_unpaid_past_its_deadline_frees_the_seat(invoice: Invoice, held: Appointment, now: datetime) -> None:
    assert tasks.expire_unpaid(now + timedelta(minutes=59)) == 0
    assert tasks.expire_unpaid(now + timedelta(minutes=60)) == 1
    assert (Invoice.objects.get().status, status_of(held)) == ("expired", Status.RELEASED)


def test_money_for_a_seat_that_is_gone_ends_in_a_refund(
    invoice: Invoice, held: Appointment, client_user: Any, manager: Any, now: datetime
) -> None:
    actions.upload_proof(invoice=invoice, content=JPEG, by=client_user, now=now)
    bookings.cancel(appointment=Appointment.objects.get(pk=held.pk), by=client_user, now=now)
    actions.accept(invoice=invoice, by=manager, now=now)
    assert Invoice.objects.get().status == "refund_owed"
    actions.pay_refund(invoice=Invoice.objects.get(), by=manager, now=now)
    assert (balance("bank"), balance("refunds_owed")) == (0, 0)


def test_every_entry_of_the_books_adds_up_to_nothing(
    invoice: Invoice, client_user: Any, manager: Any, now: datetime
) -> None:
    actions.accept(invoice=invoice, by=manager, now=now)
    sums = Posting.objects.values("entry").annotate(sum=Sum("amount")).values_list("sum", flat=True)
    assert set(sums) == {0}


def test_a_moved_session_takes_its_invoice_along(
    invoice: Invoice, held: Appointment, client_user: Any, now: datetime
) -> None:
    bookings.move(appointment=held, starts_at=START - timedelta(hours=1), by=client_user, now=now)
    assert queries.invoice_of(Appointment.objects.get(pk=held.pk)) == invoice


def test_a_proof_is_sealed_at_rest(invoice: Invoice, client_user: Any, now: datetime) -> None:
    actions.upload_proof(invoice=invoice, content=JPEG, by=client_user, now=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM payments_proof")
        assert b"transfer" not in bytes(cursor.fetchone()[0])
    assert Proof.objects.get().content == JPEG


def test_a_wrong_proof_for_a_seat_that_is_gone_ends_the_matter(
    invoice: Invoice, held: Appointment, client_user: Any, manager: Any, now: datetime
) -> None:
    actions.upload_proof(invoice=invoice, content=JPEG, by=client_user, now=now)
    bookings.cancel(appointment=Appointment.objects.get(pk=held.pk), by=client_user, now=now)
    actions.refuse(invoice=invoice, by=manager, reason="Tidak terbaca", now=now)
    assert (Invoice.objects.get().status, balance("receivable")) == ("expired", 0)


def test_a_seat_made_firm_by_a_wrong_proof_becomes_free(
    client_user: Any, counsellor: Any, service: Any, manager: Any, now: datetime
) -> None:
    tonight = bookings.hold(client=client_user, service=service, starts_at=now + timedelta(hours=5), now=now)
    invoice = actions.open_invoice(appointment=tonight, payer=client_user, now=now)
    actions.upload_proof(invoice=invoice, content=JPEG, by=client_user, now=now)
    actions.refuse(invoice=Invoice.objects.get(), by=manager, reason="Jumlahnya kurang", now=now)
    assert tasks.expire_unpaid(now + timedelta(hours=2)) == 1
    assert (Invoice.objects.get().status, status_of(tonight)) == ("expired", "cancelled")


def test_a_proof_for_a_seat_that_went_is_not_kept(
    invoice: Invoice, held: Appointment, client_user: Any, now: datetime
) -> None:
    bookings.cancel(appointment=Appointment.objects.get(pk=held.pk), by=client_user, now=now)
    with pytest.raises(actions.NotWaiting):
        actions.upload_proof(invoice=invoice, content=JPEG, by=client_user, now=now)
    assert (Invoice.objects.get().status, Proof.objects.count()) == ("due", 0)


def test_the_database_lets_no_two_open_transfers_be_alike(invoice: Invoice, appointment: Appointment, now: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Invoice.objects.create(
            appointment=appointment, payer=invoice.payer, number="T", provider="bank_transfer", created_at=now,
            amount=invoice.amount, unique_part=invoice.unique_part,
        )


@pytest.mark.parametrize(
    ("hours_before", "whose", "after"),
    [(25, "client_user", "refund_owed"), (23, "client_user", "paid"), (1, "manager", "refund_owed")],
)
def test_money_found_after_a_cancellation_follows_its_rule(
    request: Any, invoice: Invoice, held: Appointment, client_user: Any, manager: Any, now: datetime,
    hours_before: int, whose: str, after: str,
) -> None:
    actions.upload_proof(invoice=invoice, content=JPEG, by=client_user, now=now)
    moment = START - timedelta(hours=hours_before)
    bookings.cancel(appointment=Appointment.objects.get(pk=held.pk), by=request.getfixturevalue(whose), now=moment)
    actions.accept(invoice=invoice, by=manager, now=START)
    assert Invoice.objects.get().status == after


def test_a_proof_accepted_after_the_session_was_held_owes_nothing(
    invoice: Invoice, held: Appointment, client_user: Any, manager: Any, now: datetime
) -> None:
    actions.upload_proof(invoice=invoice, content=JPEG, by=client_user, now=now)
    bookings.confirm(appointment=held, by=None, now=now)
    bookings.finish(appointment=held, outcome=Status.FULFILLED.value, now=START)
    actions.accept(invoice=Invoice.objects.get(), by=manager, now=START + timedelta(hours=10))
    assert Invoice.objects.get().status == "paid"


@pytest.mark.parametrize(("hours", "opens", "status"), [(13, True, "held"), (11, True, "booked"), (11, False, "held")])
def test_a_proof_uploaded_days_before_lets_in_the_night_before(
    client_user: Any, service: Any, now: Any, hours: int, opens: bool, status: str
) -> None:
    from tatap.bookings import actions as bookings
    from tatap.payments import tasks

    start = now + timedelta(days=3)
    row = bookings.hold(client=client_user, service=service, starts_at=start, now=now, outside_hours=True)
    type(row.rules).objects.filter(pk=row.rules_id).update(proof_opens_room=opens)
    invoice = actions.open_invoice(appointment=row, payer=client_user, now=now)
    actions.upload_proof(invoice=invoice, content=b"%PDF-1.7 x", by=client_user, now=now)
    tasks.let_in_on_proof(start - timedelta(hours=hours))
    row.refresh_from_db()
    assert row.status == status


def test_a_refused_proof_lets_nobody_in(client_user: Any, service: Any, manager: Any, now: Any) -> None:
    from tatap.bookings import actions as bookings
    from tatap.payments import tasks

    start = now + timedelta(days=3)
    row = bookings.hold(client=client_user, service=service, starts_at=start, now=now, outside_hours=True)
    invoice = actions.open_invoice(appointment=row, payer=client_user, now=now)
    actions.upload_proof(invoice=invoice, content=b"%PDF-1.7 x", by=client_user, now=now)
    actions.refuse(invoice=invoice, by=manager, reason="Kosong", now=start - timedelta(hours=12, minutes=30))
    assert tasks.let_in_on_proof(start - timedelta(hours=11, minutes=45)) == 0
