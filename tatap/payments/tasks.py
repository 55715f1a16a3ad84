from datetime import datetime

from tatap.bookings.models import Status
from tatap.payments import actions
from tatap.payments.models import Invoice, InvoiceStatus


def expire_unpaid(now: datetime) -> int:
    rows = Invoice.objects.filter(status__in=actions.WAITING, due_at__lte=now).select_related(
        "appointment__counsellor__user"
    )
    return sum(actions.expire(invoice=row, now=now) for row in rows[:200])


def let_in_on_proof(now: datetime) -> int:
    """Proofs uploaded early whose session has come near while nobody looked at them."""
    rows = Invoice.objects.filter(
        status=InvoiceStatus.PROOF, appointment__status=Status.HELD, appointment__rules__proof_opens_room=True,
        appointment__starts_at__lt=now + actions.NIGHT, appointment__ends_at__gt=now,
    ).select_related("appointment")
    return sum(actions.let_in_on_proof(invoice=row, now=now) for row in rows[:200])
