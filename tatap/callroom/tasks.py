"""What the worker does for the room."""

from datetime import datetime, timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from tatap.accounts.models import User
from tatap.bookings.models import Appointment
from tatap.callroom import queries
from tatap.notifications import actions as notifications
from tatap.notifications.actions import Recipient
from tatap.preparation.domain.plan import shown
from tatap.preparation.queries import plan_of


def tell_absent(now: datetime) -> int:
    """Whoever is missed for as long as the two agreed, while the other is in the room, gets one message for each
    absence. Returns how many are missed."""
    count = 0
    for appointment in queries.under_way(now=now):
        plan = plan_of(appointment)
        for person, since in queries.missed(appointment):
            if now - since >= timedelta(minutes=plan.after):
                _tell(appointment, person, since=since, now=now)
                count += 1
    return count


def _tell(appointment: Appointment, person: User, *, since: datetime, now: datetime) -> None:
    """Says what was agreed without the number or a name: a letter may be read over a shoulder."""
    role = "counsellor" if person.pk == appointment.counsellor.user_id else "client"
    with translation.override(person.language):
        context = {
            "plan": shown(plan_of(appointment), role=role),
            "room": settings.ORIGIN + reverse("callroom:room", args=[appointment.code]),
            "code": appointment.code,
        }
        notifications.queue(
            key=f"absent:{appointment.code}:{person.pk}:{since:%Y%m%dT%H%M%S}",
            to=Recipient(address=person.email, language=person.language, zone=person.zone),
            subject=_("Your seat is kept"),
            text=render_to_string("callroom/mail/absent.txt", context),
            now=now,
        )
