from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch
from django.http import Http404

from tatap.bookings.models import Appointment, Participant


def appointment_for(
    user: Any, code: str, *, along: tuple[str, ...] = ("service",), only: tuple[str, ...] = (),
    of_people: tuple[str, ...] = (), also: Mapping[str, Any] | None = None,
) -> Appointment:
    """The appointment, for someone who takes part in it; for anyone else there is none. ``along``: rows (of rooms
    above too) that come with it in the same query; ``only``: their fields, where a page is to be quick;
    ``of_people``: the fields of those who take part; ``also``: what is asked of the rooms above beside it."""
    if not getattr(user, "is_authenticated", True):
        raise Http404
    people = Participant.objects.select_related("person")
    if of_people:
        people = people.only("appointment", "part", *(f"person__{name}" for name in of_people))
    found = (
        Appointment.objects.select_related("counsellor__user", "rules", *along).only(*only).annotate(**also or {})
        .prefetch_related(Prefetch("participants", people))
        .filter(code=code.upper())
        .first()
    )
    if found is None or all(p.person_id != user.pk for p in found.participants.all()):
        raise Http404
    return found
