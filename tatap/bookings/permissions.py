from typing import Any

from django.http import Http404

from tatap.bookings.models import Appointment


def appointment_for(user: Any, code: str) -> Appointment:
    """The appointment, for someone who takes part in it; for anyone else there is none."""
    if not getattr(user, "is_authenticated", True):
        raise Http404
    found = (
        Appointment.objects.select_related("counsellor__user", "service", "rules")
        .prefetch_related("participants__person")
        .filter(code=code.upper())
        .first()
    )
    if found is None or all(p.person_id != user.pk for p in found.participants.all()):
        raise Http404
    return found
