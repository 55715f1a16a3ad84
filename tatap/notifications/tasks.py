from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from tatap.notifications.actions import FORGOTTEN
from tatap.notifications.models import Message
from tatap.notifications.provider import Letter, Provider


def deliver(row: Message, now: datetime) -> None:
    """Sends one message; the worker's lease keeps a second process away meanwhile. At least once: a crash
    between sending and noting it sends again under the same Message-ID."""
    if not row.text:
        return  # sent before, and forgotten
    provider: Provider = import_string(settings.NOTIFICATION_PROVIDERS[row.channel])()
    provider.send(
        Letter(
            key=row.key, address=row.address, subject=row.subject, text=row.text, html=row.html,
            ics=bytes(row.ics), ics_method=row.ics_method,
        )
    )
    forget(row)


def forget(row: Message) -> None:
    """A code or link is not kept once it is sent, or once it is certain that it cannot be."""
    if row.key.startswith(FORGOTTEN):
        Message.objects.filter(pk=row.pk).update(text="", html="")
