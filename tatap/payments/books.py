"""The books: entries that add up to nothing."""

import uuid
from datetime import datetime

from tatap.payments.models import Invoice, Posting


def post(invoice: Invoice, *, now: datetime, **lines: int) -> None:
    """One entry of the books; what does not add up to nothing is refused."""
    if sum(lines.values()) != 0:
        raise ValueError("an entry of the books must add up to nothing")
    entry = uuid.uuid4()
    Posting.objects.bulk_create(
        [
            Posting(entry=entry, invoice=invoice, account=account, amount=amount, at=now)
            for account, amount in lines.items()
            if amount
        ]
    )
