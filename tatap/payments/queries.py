from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet

from tatap.accounts.models import User
from tatap.bookings.models import Appointment, Status
from tatap.payments.models import BankAccount, Credit, Invoice, InvoiceStatus


def invoice_of(appointment: Appointment, *, to_change: bool = False) -> Invoice | None:
    """``to_change``: within a transaction, before the seat is touched, so that a manager who confirms the transfer
    in the same moment comes wholly before or wholly after."""
    rows = Invoice.objects.filter(appointment=appointment)
    if to_change and connection.features.has_select_for_update:
        rows = rows.select_for_update()
    return rows.first()


def may_enter(appointment: Appointment, *, now: datetime) -> bool:
    """Paid or free; by the practice's rule also on a proof that nobody has looked at yet."""
    if appointment.status != Status.BOOKED:
        return False
    invoice = invoice_of(appointment)
    if invoice is None or invoice.status in {InvoiceStatus.PAID, InvoiceStatus.FREE}:
        return True
    return invoice.status == InvoiceStatus.PROOF and appointment.rules.proof_opens_room


def refund_due(appointment: Appointment, *, by: User | None, at: datetime) -> bool:
    """What a cancellation at that moment gives back, by the rules frozen at booking: early enough all of it, and
    always where it was not the client who cancelled."""
    early = at <= appointment.starts_at - timedelta(hours=appointment.rules.refund_until_hours)
    return by is None or by.role != "client" or early


def owed_back(appointment: Appointment) -> bool:
    """For money that came to light afterwards: a seat let go or cancelled in time, not a session that was held."""
    if appointment.status == Status.CANCELLED and appointment.cancelled_at is not None:
        return refund_due(appointment, by=appointment.cancelled_by, at=appointment.cancelled_at)
    return appointment.status == Status.RELEASED


def owed_once_seen(invoice: Invoice | None) -> bool:
    """Money on its way that goes back as soon as somebody has seen it arrive; until then nothing is owed."""
    return invoice is not None and invoice.status == InvoiceStatus.PROOF and owed_back(invoice.appointment)


def bank_account() -> BankAccount | None:
    return BankAccount.objects.order_by("-pk").first()


def is_unpaid_for_good(invoice: Invoice) -> bool:
    """Free, or nobody's money stays in it."""
    return invoice.status in {
        InvoiceStatus.FREE, InvoiceStatus.EXPIRED, InvoiceStatus.REFUND_OWED, InvoiceStatus.REFUNDED
    }


def credit_of(appointment: Appointment) -> Credit | None:
    return Credit.objects.filter(appointment=appointment).first()


def credits_left() -> QuerySet[Credit]:
    """What the practice still owes for lost minutes, the oldest first."""
    return Credit.objects.filter(left__gt=0).select_related("person", "appointment").order_by("given_at")
