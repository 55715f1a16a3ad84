"""Inviting somebody to work in the practice: the letter, the same letter again, taking it back, saying yes."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from tatap.accounts.models import Invitation, Practice, Role, User
from tatap.audit import actions as audit
from tatap.notifications import actions as notifications
from tatap.notifications.actions import FORGOTTEN, Recipient

STANDS_FOR = timedelta(days=30)  # after the last letter
PAUSE = timedelta(minutes=1)  # between two letters, so that a button pressed twice sends one


class AlreadyInvited(Exception):
    """An invitation to this address is open; another letter of it can be sent instead."""


class AlreadyHere(Exception):
    """Somebody with this address works in the practice."""


class JustSent(Exception):
    """The last letter is not a minute old."""


class NotOpen(Exception):
    """Accepted or withdrawn meanwhile."""


def unanswered() -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)


def standing(*, now: datetime) -> QuerySet[Invitation]:
    """Those that can be accepted."""
    return unanswered().filter(sent_at__gt=now - STANDS_FOR)


def invite(*, email: str, name: str, language: str, by: User | None, now: datetime) -> Invitation:
    """A counsellor, by a letter to that address. ``by``: None at the practice's first set-up."""
    email = email.lower()
    if User.objects.filter(email=email).exclude(role=Role.CLIENT).exists():
        raise AlreadyHere
    try:
        with transaction.atomic():
            made = Invitation.objects.create(
                email=email, name=name, language=language, role=Role.COUNSELLOR.value, created_at=now, sent_at=now
            )
            _write(made, now=now)
            audit.record(by=by, verb="invitation.sent", subject=f"invitation:{made.pk}", now=now)
    except IntegrityError:
        raise AlreadyInvited from None
    return made


def send_again(*, invitation: Invitation, by: User, now: datetime) -> None:
    """The same link, which stands anew from now on."""
    with transaction.atomic():
        mine = unanswered().filter(pk=invitation.pk)
        if not mine.filter(sent_at__lte=now - PAUSE).update(sent_at=now, letters=F("letters") + 1):
            raise JustSent if mine.exists() else NotOpen
        invitation.refresh_from_db()
        _write(invitation, now=now)
        audit.record(by=by, verb="invitation.sent", subject=f"invitation:{invitation.pk}", now=now)


def withdraw(*, invitation: Invitation, by: User, now: datetime) -> None:
    """The link in every letter of it leads nowhere from now on."""
    with transaction.atomic():
        if not unanswered().filter(pk=invitation.pk).update(withdrawn_at=now):
            raise NotOpen
        audit.record(by=by, verb="invitation.withdrawn", subject=f"invitation:{invitation.pk}", now=now)


def accept(*, invitation: Invitation, person: User, now: datetime) -> None:
    """Once; her name from the invitation stands where she gave none herself."""
    with transaction.atomic():
        if standing(now=now).filter(pk=invitation.pk).update(accepted_at=now):
            person.role, person.alias = invitation.role, person.alias or invitation.name
            person.save(update_fields=["role", "alias"])
            audit.record(by=person, verb="invitation.accepted", subject=f"invitation:{invitation.pk}", now=now)


def letter_key(invitation: Invitation) -> str:
    """Of the last letter; its link is forgotten once it is sent."""
    return f"{FORGOTTEN}invitation:{invitation.token}:{invitation.letters}"


def _write(invitation: Invitation, *, now: datetime) -> None:
    practice = Practice.objects.first()
    zone = practice.zone if practice else settings.TIME_ZONE
    context = {
        "practice": practice.name if practice else "Tatap", "name": invitation.name, "days": STANDS_FOR.days,
        "address": invitation.email, "page": settings.ORIGIN + reverse("accounts:invitation", args=[invitation.token]),
    }
    with translation.override(invitation.language):
        notifications.queue(
            key=letter_key(invitation),
            to=Recipient(invitation.email, invitation.language, zone),
            subject=_("Invitation: %(practice)s") % context,
            text=render_to_string("accounts/mail/invitation.txt", context),
            now=now,
        )
