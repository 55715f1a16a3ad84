from datetime import datetime
from typing import Any

from tatap.audit.models import Event


def record(*, by: Any, verb: str, subject: str, now: datetime, about: Any = None, **facts: Any) -> Event:
    """Call it inside the transaction of what it tells of. ``by`` and ``about``: a user or None (the system).
    ``facts``: numbers, codes and dates; never names or words that a person wrote."""
    return Event.objects.create(
        at=now,
        actor=str(by.pk) if by is not None else "system",
        actor_role=getattr(by, "role", "system") if by is not None else "system",
        verb=verb,
        subject=subject,
        about=str(about.pk) if about is not None else "",
        facts=facts,
    )
