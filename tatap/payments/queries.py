from datetime import datetime

from tatap.bookings.models import Appointment, Status
from tatap.payments.models import BankAccount, Invoice, InvoiceStatus


def invoice_of(appointment: Appointment) -> Invoice | None:
    return Invoice.objects.filter(appointment=appointment).first()


def may_enter(appointment: Appointment, *, now: datetime) -> bool:
    """Paid or free; by the practice's rule also on a proof that nobody has looked at yet."""
    if appointment.status != Status.BOOKED:
        return False
    invoice = invoice_of(appointment)
    if invoice is None or invoice.status in {InvoiceStatus.PAID, InvoiceStatus.FREE}:
        return True
    return invoice.status == InvoiceStatus.PROOF and appointment.rules.proof_opens_room


def bank_account() -> BankAccount | None:
    return BankAccount.objects.order_by("-pk").first()
