"""Signed links in letters: whoever holds one may move or cancel that one appointment, until it begins."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.urls import reverse

from tatap.accounts.models import User
from tatap.bookings.models import Appointment

SALT = "journey.link"


@dataclass(frozen=True)
class Link:
    code: str
    person_id: int


def make(*, appointment: Appointment, person: User) -> str:
    token = signing.dumps({"c": appointment.code, "p": person.pk}, salt=SALT)
    return settings.ORIGIN + reverse("journey:signed", args=[token])


def read(token: str) -> Link | None:
    try:
        facts = signing.loads(token, salt=SALT, max_age=60 * 60 * 24 * 120)
    except signing.BadSignature:
        return None
    return Link(code=str(facts["c"]), person_id=int(facts["p"]))


def still_open(appointment: Appointment, *, now: datetime) -> bool:
    return appointment.status in {"held", "booked"} and now < appointment.starts_at
