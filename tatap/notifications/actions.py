from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from tatap.notifications.models import Message

#: how the keys of letters with a code or link begin; their words are forgotten once they are sent
FORGOTTEN = "secret:"


@dataclass(frozen=True)
class Recipient:
    address: str
    language: str
    zone: str


def queue(
    *,
    key: str,
    to: Recipient,
    subject: str,
    text: str,
    now: datetime,
    html: str = "",
    ics: bytes = b"",
    ics_method: str = "REQUEST",
    due_at: datetime | None = None,
) -> Message:
    """Idempotent by key: the same letter is queued once."""
    message, _made = Message.objects.get_or_create(
        key=key,
        defaults={
            "channel": settings.NOTIFICATION_CHANNEL,
            "address": to.address,
            "subject": subject.replace("\n", " ")[:200],
            "text": text,
            "html": html,
            "ics": ics,
            "ics_method": ics_method,
            "queued_at": now,
            "due_at": due_at or now,
        },
    )
    return message
