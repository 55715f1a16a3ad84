"""Money owed, shown, confirmed, given back. Statuses only move forward."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.module_loading import import_string

from tatap.accounts.models import User
from tatap.audit import actions as audit
from tatap.bookings import actions as bookings
from tatap.bookings.models import Appointment, Status
from tatap.payments import credits, queries
from tatap.payments.books import post
from tatap.payments.models import Invoice, InvoiceStatus, Proof
from tatap.payments.provider import Provider

DRAWS = 5
NIGHT = timedelta(hours=12)  # so long before a session an unread proof opens its room, where the rule says so
PAY_LATER = timedelta(days=7)  # for a session that is over when its proof turns out wrong
PROOF_LIMIT = 5 * 1024 * 1024  # bytes
TYPES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"%PDF-": "application/pdf"}
WAITING = (InvoiceStatus.DUE.value, InvoiceStatus.REFUSED.value)


class WrongProof(Exception):
    """``why``: "type", "size" or "empty"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NotWaiting(Exception):
    """The invoice is no longer in the state that this needs; someone else was quicker or time is up."""


def open_invoice(*, appointment: Appointment, payer: User, now: datetime) -> Invoice:
    """One invoice for an appointment; earlier credit pays first, and what then costs nothing is confirmed at
    once."""
    due_at = appointment.hold_until or now + timedelta(minutes=appointment.rules.pay_within_minutes)
    with transaction.atomic():
        credit = min(credits.available(payer, to_spend=True), appointment.tariff)
        name = "bank_transfer" if appointment.tariff - credit else "free"
        provider: Provider = import_string(settings.PAYMENT_PROVIDERS[name])()
        invoice = _insert(
            appointment=appointment, payer=payer, name=name, provider=provider, credit=credit, due_at=due_at, now=now
        )
        if credits.spend(invoice=invoice, most=credit, now=now) != credit:
            raise NotWaiting  # spent on another invoice in the same moment: nothing is kept, she may book again
        if invoice.status in {InvoiceStatus.FREE, InvoiceStatus.PAID}:
            bookings.confirm(appointment=appointment, by=payer, now=now)
        post(
            invoice, now=now, receivable=invoice.to_transfer, credits_owed=credit, sessions=-invoice.amount,
            unique_parts=-invoice.unique_part,
        )
    return invoice


def _insert(
    *, appointment: Appointment, payer: User, name: str, provider: Provider, credit: int, due_at: datetime,
    now: datetime,
) -> Invoice:
    """Two who book at one moment may draw the same last digits; the database lets one have them and the
    other draws again. The number comes from the row's own, so that no two are alike."""
    to_pay = appointment.tariff - credit
    settled = InvoiceStatus.PAID if credit else InvoiceStatus.FREE
    for attempt in range(DRAWS):
        taken = Invoice.objects.filter(amount=F("credit") + to_pay, status__in=[*WAITING, InvoiceStatus.PROOF])
        opened = provider.open(
            amount=to_pay, taken=set(taken.values_list("unique_part", flat=True)), due_at=due_at
        )
        try:
            with transaction.atomic():
                invoice = Invoice.objects.create(
                    appointment=appointment,
                    payer=payer,
                    number=uuid.uuid4().hex[:20],
                    provider=name,
                    status=settled if opened.paid else InvoiceStatus.DUE,
                    amount=appointment.tariff,
                    credit=credit,
                    unique_part=opened.unique_part,
                    due_at=None if opened.paid else opened.due_at,
                    created_at=now,
                    paid_at=now if opened.paid else None,
                )
                invoice.number = f"T{now:%y%m}-{invoice.pk:05d}"
                invoice.save(update_fields=["number"])
                return invoice
        except IntegrityError:
            if attempt == DRAWS - 1:
                raise
    raise AssertionError("unreachable")


def _change(invoice: Invoice, *, only: tuple[str, ...], **values: object) -> None:
    if not Invoice.objects.filter(pk=invoice.pk, status__in=only).update(**values):
        raise NotWaiting
    for name, value in values.items():
        setattr(invoice, name, value)


def kind_of(content: bytes) -> str:
    """The type by its first bytes; the name of a file says nothing."""
    return next((kind for start, kind in TYPES.items() if content.startswith(start)), "")


def upload_proof(*, invoice: Invoice, content: bytes, by: User, now: datetime) -> Proof:
    """A proof holds the seat until somebody has looked at it."""
    if not content:
        raise WrongProof("empty")
    if len(content) > PROOF_LIMIT:
        raise WrongProof("size")
    kind = kind_of(content)
    if not kind:
        raise WrongProof("type")
    appointment = invoice.appointment
    with transaction.atomic():
        _change(invoice, only=(*WAITING, InvoiceStatus.PROOF.value), status=InvoiceStatus.PROOF.value, reason="")
        proof = Proof.objects.create(invoice=invoice, kind=kind, size=len(content), content=content, uploaded_at=now)
        bookings.extend_hold(appointment=appointment, until=appointment.ends_at + timedelta(days=2), now=now)
        appointment.refresh_from_db(fields=["status"])
        if appointment.status in {Status.CANCELLED, Status.RELEASED}:
            raise NotWaiting  # the seat went meanwhile; the proof is not kept and the page says so
        if appointment.rules.proof_opens_room and appointment.starts_at - now < NIGHT:
            bookings.confirm(appointment=appointment, by=None, now=now)
        audit.record(by=by, verb="proof.uploaded", subject=f"invoice:{invoice.number}", now=now)
    return proof


def let_in_on_proof(*, invoice: Invoice, now: datetime) -> bool:
    """A proof nobody has read by the evening before: nobody may be awake to look, so by the published rule the
    seat is hers and the money is checked later. False where the seat or the proof is no longer in that state."""
    with transaction.atomic():
        if not Invoice.objects.filter(pk=invoice.pk, status=InvoiceStatus.PROOF).exists():
            return False
        try:
            bookings.confirm(appointment=invoice.appointment, by=None, now=now)
        except bookings.NotBookable:
            return False
    return True


def accept(*, invoice: Invoice, by: User, now: datetime) -> None:
    with transaction.atomic():
        _change(invoice, only=(InvoiceStatus.PROOF.value, *WAITING), status=InvoiceStatus.PAID.value, paid_at=now)
        post(invoice, now=now, bank=invoice.to_transfer, receivable=-invoice.to_transfer)
        _decided(invoice, by=by, now=now)
        appointment = Appointment.objects.get(pk=invoice.appointment_id)
        if appointment.status in {Status.HELD, Status.BOOKED}:
            bookings.confirm(appointment=appointment, by=by, now=now)
        elif queries.owed_back(appointment):
            owe_refund(invoice=invoice, now=now)  # paid for a seat that is gone: money always ends somewhere
        audit.record(
            by=by, verb="payment.accepted", subject=f"invoice:{invoice.number}", now=now, about=invoice.payer
        )


def refuse(*, invoice: Invoice, by: User, reason: str, now: datetime) -> None:
    """She reads why and may send another until the new deadline. Where the seat is gone nothing is owed."""
    appointment = Appointment.objects.select_related("rules").get(pk=invoice.appointment_id)
    until = min(now + timedelta(minutes=appointment.rules.pay_within_minutes), appointment.starts_at)
    if appointment.starts_at <= now:
        until = now + PAY_LATER
    with transaction.atomic():
        _change(
            invoice, only=(InvoiceStatus.PROOF.value,), status=InvoiceStatus.REFUSED.value, reason=reason, due_at=until
        )
        _decided(invoice, by=by, now=now)
        if appointment.status in {Status.CANCELLED, Status.RELEASED}:
            _expire(invoice, now=now)
        else:
            bookings.extend_hold(appointment=appointment, until=until, now=now)
        audit.record(
            by=by, verb="payment.refused", subject=f"invoice:{invoice.number}", now=now, about=invoice.payer
        )


def _decided(invoice: Invoice, *, by: User, now: datetime) -> None:
    Proof.objects.filter(invoice=invoice, decided_at__isnull=True).update(decided_at=now, decided_by=by)


def owe_refund(*, invoice: Invoice, now: datetime) -> None:
    """After a cancellation: what was paid is owed back; what was not paid is owed no more."""
    with transaction.atomic():
        invoice.refresh_from_db(fields=["status"])
        if invoice.status == InvoiceStatus.PAID:
            _change(invoice, only=("paid",), status=InvoiceStatus.REFUND_OWED.value, refund_owed_at=now)
            post(invoice, now=now, sessions=invoice.amount, unique_parts=invoice.unique_part, refunds_owed=-invoice.to_transfer, credits_owed=-invoice.credit)
            credits.give_back(invoice=invoice, now=now)
        elif invoice.status in WAITING:
            _expire(invoice, now=now)
        elif invoice.status == InvoiceStatus.PROOF:
            pass  # a proof nobody has read: what is owed back is decided when the manager has


def pay_refund(*, invoice: Invoice, by: User, now: datetime) -> None:
    """The manager has transferred it back."""
    with transaction.atomic():
        _change(invoice, only=("refund_owed",), status=InvoiceStatus.REFUNDED.value, refunded_at=now)
        post(invoice, now=now, refunds_owed=invoice.to_transfer, bank=-invoice.to_transfer)
        audit.record(by=by, verb="refund.paid", subject=f"invoice:{invoice.number}", now=now, about=invoice.payer)


def _expire(invoice: Invoice, *, now: datetime) -> None:
    _change(invoice, only=WAITING, status=InvoiceStatus.EXPIRED.value)
    post(
        invoice, now=now, receivable=-invoice.to_transfer, credits_owed=-invoice.credit, sessions=invoice.amount,
        unique_parts=invoice.unique_part,
    )
    credits.give_back(invoice=invoice, now=now)


def expire(*, invoice: Invoice, now: datetime) -> bool:
    """Unpaid past its deadline: the seat becomes free, also one that an unread proof had made firm. False where
    it was paid or proved meanwhile."""
    appointment = Appointment.objects.select_related("counsellor__user").get(pk=invoice.appointment_id)
    try:
        with transaction.atomic():
            _expire(invoice, now=now)
            if appointment.status == Status.BOOKED:
                bookings.cancel(appointment=appointment, by=None, now=now)
            else:
                bookings.extend_hold(appointment=appointment, until=now, now=now)
                bookings.release(appointment=appointment, now=now)
    except NotWaiting:
        return False
    return True
