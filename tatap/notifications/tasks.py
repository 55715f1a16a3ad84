from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from tatap.notifications.models import Message
from tatap.notifications.provider import Letter, Provider


def deliver(row: Message, now: datetime) -> None:
    """Sends one message; the worker's lease keeps a second process away meanwhile."""
    provider: Provider = import_string(settings.NOTIFICATION_PROVIDERS[row.channel])()
    provider.send(
        Letter(
            key=row.key, address=row.address, subject=row.subject, text=row.text, html=row.html,
            ics=bytes(row.ics), ics_method=row.ics_method,
        )
    )
