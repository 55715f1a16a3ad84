"""What a reader is told when a page cannot be given. Needs the templates but no database, so that it can be said
before a page thread is taken and while the database is away."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LATER = 10  # seconds after which to try again
STILL_THERE = _("Go back and send it again; what you typed is still there.")
#: status: (what is the matter, what to do)
SENTENCES: dict[int, tuple[str | Promise, str | Promise]] = {
    408: (_("The upload stopped halfway"), STILL_THERE),
    413: (
        _("This file is too large"),
        _("It is larger than 5 MB. Go back and choose a smaller one; a screenshot is enough. What you typed is still there."),
    ),
    500: (
        _("Something went wrong on our side"),
        _("What was saved is safe. Go back and try again shortly."),
    ),
    503: (
        _("One moment please"),
        _("Our records cannot be reached just now. What was saved is safe. Go back and try again in a few seconds; what you typed is still there."),
    ),
    507: (
        _("Our storage is full"),
        _("What you sent was not kept, and nothing else was lost. Please tell the practice, then go back and send it again later; what you typed is still there."),
    ),
}
BUSY = (
    _("Many uploads at once"),
    _("Go back and send it again in a minute; what you typed is still there."),
)


def page(status: int, language: str, *, busy: bool = False) -> str:
    """In the reader's language, as far as it is known without the database, with the other one below."""
    title, advice = BUSY if busy else SENTENCES[status]
    other = "en" if language == "id" else "id"
    with translation.override(other):
        below = f"{title}. {advice}"
    with translation.override(language):
        words = {"title": title, "advice": advice, "language": language, "other": other, "below": below}
        return render_to_string("trouble.html", words)


def on_error(request: HttpRequest) -> HttpResponse:
    """Django's handler for whatever a page did not expect."""
    status = status_of(sys.exc_info()[1])
    answer = HttpResponse(page(status, _language_of(request)), status=status)
    answer.headers["Cache-Control"] = "no-store"
    if status == 503:
        answer.headers["Retry-After"] = str(LATER)
    return answer


def _language_of(request: HttpRequest) -> str:
    """As the middleware found it; her cookie's where the database was away before that."""
    known = getattr(request, "LANGUAGE_CODE", "") or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return known if known in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def status_of(problem: BaseException | None) -> int:
    """503: the database is away or locked; 507: its disk is full; else 500."""
    if not isinstance(problem, OperationalError | InterfaceError):
        return 500
    return 507 if _is_full(problem) else 503


def _is_full(problem: BaseException) -> bool:
    cause = problem.__cause__
    return getattr(cause, "sqlite_errorname", "") == "SQLITE_FULL" or getattr(cause, "sqlstate", "") == "53100"
