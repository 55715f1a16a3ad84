from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tatap.bookings import actions as bookings
from tatap.lib import clock
from tatap.payments import actions
from tatap.payments.models import Invoice, Proof

JPEG = b"\xff\xd8\xff\xe0" + b"transfer" * 40


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.fixture
def invoice(client_user: Any, counsellor: Any, service: Any, now: datetime) -> Invoice:
    start = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
    held = bookings.hold(client=client_user, service=service, starts_at=start, now=now)
    return actions.open_invoice(appointment=held, payer=client_user, now=now)


def pay(invoice: Invoice) -> str:
    return reverse("payments:pay", args=[invoice.appointment.code])


def test_the_page_names_the_sum_and_the_deadline_in_her_zone(client: Client, invoice: Invoice) -> None:
    client.force_login(invoice.payer)
    page = client.get(pay(invoice)).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert f"200.{invoice.unique_part:03d}" in page
    assert "13.00 WIB" in page


@pytest.mark.parametrize(("content", "words"), [(b"MZ", "JPEG, PNG"), (JPEG + b"0" * actions.PROOF_LIMIT, "5 MB")])
def test_a_wrong_file_is_said_at_the_field(client: Client, invoice: Invoice, content: bytes, words: str) -> None:
    client.force_login(invoice.payer)
    answer = client.post(pay(invoice), {"bukti": SimpleUploadedFile("bukti.jpg", content)})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_proof_sent_and_accepted_ends_in_a_receipt(client: Client, invoice: Invoice, manager: Any) -> None:
    client.force_login(invoice.payer)
    assert client.post(pay(invoice), {"bukti": SimpleUploadedFile("b.jpg", JPEG)}).status_code == 302
    client.force_login(manager)
    client.post(reverse("payments:transfers"), {"invoice": invoice.number, "do": "accept"})
    client.force_login(invoice.payer)
    answer = client.get(reverse("payments:receipt_pdf", args=[invoice.appointment.code]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_refusing_without_a_reason_keeps_the_page_and_says_so(client: Client, invoice: Invoice, manager: Any, now: datetime) -> None:
    actions.upload_proof(invoice=invoice, content=JPEG, by=invoice.payer, now=now)
    client.force_login(manager)
    answer = client.post(reverse("payments:transfers"), {"invoice": invoice.number, "do": "refuse", "reason": " "})
    assert (answer.status_code, Invoice.objects.get().status) == (422, "proof")


def test_the_reason_reaches_the_payer(client: Client, invoice: Invoice, manager: Any, now: datetime) -> None:
    actions.upload_proof(invoice=invoice, content=JPEG, by=invoice.payer, now=now)
    actions.refuse(invoice=invoice, by=manager, reason="Jumlahnya kurang Rp 1.000", now=now)
    client.force_login(invoice.payer)
    assert "Jumlahnya kurang Rp 1.000" in client.get(pay(invoice)).content.decode()


@pytest.mark.parametrize("who", ["other_client", "counsellor", "other_counsellor", "manager"])
@pytest.mark.parametrize("page", ["pay", "receipt", "receipt_pdf"])
def test_nobody_but_the_payer_finds_the_pages_of_an_invoice(
    client: Client, invoice: Invoice, request: pytest.FixtureRequest, who: str, page: str
) -> None:
    stranger = request.getfixturevalue(who)
    client.force_login(getattr(stranger, "user", stranger))
    assert client.get(reverse(f"payments:{page}", args=[invoice.appointment.code])).status_code == 404


@pytest.mark.parametrize("who", ["client_user", "other_client", "counsellor"])
def test_only_a_manager_sees_transfers_and_proofs(
    client: Client, invoice: Invoice, request: pytest.FixtureRequest, who: str, now: datetime
) -> None:
    proof: Proof = actions.upload_proof(invoice=invoice, content=JPEG, by=invoice.payer, now=now)
    person = request.getfixturevalue(who)
    client.force_login(getattr(person, "user", person))
    pages = [reverse("payments:transfers"), reverse("payments:transfers_csv"), reverse("payments:proof", args=[proof.pk])]
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]


def test_a_proof_opens_in_a_sandbox_and_leaves_a_trace(client: Client, invoice: Invoice, manager: Any, now: datetime) -> None:
    from tatap.audit.models import Event

    proof = actions.upload_proof(invoice=invoice, content=JPEG, by=invoice.payer, now=now)
    client.force_login(manager)
    answer = client.get(reverse("payments:proof", args=[proof.pk]))
    assert (answer.content, answer["X-Content-Type-Options"]) == (JPEG, "nosniff")
    assert Event.objects.filter(verb="proof.seen", about=str(invoice.payer_id)).count() == 1


def test_the_table_of_transfers_is_a_file(client: Client, appointment: Any, manager: Any, practice: Any, now: Any) -> None:
    from tatap.payments import actions

    invoice = actions.open_invoice(appointment=appointment, payer=appointment.client, now=now)
    client.force_login(manager)
    answer = client.get("/praktik/transfer.csv")
    assert answer.status_code == 200 and invoice.number in answer.content.decode("utf-8-sig")
