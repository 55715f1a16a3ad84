"""A page about nothing, for whoever must have something harmless on the screen at once: the time in three zones.

Answered before anybody is known, so that it is the same for everybody, sets no cookie and may be kept by the browser:
the quick exit shows it also where the line is gone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from tatap.lib.neutral import ADDRESSES

KEPT = 7 * 24 * 3600  # seconds


class NeutralMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = next((code for code, path in ADDRESSES.items() if path == request.path), None)
        if language is None or request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with translation.override(language):
            page = render_to_string("neutral.html", {"LANGUAGE_CODE": language})
        return HttpResponse(page, headers={"Cache-Control": f"public, max-age={KEPT}", "Content-Language": language})
