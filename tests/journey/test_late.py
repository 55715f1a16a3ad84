"""A counsellor who does not come: what the client may choose, and what the manager is shown."""

from datetime import datetime, timedelta
from threading import Event as Signal
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tatap.audit.models import Event
from tatap.bookings import actions as bookings
from tatap.bookings.models import Appointment, Status
from tatap.callroom import actions as callroom
from tatap.journey import actions
from tatap.payments import actions as payments
from tatap.payments.models import Invoice, Posting


@pytest.fixture
def paid(appointment: Any, manager: Any, now: datetime) -> Appointment:
    invoice = payments.open_invoice(appointment=appointment, payer=appointment.client, now=now)
    payments.accept(invoice=invoice, by=manager, now=now)
    appointment.refresh_from_db()
    return appointment


def arrive(appointment: Any, person: Any, at: datetime) -> None:
    callroom.arrive(code=appointment.code, user_id=person.pk, tab=f"t{person.pk}", now=at)


@pytest.mark.parametrize(("minutes", "may"), [(-1, False), (9, False), (10, True), (64, True), (66, False)])
def test_the_choice_opens_by_the_rule_and_closes_with_the_room(paid: Any, minutes: int, may: bool) -> None:
    at = paid.starts_at + timedelta(minutes=minutes)
    assert actions.may_choose_late(paid, by=paid.client, now=at) is may


def test_no_choice_once_the_counsellor_is_there_or_has_let_her_in(paid: Any, counsellor: Any) -> None:
    late = paid.starts_at + timedelta(minutes=12)
    arrive(paid, counsellor.user, late)
    assert not actions.may_choose_late(paid, by=paid.client, now=late)
    arrive(paid, paid.client, late)
    callroom.open_door(code=paid.code, by_id=counsellor.user_id, now=late)
    callroom.admit(code=paid.code, user_id=paid.client.pk, by_id=counsellor.user_id, now=late)
    callroom.depart(code=paid.code, user_id=counsellor.user_id, tab=f"t{counsellor.user_id}", now=late + timedelta(minutes=5))
    assert not actions.may_choose_late(paid, by=paid.client, now=late + timedelta(minutes=20))


def test_money_back_is_owed_and_the_seat_is_free(paid: Any) -> None:
    actions.refund_late(appointment=paid, by=paid.client, now=paid.starts_at + timedelta(minutes=11))
    assert Appointment.objects.get(pk=paid.pk).status == Status.CANCELLED
    assert Invoice.objects.get(appointment=paid).status == "refund_owed"


def test_a_proof_read_afterwards_is_owed_back_too(appointment: Any, manager: Any, now: datetime) -> None:
    invoice = payments.open_invoice(appointment=appointment, payer=appointment.client, now=now)
    payments.upload_proof(invoice=invoice, content=b"%PDF-1.7 x", by=appointment.client, now=now)
    actions.refund_late(appointment=appointment, by=appointment.client, now=appointment.starts_at + timedelta(minutes=11))
    payments.accept(invoice=Invoice.objects.get(pk=invoice.pk), by=manager, now=appointment.ends_at)
    assert Invoice.objects.get(pk=invoice.pk).status == "refund_owed"


@pytest.fixture
def unread(appointment: Any, now: datetime) -> Appointment:
    """Booked on a proof at which nobody has looked."""
    booked: Appointment = appointment
    invoice = payments.open_invoice(appointment=booked, payer=booked.client, now=now)
    payments.upload_proof(invoice=invoice, content=b"%PDF-1.7 x", by=booked.client, now=now)
    return booked


def owed() -> tuple[str, int]:
    """The invoice's state, and what the books owe of it."""
    return Invoice.objects.get().status, -sum(Posting.objects.filter(account="refunds_owed").values_list("amount", flat=True))


def test_money_never_seen_is_not_owed_back_for_an_absence(
    client: Client, unread: Any, manager: Any, practice: Any
) -> None:
    """The manager's old page still has the button; the row stays until the transfer is confirmed."""
    arrive(unread, unread.client, unread.starts_at)
    actions.close_past(appointment=unread, now=unread.ends_at + timedelta(minutes=16))
    client.force_login(manager)
    page = f"/praktik/ringkasan/{unread.code}/"
    answer = client.post(page, {"do": "refund"}, follow=True)
    assert (answer.redirect_chain[-1][0], "belum dipastikan" in answer.content.decode()) == ("/praktik/transfer/", True)
    assert (owed(), Appointment.objects.get().needs_manager) == (("proof", 0), actions.ABSENT)
    assert not Event.objects.filter(verb="absence.refunded").exists()
    invoice = Invoice.objects.get()
    client.post("/praktik/transfer/", {"invoice": invoice.number, "do": "accept"})
    client.post(page, {"do": "refund"})
    assert (owed(), Appointment.objects.get().needs_manager) == (("refund_owed", invoice.to_transfer), "")


def test_a_late_refund_on_an_unread_proof_is_owed_when_it_is_confirmed_and_not_when_it_is_refused(
    client: Client, unread: Any, manager: Any, practice: Any
) -> None:
    actions.refund_late(appointment=unread, by=unread.client, now=unread.starts_at + timedelta(minutes=11))
    assert owed() == ("proof", 0)
    client.force_login(unread.client)
    for page in (f"/sesi/{unread.code}/", f"/sesi/{unread.code}/bayar/"):
        assert "semuanya kami kembalikan" in client.get(page).content.decode()
    client.force_login(manager)
    assert "akan muncul di bawah" in client.get("/praktik/transfer/").content.decode()
    payments.refuse(invoice=Invoice.objects.get(), by=manager, reason="Palsu", now=unread.ends_at)
    assert owed() == ("expired", 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_confirmed_in_the_same_moment_as_the_late_refund_the_money_is_owed(
    unread: Any, manager: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The manager confirms after the seat was given up and before that is written: one comes before the other."""
    late, read, done = unread.starts_at + timedelta(minutes=11), Signal(), Signal()

    def confirm() -> None:
        payments.accept(invoice=Invoice.objects.get(), by=manager, now=late)
        read.set()
        connection.close()
        done.set()

    real = payments.owe_refund

    def owe(**facts: Any) -> None:
        monkeypatch.setattr(payments, "owe_refund", real)  # for the manager's own way through it
        real(**facts)
        Thread(target=confirm).start()
        read.wait(1)  # without the lock it is through by now, having seen a seat that still stood

    monkeypatch.setattr(payments, "owe_refund", owe)
    actions.refund_late(appointment=unread, by=unread.client, now=late)
    assert done.wait(10)
    assert owed()[0] == "refund_owed"


def test_where_the_rule_gives_no_money_back_it_is_refused(paid: Any) -> None:
    paid.rules.late_refund = False
    with pytest.raises(actions.NotLate):
        actions.refund_late(appointment=paid, by=paid.client, now=paid.starts_at + timedelta(minutes=11))
    assert Appointment.objects.get(pk=paid.pk).status == Status.BOOKED


def test_another_time_takes_the_payment_along(paid: Any, counsellor: Any) -> None:
    late = paid.starts_at + timedelta(minutes=11)
    bookings.refresh_openings(counsellor=counsellor, now=late)
    moved = actions.move(appointment=paid, starts_at=paid.starts_at + timedelta(days=1), by=paid.client, now=late)
    assert (moved.status, Invoice.objects.get(appointment=moved).status) == ("booked", "paid")


def test_the_page_offers_it_and_the_button_does_it(
    client: Client, paid: Any, practice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(paid.client)
    page = f"/sesi/{paid.code}/"
    assert "uang-kembali" not in client.get(page).content.decode()
    assert client.post(f"{page}uang-kembali/").status_code == 422
    Appointment.objects.filter(pk=paid.pk).update(
        starts_at=paid.starts_at - timedelta(days=2), ends_at=paid.ends_at - timedelta(days=2)
    )
    monkeypatch.setattr("tatap.lib.clock.now", lambda: paid.starts_at - timedelta(days=2) + timedelta(minutes=15))
    client.force_login(paid.client)
    assert "uang-kembali" in client.get(page).content.decode()
    assert client.post(f"{page}uang-kembali/").status_code == 302
    assert Invoice.objects.get(appointment=paid).status == "refund_owed"


def test_a_session_to_which_only_the_client_came_is_put_before_the_manager(
    client: Client, paid: Any, manager: Any, practice: Any
) -> None:
    arrive(paid, paid.client, paid.starts_at)
    actions.close_past(appointment=paid, now=paid.ends_at + timedelta(minutes=16))
    client.force_login(manager)
    assert f"/praktik/ringkasan/{paid.code}/" in client.get("/praktik/ringkasan/").content.decode()
    assert client.post(f"/praktik/ringkasan/{paid.code}/", {"do": "refund"}).status_code == 302
    assert Invoice.objects.get(appointment=paid).status == "refund_owed"
    assert client.post(f"/praktik/ringkasan/{paid.code}/", {"do": "refund"}).status_code == 404


def test_nobody_came_is_nobodys_matter(paid: Any) -> None:
    actions.close_past(appointment=paid, now=paid.ends_at + timedelta(minutes=16))
    row = Appointment.objects.get(pk=paid.pk)
    assert (row.status, row.needs_manager) == ("noshow", "")


def test_her_own_other_session_is_said_to_be_the_reason(
    client: Client, appointment: Any, other_counsellor: Any, practice: Any, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr("tatap.lib.clock.now", lambda: now)
    client.force_login(appointment.client)
    service = other_counsellor.services.get(kind="individual")
    answer = client.post("/pesan/sari/", {"service": service.pk, "start": appointment.starts_at.isoformat()})
    assert answer.status_code == 422
    assert "janji temu lain" in answer.content.decode()
