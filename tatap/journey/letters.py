"""What the practice writes to people. Neutral words: a letter may be read over a shoulder."""

from datetime import datetime, timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from tatap.accounts.models import User
from tatap.bookings.models import Appointment
from tatap.callroom.domain.lost import minutes
from tatap.journey import links
from tatap.lib import zones
from tatap.lib.rupiah import rupiah
from tatap.notifications import actions as notifications
from tatap.notifications.actions import Recipient
from tatap.payments.models import Credit

SUBJECTS = {
    "booked": lambda when: _("Your appointment on %(when)s") % {"when": when},
    "moved": lambda when: _("Your appointment is now on %(when)s") % {"when": when},
    "cancelled": lambda when: _("The appointment on %(when)s is cancelled") % {"when": when},
    "day": lambda when: _("Tomorrow: your appointment on %(when)s") % {"when": when},
    "hour": lambda when: _("In one hour: your appointment on %(when)s") % {"when": when},
}


def when_in_words(moment: datetime, *, zone: str, language: str) -> str:
    """``Selasa, 24 November 19.00 WIB``, in the reader's zone and language."""
    from babel.dates import format_date

    day = format_date(zones.local(moment, zone).date(), "EEEE, d MMMM", locale=language)
    return f"{day} {zones.clock_time(moment, zone)}"


def write(*, appointment: Appointment, what: str, now: datetime) -> None:
    """Queues one letter to each participant; a second call with the same facts queues nothing."""
    for participant in appointment.participants.select_related("person").order_by("id"):
        person = participant.person
        with translation.override(person.language):
            _queue(appointment=appointment, person=person, what=what, now=now)


def write_credit(*, credit: Credit, now: datetime) -> None:
    """To the client: what was given back, in words that say nothing of the talk."""
    person, appointment = credit.person, credit.appointment
    with translation.override(person.language):
        context = {
            "amount": rupiah(credit.amount),
            "minutes": minutes(credit.seconds),
            "when": when_in_words(appointment.starts_at, zone=person.zone, language=person.language),
            "code": appointment.code,
            "page": settings.ORIGIN + reverse("journey:appointment", args=[appointment.code]),
        }
        notifications.queue(
            key=f"credit:{appointment.code}",
            to=Recipient(address=person.email, language=person.language, zone=person.zone),
            subject=_("%(amount)s are put to your credit") % context,
            text=render_to_string("journey/mail/credit.txt", context),
            now=now,
        )


def _queue(*, appointment: Appointment, person: User, what: str, now: datetime) -> None:
    when = when_in_words(appointment.starts_at, zone=person.zone, language=person.language)
    context = {
        "what": what,
        "when": when,
        "minutes": int((appointment.ends_at - appointment.starts_at) / timedelta(minutes=1)),
        "code": appointment.code,
        "page": settings.ORIGIN + reverse("journey:appointment", args=[appointment.code]),
        "change": links.make(appointment=appointment, person=person),
        "for_counsellor": person.role == "counsellor",
    }
    with_file = what in {"booked", "moved", "cancelled"}
    method = "CANCEL" if what == "cancelled" else "REQUEST"
    notifications.queue(
        key=f"{what}:{appointment.code}:{appointment.sequence}:{person.pk}",
        to=Recipient(address=person.email, language=person.language, zone=person.zone),
        subject=SUBJECTS[what](when),
        text=render_to_string("journey/mail/appointment.txt", context),
        ics=calendar_file(appointment=appointment, person=person, method=method, now=now) if with_file else b"",
        ics_method=method,
        now=now,
    )


def calendar_file(*, appointment: Appointment, person: User, method: str, now: datetime) -> bytes:
    """RFC 5545/5546 with that person as the only attendee, so that neither learns the other's address."""
    calendar = Calendar()
    for name, value in [("PRODID", "-//Tatap//1.0//ID"), ("VERSION", "2.0"), ("METHOD", method)]:
        calendar.add(name, value)
    event = Event()
    event.add("UID", f"{appointment.uid}@tatap")
    event.add("SEQUENCE", appointment.sequence)
    event.add("DTSTAMP", now)
    event.add("DTSTART", appointment.starts_at)
    event.add("DTEND", appointment.ends_at)
    event.add("SUMMARY", _("Appointment"))
    event.add("URL", settings.ORIGIN + reverse("journey:appointment", args=[appointment.code]))
    event.add("STATUS", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event.add("CLASS", "PRIVATE")
    event.add("TRANSP", "OPAQUE")
    sender = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")
    event.add("ORGANIZER", vCalAddress(f"mailto:{sender}"))
    attendee = vCalAddress(f"mailto:{person.email}")
    for name, value in [("ROLE", "REQ-PARTICIPANT"), ("PARTSTAT", "NEEDS-ACTION"), ("RSVP", "FALSE")]:
        attendee.params[name] = vText(value)
    event.add("ATTENDEE", attendee)
    if method != "CANCEL":
        alarm = Alarm()
        alarm.add("ACTION", "DISPLAY")
        alarm.add("DESCRIPTION", _("Appointment"))
        alarm.add("TRIGGER", timedelta(minutes=-30))
        event.add_component(alarm)
    calendar.add_component(event)
    return bytes(calendar.to_ical())
