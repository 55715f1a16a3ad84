import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tatap.lib import clock, zones
from tatap.notifications import actions as notifications
from tatap.notifications.actions import FORGOTTEN, Recipient


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("This is not the code that we sent. Look at the newest letter."),
        "too_many_login_attempts": _("That was not the code, several times over. Ask for a new one; nothing is lost."),
        "email_password_mismatch": _("Address and password do not fit together. A code by e-mail works too."),
        "rate_limited": _("That was often in a short time. Wait a minute, then try again."),
    }

    def get_login_redirect_url(self, request: Any) -> str:
        return reverse("journey:sessions")

    def get_signup_redirect_url(self, request: Any) -> str:
        return reverse("journey:sessions")

    def get_from_email(self) -> str:
        return str(settings.DEFAULT_FROM_EMAIL)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Into the outbox: a page does not wait for the mail server, and a mail server that is down for a
        minute loses no code."""
        request = allauth_context.request
        facts = {"request": request, "email": email, "site": settings.ORIGIN, **context}
        mail = self.render_mail(template_prefix, email, {"current_site": Site(), **facts})
        zone = getattr(request, "zone", zones.DEFAULT)
        notifications.queue(
            key=f"{FORGOTTEN}{uuid.uuid4()}",
            to=Recipient(address=email, language=get_language() or settings.LANGUAGE_CODE, zone=zone),
            subject=mail.subject,
            text=mail.body,
            now=clock.now(),
        )


class Site:
    """What letters call us; the browser's Host header has no say in it."""

    name = "Tatap"
    domain = settings.ORIGIN.partition("://")[2]
