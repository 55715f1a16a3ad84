"""The reader's language and zone, and the second factor that a practice's people must have."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation

from tatap.accounts import queries
from tatap.accounts.models import User
from tatap.lib import zones

FREE_OF_SECOND_FACTOR = ("/akun/", "/bahasa/", "/static/", "/bantuan/", "/demo/")


class ReaderMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        language = user.language if user.is_authenticated else request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        request.zone = user.zone if user.is_authenticated else _zone_of(request)  # type: ignore[attr-defined]
        with translation.override(language):
            request.LANGUAGE_CODE = language
            if queries.needs_second_factor(user) and not request.path.startswith(FREE_OF_SECOND_FACTOR):
                return redirect("mfa_activate_totp")
            response = self.get_response(request)
            if request.path == "/bahasa/" and request.method == "POST" and user.is_authenticated:
                _remember(user, request.POST.get("language", ""))
            response.headers.setdefault("Content-Language", language)
            if request.path == "/akun/logout/" and request.method == "POST":
                response.headers["Clear-Site-Data"] = '"cache", "storage"'
            return response


def _remember(user: User, language: str) -> None:
    if language in dict(settings.LANGUAGES):
        User.objects.filter(pk=user.pk).update(language=language)


def _zone_of(request: HttpRequest) -> str:
    zone = request.COOKIES.get("zona", "")
    return zone if zone in zones.ZONES else zones.DEFAULT
