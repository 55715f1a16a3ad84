"""What every page knows: the practice, the reader's way around, the lines for help now."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tatap.accounts.models import Practice

CLIENT = (("counsellors:directory", "find"), ("journey:sessions", "sessions"), ("followup:tasks", "tasks"))
COUNSELLOR = (("journey:day", "day"), ("bookings:hours", "hours"), ("counsellors:edit", "profile"))
MANAGER = (
    ("journey:overview", "overview"), ("payments:transfers", "transfers"), ("counsellors:licences", "licences"),
    ("accounts:people", "people"), ("accounts:connection", "connection"),
)


def site(request: HttpRequest) -> dict[str, Any]:
    practice = Practice.objects.first()
    lines = practice.emergency_lines if practice else []
    language = getattr(request, "LANGUAGE_CODE", "id")
    return {
        "practice": practice,
        "practice_name": practice.name if practice else "Tatap",
        "nav": navigation(request),
        "emergency_lines": [
            {**line, "note": line.get(f"note_{language}", ""), "is_page": str(line.get("number", "")).startswith("http")}
            for line in lines
        ],
    }


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
