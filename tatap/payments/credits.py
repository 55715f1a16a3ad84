"""Rupiah given back for lost minutes: given once for a session, spent by itself at the next invoices, or
transferred back by the manager."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, QuerySet

from tatap.accounts.models import User
from tatap.audit import actions as audit
from tatap.bookings.models import Appointment
from tatap.payments.books import post
from tatap.payments.models import Credit, CreditUse, Invoice


class NothingLeft(Exception):
    """The credit was spent or paid out meanwhile."""


def give(*, appointment: Appointment, seconds: int, amount: int, now: datetime) -> Credit:
    """Once for an appointment, however often it is asked; ``amount`` above zero."""
    invoice = Invoice.objects.select_related("payer").get(appointment=appointment)
    with transaction.atomic():
        row, made = Credit.objects.get_or_create(
            appointment=appointment,
            defaults={"person": invoice.payer, "seconds": seconds, "amount": amount, "left": amount, "given_at": now},
        )
        if made:
            post(invoice, now=now, sessions=amount, credits_owed=-amount)
            audit.record(
                by=None, verb="credit.given", subject=f"appointment:{appointment.code}", now=now, about=invoice.payer
            )
    return row


def open_credits(person: User) -> QuerySet[Credit]:
    return Credit.objects.filter(person=person, left__gt=0)


def available(person: User, *, to_spend: bool = False) -> int:
    """``to_spend``: within a transaction, in which nobody else spends of it."""
    rows = open_credits(person)
    if to_spend and connection.features.has_select_for_update:
        rows = rows.select_for_update()
    return sum(row.left for row in rows)


def spend(*, invoice: Invoice, most: int, now: datetime) -> int:
    """Pays up to ``most`` of a new invoice, the oldest credit first; returns how much. Within a transaction."""
    paid = 0
    for row in open_credits(invoice.payer):
        part = min(row.left, most - paid)
        if part <= 0:
            break
        if Credit.objects.filter(pk=row.pk, left__gte=part).update(left=F("left") - part):
            CreditUse.objects.create(credit=row, invoice=invoice, amount=part, at=now)
            paid += part
    return paid


def give_back(*, invoice: Invoice, now: datetime) -> None:
    """The invoice is paid by nobody after all, or paid back: what credit had paid of it is credit again."""
    for use in CreditUse.objects.filter(invoice=invoice, back_at__isnull=True):
        if CreditUse.objects.filter(pk=use.pk, back_at__isnull=True).update(back_at=now):
            Credit.objects.filter(pk=use.credit_id).update(
                left=F("left") + use.amount, paid_out_at=None, paid_out_by=None
            )


def pay_out(*, credit: Credit, by: User, now: datetime) -> None:
    """The manager has transferred what was left of it."""
    with transaction.atomic():
        left = credit.left
        changed = Credit.objects.filter(pk=credit.pk, left=left, left__gt=0).update(
            left=0, paid_out_at=now, paid_out_by=by
        )
        if not changed:
            raise NothingLeft
        invoice = Invoice.objects.get(appointment=credit.appointment_id)
        post(invoice, now=now, credits_owed=left, bank=-left)
        audit.record(by=by, verb="credit.paid_out", subject=f"invoice:{invoice.number}", now=now, about=credit.person)
