from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def get_login_redirect_url(self, request: Any) -> str:
        return reverse("journey:sessions")

    def get_signup_redirect_url(self, request: Any) -> str:
        return reverse("journey:sessions")

    def get_from_email(self) -> str:
        return str(settings.DEFAULT_FROM_EMAIL)
