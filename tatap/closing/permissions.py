from typing import Any

from django.http import Http404

from tatap.bookings.models import Appointment
from tatap.bookings.permissions import appointment_for


def is_counsellor_of(user: Any, appointment: Appointment) -> bool:
    return bool(appointment.counsellor.user_id == user.pk)


def counsellors_appointment(user: Any, code: str) -> Appointment:
    """For the counsellor of that session; the card and the notes are hers to write."""
    found = appointment_for(user, code)
    if not is_counsellor_of(user, found):
        raise Http404
    return found


def clients_appointment(user: Any, code: str) -> Appointment:
    found = appointment_for(user, code)
    if is_counsellor_of(user, found):
        raise Http404
    return found
