from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tatap.accounts.models import User
from tatap.bookings.models import Appointment
from tatap.bookings.permissions import appointment_for
from tatap.callroom import bus
from tatap.callroom import queries as callroom
from tatap.callroom.domain import lost
from tatap.callroom.models import LineReport, Room
from tatap.closing import actions, queries
from tatap.closing.bodies import BadBody, json_body, number_in
from tatap.closing.models import Addition, Card
from tatap.closing.permissions import clients_appointment, counsellors_appointment, is_counsellor_of
from tatap.lib import clock

CARD_ALONG = ("card", "room__extension", "counsellor__calendar")
CARD_ONLY = (
    "code", "status", "starts_at", "ends_at", "service", "rules__lost_least_seconds", "card", "room__ended_at",
    "room__extension__minutes", "counsellor__slug", "counsellor__name", "counsellor__short_name",
    "counsellor__user__zone", "counsellor__calendar__buffer_minutes", "counsellor__calendar__notice_minutes",
    "counsellor__calendar__horizon_days", "counsellor__calendar__step_minutes",
)
CARD_ALSO = {
    # whether anybody told of a silence; without it nothing can be lost, and the records are not read
    "silence_told": Exists(LineReport.objects.filter(room=OuterRef("room"))),
    "added": Exists(Addition.objects.filter(card=OuterRef("card"))),  # most cards have none
    "last_opened": queries.LAST_OPENED,
}


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _state(request: HttpRequest, appointment: Appointment, *, status: int = 200) -> JsonResponse:
    person = _person(request)
    made = queries.state(
        queries.card_of(appointment), appointment=appointment, zone=person.zone,
        language=getattr(request, "LANGUAGE_CODE", "id"), now=clock.now(),
    )
    return JsonResponse(made, status=status, headers={"Cache-Control": "no-store"})


@require_safe
@login_required
def card(request: HttpRequest, code: str) -> HttpResponse:
    return _card_page(request, appointment_for(request.user, code, along=CARD_ALONG, only=CARD_ONLY, also=CARD_ALSO, of_people=("alias",)))


def _card_page(
    request: HttpRequest, appointment: Appointment, *, problem: str = "", typed: str = "", changed: str = ""
) -> HttpResponse:
    person, now = _person(request), clock.now()
    found: Card | None = getattr(appointment, "card", None)
    others = queries.of_the_same_two(appointment, now=now)
    if found is not None:
        actions.note_opening(appointment=appointment, by=person, now=now)
    is_counsellor = is_counsellor_of(person, appointment)
    open_end = found is not None and not found.next_start and others.booked is None and not is_counsellor
    context = {
        "appointment": appointment,
        "card": found,
        "tasks": found.current_tasks if found else [],
        "additions": list(found.additions.all()) if found and getattr(appointment, "added", True) else [],
        "is_counsellor": is_counsellor,
        "offers": queries.offers(appointment, now=now, count=2, elsewhere=others.taken) if open_end else [],
        "lost": _lost(appointment),
        "last_opened": queries.last_opened(appointment),
        "booked": others.booked,
        "nth": others.before + 1,
        "problem": problem,
        "typed": typed,
        "changed": changed,
    }
    response = render(request, "closing/card.html", context, status=409 if changed else 422 if problem else 200)
    response["Cache-Control"] = "private, no-store"
    return response


def _lost(appointment: Appointment) -> dict[str, int]:
    """Minutes that the line took, as both read them; nothing of money."""
    room: Room | None = getattr(appointment, "room", None)
    if room is None or not getattr(appointment, "silence_told", True):
        return {}
    found, more = callroom.lost_of(appointment, room=room), getattr(room, "extension", None)
    return {
        "minutes": lost.minutes(found.seconds) if found.seconds >= appointment.rules.lost_least_seconds else 0,
        "taken": more.minutes if more else 0,
        "claimed": lost.minutes(found.claimed_seconds) if found.claimed_seconds >= 60 else 0,
    }


@require_safe
@login_required
def card_state(request: HttpRequest, code: str) -> HttpResponse:
    appointment = appointment_for(request.user, code)
    if queries.card_of(appointment) is not None:
        actions.note_opening(appointment=appointment, by=_person(request), now=clock.now(), live=True)
    return _state(request, appointment)


@require_POST
@login_required
def card_save(request: HttpRequest, code: str) -> HttpResponse:
    appointment = counsellors_appointment(request.user, code)
    try:
        got = json_body(request)
        next_start = datetime.fromisoformat(str(got["next"])) if got.get("next") else None
        if next_start is not None and next_start.tzinfo is None:
            raise BadBody
        saved = actions.save_card(
            appointment=appointment, by=_person(request), revision=number_in(got, "revision"),
            points=[str(point) for point in got.get("points", [])], tasks=_tasks(got.get("tasks", [])),
            next_start=next_start, now=clock.now(),
        )
    except (BadBody, actions.WrongCard, ValueError, TypeError, AttributeError):
        return JsonResponse({"reason": "wrong"}, status=422)
    except actions.Conflict:
        return _state(request, appointment, status=409)
    _announce(appointment.code, saved.revision)
    return _state(request, appointment)


def _tasks(given: Any) -> list[dict[str, Any]]:
    return [
        {
            "id": str(task.get("id", "")),
            "text": str(task.get("text", "")),
            "due_on": date.fromisoformat(str(task["due_on"])) if task.get("due_on") else None,
        }
        for task in given
    ]


def _announce(code: str, revision: int) -> None:
    bus.publish(code, {"t": "card", "revision": revision})


@require_POST
@login_required
def accept(request: HttpRequest, code: str) -> HttpResponse:
    appointment = clients_appointment(request.user, code)
    found = queries.card_of(appointment)
    if found is None:
        return JsonResponse({"reason": "no_card"}, status=409)
    try:
        saved = actions.accept_card(
            appointment=appointment, by=_person(request), revision=_revision_read(request), now=clock.now()
        )
    except BadBody:
        return JsonResponse({"reason": "wrong"}, status=422)
    except actions.Conflict:
        if _is_json(request):
            return _state(request, appointment, status=409)
        problem = _("The card was changed while you were reading. This is how it stands now.")
        return _card_page(request, appointment, changed=problem)
    _announce(appointment.code, saved.revision)
    return _answer(request, appointment)


@require_POST
@login_required
def add(request: HttpRequest, code: str) -> HttpResponse:
    appointment = clients_appointment(request.user, code)
    as_json = _is_json(request)
    try:
        text = str(json_body(request).get("text", "")) if as_json else request.POST.get("text", "")
        actions.add_words(appointment=appointment, by=_person(request), text=text, now=clock.now())
    except (BadBody, actions.WrongCard):
        if as_json:
            return JsonResponse({"reason": "wrong"}, status=422)
        problem = _("Write something, at most a thousand letters.")
        return _card_page(request, appointment, problem=problem, typed=request.POST.get("text", ""))
    found = queries.card_of(appointment)
    _announce(appointment.code, found.revision if found else 0)
    return _answer(request, appointment)


def _is_json(request: HttpRequest) -> bool:
    return request.content_type == "application/json"


def _revision_read(request: HttpRequest) -> int | None:
    """The revision the reader had before her; a room that does not tell it accepts what stands."""
    got = (json_body(request) if request.body else {}) if _is_json(request) else request.POST.dict()
    return number_in(got, "revision") if got.get("revision") not in (None, "") else None


def _answer(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """JSON to the room, the page to a form."""
    if _is_json(request):
        return _state(request, appointment)
    return redirect("closing:card", code=appointment.code)
