"""Someone without a password who has just typed her first code from the app is not asked for a second one to
see her recovery codes: the app would show the same digits, and those count once."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.dispatch import receiver


@receiver(authenticator_added)
def proven(request: Any, user: Any, authenticator: Authenticator, **_more: Any) -> None:
    if request is not None and authenticator.type == Authenticator.Type.TOTP:
        record_authentication(request, user, method="mfa", type=authenticator.type, id=authenticator.pk, reauthenticated=True)
