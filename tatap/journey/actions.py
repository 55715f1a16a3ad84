"""What spans rooms, each as one function in which every step can be seen."""

from datetime import datetime, timedelta

from django.db import transaction

from tatap.accounts.models import User
from tatap.audit import actions as audit
from tatap.bookings import actions as bookings
from tatap.bookings.models import Appointment, LostGiven, Status
from tatap.callroom import queries as callroom
from tatap.counsellors.models import Service
from tatap.journey.models import Settlement
from tatap.payments import actions as payments
from tatap.payments import credits
from tatap.payments import queries as payment_queries
from tatap.payments.domain.giving_back import worth
from tatap.payments.models import Credit, InvoiceStatus

ABSENT = "counsellor_absent"


class NotLate(Exception):
    """The counsellor is here after all, or the practice's rule does not offer this."""


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
    if appointment.status not in {Status.HELD, Status.BOOKED}:
        return False
    if now >= appointment.starts_at:
        return may_choose_late(appointment, by=by, now=now)
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
        invoice = payment_queries.invoice_of(appointment, to_change=True)
        bookings.cancel(appointment=appointment, by=by, now=now)
        if invoice is not None:
            if refund_due(appointment, by=by, now=now):
                payments.owe_refund(invoice=invoice, now=now)
            else:
                audit.record(
                    by=by, verb="refund.not_due", subject=f"appointment:{appointment.code}", now=now
                )


def may_choose_late(appointment: Appointment, *, by: User, now: datetime) -> bool:
    """Another time, money back or a call: the client's choice, from the minute that the practice's rule names."""
    return by.role == "client" and callroom.may_choose(appointment, now=now)


def refund_late(*, appointment: Appointment, by: User, now: datetime) -> None:
    """The client waited long enough: the seat is given back and everything she paid is owed to her, as when the
    practice itself cancels. What nobody has seen arrive yet is owed once the manager has confirmed it."""
    if not (appointment.rules.late_refund and may_choose_late(appointment, by=by, now=now)):
        raise NotLate
    with transaction.atomic():
        invoice = payment_queries.invoice_of(appointment, to_change=True)
        bookings.cancel(appointment=appointment, by=None, now=now)
        if invoice is not None:
            payments.owe_refund(invoice=invoice, now=now)
        audit.record(by=by, verb="late.refund_chosen", subject=f"appointment:{appointment.code}", now=now, about=by)


class NotSeenYet(Exception):
    """Nobody has looked at the proof of payment: money never seen is not owed back."""


def settle_absence(*, appointment: Appointment, by: User, refund: bool, now: datetime) -> None:
    """The manager's word on a session to which only the client came."""
    with transaction.atomic():
        invoice = payment_queries.invoice_of(appointment, to_change=True)
        if refund and invoice is not None and invoice.status == InvoiceStatus.PROOF:
            raise NotSeenYet
        bookings.seen_by_manager(appointment=appointment)
        if refund and invoice is not None:
            payments.owe_refund(invoice=invoice, now=now)
        verb = "absence.refunded" if refund else "absence.settled"
        audit.record(by=by, verb=verb, subject=f"appointment:{appointment.code}", now=now, about=appointment.client)


def close_past(*, appointment: Appointment, now: datetime) -> None:
    """Once its time is over: held if both were in the room, else not come. What the line took is settled next."""
    with transaction.atomic():
        both = callroom.both_were_there(appointment=appointment)
        outcome = Status.FULFILLED if both else Status.NOSHOW
        for_manager = ABSENT if callroom.only_the_client_came(appointment) else ""
        bookings.finish(appointment=appointment, outcome=outcome.value, now=now, for_manager=for_manager)
        if both:
            Settlement.objects.get_or_create(
                key=f"settle:{appointment.code}", defaults={"appointment": appointment, "due_at": now}
            )


class NotDecided(Exception):
    """Whether the session was paid is not known yet; asked again later."""


def settle(*, appointment: Appointment, now: datetime) -> Credit | None:
    """Gives back what the line took and was not taken at the end, by the rules frozen at booking; once, however
    often it is asked. None where nothing is due."""
    rules = appointment.rules
    taken = callroom.taken_minutes(appointment)
    lost = callroom.lost_of(appointment).seconds
    seconds = max(0, lost - 60 * taken)
    if rules.lost_given not in {LostGiven.EXTEND_OR_CREDIT, LostGiven.CREDIT} or seconds == 0 or lost < rules.lost_least_seconds:
        return None
    invoice = payment_queries.invoice_of(appointment)
    if invoice is None or payment_queries.is_unpaid_for_good(invoice):
        return None
    if invoice.status != InvoiceStatus.PAID:
        raise NotDecided
    length = int((appointment.ends_at - appointment.starts_at).total_seconds()) - 60 * taken
    amount = worth(tariff=appointment.tariff, seconds=seconds, of_seconds=length)
    return credits.give(appointment=appointment, seconds=seconds, amount=amount, now=now) if amount else None
