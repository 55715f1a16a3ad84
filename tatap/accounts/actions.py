from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import transaction

from tatap.accounts import queries
from tatap.accounts.models import Consent, ConsentText, Practice, User
from tatap.audit import actions as audit

GRACE = timedelta(hours=12)


def give_consent(*, person: User, text: ConsentText, language: str, now: datetime) -> Consent:
    """Given twice, it stands once."""
    with transaction.atomic():
        consent, made = Consent.objects.get_or_create(
            person=person, text=text, withdrawn_at=None, defaults={"given_at": now, "language": language}
        )
        if made:
            audit.record(by=person, verb="consent.given", subject=f"consent:{text.kind}.{text.version}", now=now)
    return consent


def withdraw_consent(*, consent: Consent, by: User, now: datetime) -> None:
    with transaction.atomic():
        if Consent.objects.filter(pk=consent.pk, withdrawn_at__isnull=True).update(withdrawn_at=now):
            text = consent.text
            audit.record(by=by, verb="consent.withdrawn", subject=f"consent:{text.kind}.{text.version}", now=now)


def reset_second_factor(*, person: User, by: User, now: datetime) -> None:
    """For someone who lost her phone: she gets in with her first factor alone for twelve hours, and must
    set up a new second one after that."""
    with transaction.atomic():
        Authenticator.objects.filter(user=person).delete()
        person.grace_until = now + GRACE
        person.save(update_fields=["grace_until"])
        audit.record(by=by, verb="second_factor.reset", subject=f"user:{person.pk}", now=now, about=person)


def hide_addresses(*, practice: Practice, hide: bool, by: User, now: datetime) -> None:
    """In every session of the practice, or where one of its two people wishes it."""
    with transaction.atomic():
        if Practice.objects.filter(pk=practice.pk).exclude(hide_addresses=hide).update(hide_addresses=hide):
            queries.PRACTICE.forget()
            audit.record(by=by, verb="practice.hide_addresses", subject=f"practice:{practice.pk}", now=now, hide=hide)


def sign_out_everywhere(*, person: User, now: datetime) -> int:
    """Ends every session of that person; returns how many."""
    ended = 0
    for session in Session.objects.filter(expire_date__gt=now).iterator():
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            session.delete()
            ended += 1
    audit.record(by=person, verb="sessions.ended", subject=f"user:{person.pk}", now=now, ended=ended)
    return ended
