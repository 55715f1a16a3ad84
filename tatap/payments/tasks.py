from datetime import datetime

from tatap.payments import actions
from tatap.payments.models import Invoice


def expire_unpaid(now: datetime) -> int:
    rows = Invoice.objects.filter(status__in=actions.WAITING, due_at__lte=now).select_related(
        "appointment__counsellor__user"
    )
    return sum(actions.expire(invoice=row, now=now) for row in rows[:200])
