"""What every page knows: the practice, the reader's way around, the lines for help now."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tatap.accounts.queries import PRACTICE
from tatap.lib import clock, neutral

CLIENT = (("counsellors:directory", "find"), ("journey:sessions", "sessions"), ("followup:tasks", "tasks"))
COUNSELLOR = (("journey:day", "day"), ("bookings:hours", "hours"), ("counsellors:edit", "profile"))
MANAGER = (
    ("journey:overview", "overview"), ("payments:transfers", "transfers"), ("counsellors:licences", "licences"),
    ("accounts:people", "people"), ("accounts:connection", "connection"),
)


@dataclass(frozen=True)
class Frame:
    """What the same parts around every page are made of (``kept`` in ``templatetags/ui.py``): nothing of the
    person who reads but whether she is signed in and what her way around is. Equal keys, equal parts."""

    key: str
    context: dict[str, Any]


def site(request: HttpRequest) -> dict[str, Any]:
    practice = PRACTICE.get(now=clock.now())
    lines = practice.emergency_lines if practice else []
    language = getattr(request, "LANGUAGE_CODE", "id")
    user = getattr(request, "user", None)
    signed_in = bool(user is not None and user.is_authenticated)
    frame = {
        "LANGUAGE_CODE": language,
        "practice": practice,
        "practice_name": practice.name if practice else "Tatap",
        "nav": navigation(request),
        "signed_in": signed_in,
        "of_the_practice": signed_in and getattr(user, "role", "") != "client",
        "neutral": neutral.address(language),
        "emergency_lines": [
            {**line, "note": line.get(f"note_{language}", ""), "is_page": str(line.get("number", "")).startswith("http")}
            for line in lines
        ],
    }
    facts = practice.__dict__.items() if practice else ()
    about = sorted((name, value) for name, value in facts if not name.startswith("_"))
    return {**frame, "frame": Frame(key=repr((about, frame["nav"], language, signed_in, frame["of_the_practice"])), context=frame)}


def navigation(request: HttpRequest) -> list[tuple[str, str, bool]]:
    words = {
        "find": _("Find a counsellor"), "sessions": _("My sessions"), "tasks": _("Tasks"), "day": _("Today"),
        "hours": _("Hours"), "profile": _("Profile"), "overview": _("Overview"), "transfers": _("Transfers"),
        "licences": _("Licences"), "people": _("People"), "connection": _("Connections"),
    }
    user = getattr(request, "user", None)
    role = user.role if user is not None and user.is_authenticated else ""
    places = {"counsellor": COUNSELLOR, "manager": MANAGER, "client": CLIENT}.get(role, CLIENT[:1])
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [(name, words[key], name == here) for name, key in places]
