"""Who may do what across rooms; the loader and the check are one."""

from django.http import Http404

from tatap.accounts.models import User
from tatap.bookings.models import Appointment
from tatap.bookings.permissions import appointment_for
from tatap.counsellors.models import Counsellor
from tatap.counsellors.permissions import must_be_counsellor
from tatap.journey import links


def by_link(token: str) -> tuple[Appointment, User]:
    link = links.read(token)
    if link is None:
        raise Http404
    person = User.objects.filter(pk=link.person_id, is_active=True).first()
    if person is None:
        raise Http404
    return appointment_for(person, link.code), person


def own_counsellor(user: User) -> Counsellor | None:
    """None for a counsellor who has not begun her profile; for others the page is not there. Nothing is read of
    the profile but whose it is."""
    return Counsellor.objects.filter(user=must_be_counsellor(user)).only("user").first()
