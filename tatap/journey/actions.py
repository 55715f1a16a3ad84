"""What spans rooms, each as one function in which every step can be seen."""

from datetime import datetime, timedelta

from django.db import transaction

from tatap.accounts.models import User
from tatap.audit import actions as audit
from tatap.bookings import actions as bookings
from tatap.bookings.models import Appointment, Status
from tatap.callroom import queries as callroom
from tatap.counsellors.models import Service
from tatap.payments import actions as payments
from tatap.payments import queries as payment_queries


class TooLate(Exception):
    """The published rule no longer allows it; the message is the rule in hours."""

    def __init__(self, hours: int) -> None:
        super().__init__(hours)
        self.hours = hours


def book(*, client: User, service: Service, starts_at: datetime, now: datetime) -> Appointment:
    """A seat and its invoice, together or not at all. What costs nothing is confirmed at once."""
    with transaction.atomic():
        appointment = bookings.hold(client=client, service=service, starts_at=starts_at, now=now)
        payments.open_invoice(appointment=appointment, payer=client, now=now)
        appointment.refresh_from_db()
    return appointment


def may_move(appointment: Appointment, *, by: User, now: datetime) -> bool:
    if appointment.status not in {Status.HELD, Status.BOOKED} or now >= appointment.starts_at:
        return False
    early = now <= appointment.starts_at - timedelta(hours=appointment.rules.move_until_hours)
    return early or by.role != "client"


def move(*, appointment: Appointment, starts_at: datetime, by: User, now: datetime) -> Appointment:
    """The invoice follows, since it belongs to the appointment and not to its hour."""
    if not may_move(appointment, by=by, now=now):
        raise TooLate(appointment.rules.move_until_hours)
    return bookings.move(appointment=appointment, starts_at=starts_at, by=by, now=now)


def refund_due(appointment: Appointment, *, by: User, now: datetime) -> bool:
    """By the rules frozen at booking; when the practice cancels, always."""
    return payment_queries.refund_due(appointment, by=by, at=now)


def cancel(*, appointment: Appointment, by: User, now: datetime) -> None:
    """Frees the seat, owes what the rule gives back, closes the room. The letter is written by the worker."""
    with transaction.atomic():
        bookings.cancel(appointment=appointment, by=by, now=now)
        invoice = payment_queries.invoice_of(appointment)
        if invoice is not None:
            if refund_due(appointment, by=by, now=now):
                payments.owe_refund(invoice=invoice, now=now)
            else:
                audit.record(
                    by=by, verb="refund.not_due", subject=f"appointment:{appointment.code}", now=now
                )


def close_past(*, appointment: Appointment, now: datetime) -> None:
    """Once its time is over: held if both were in the room, else not come."""
    with transaction.atomic():
        both = callroom.both_were_there(appointment=appointment)
        outcome = Status.FULFILLED if both else Status.NOSHOW
        bookings.finish(appointment=appointment, outcome=outcome.value, now=now)
