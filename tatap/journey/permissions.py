"""Who may do what across rooms; the loader and the check are one."""

from django.http import Http404

from tatap.accounts.models import User
from tatap.bookings.models import Appointment
from tatap.bookings.permissions import appointment_for
from tatap.counsellors.models import Counsellor
from tatap.journey import links


def by_link(token: str) -> tuple[Appointment, User]:
    link = links.read(token)
    if link is None:
        raise Http404
    person = User.objects.filter(pk=link.person_id, is_active=True).first()
    if person is None:
        raise Http404
    return appointment_for(person, link.code), person


def own_counsellor(user: User) -> Counsellor:
    found = Counsellor.objects.select_related("user").filter(user=user).first()
    if found is None or user.role != "counsellor":
        raise Http404
    return found
