import json
from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tatap.accounts.models import User
from tatap.bookings.models import Appointment
from tatap.bookings.permissions import appointment_for
from tatap.callroom import bus
from tatap.closing import actions, queries
from tatap.closing.casenotes.actions import NoteConflict, NoteTooLong, save_note
from tatap.closing.casenotes.models import Note
from tatap.closing.permissions import (
    clients_appointment,
    counsellors_appointment,
    is_counsellor_of,
    opens_by_itself,
)
from tatap.lib import clock

LARGEST = 64 * 1024  # bytes of one JSON body


class BadBody(Exception):
    pass


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        got = json.loads(request.body[: LARGEST + 1])
    except ValueError:
        raise BadBody from None
    if not isinstance(got, dict):
        raise BadBody
    return got


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
    appointment = appointment_for(request.user, code)
    return _card_page(request, appointment)


def _card_page(request: HttpRequest, appointment: Appointment, *, problem: str = "", typed: str = "") -> HttpResponse:
    person, now = _person(request), clock.now()
    found = queries.card_of(appointment)
    if found is not None:
        actions.note_opening(appointment=appointment, by=person, now=now)
    context = {
        "appointment": appointment,
        "card": found,
        "tasks": list(found.tasks.all()) if found else [],
        "additions": list(found.additions.select_related("author")) if found else [],
        "is_counsellor": is_counsellor_of(person, appointment),
        "offers": queries.offers(appointment, now=now) if found else [],
        "opened_by": queries.openings_by_others(appointment, but=person.pk),
        "problem": problem,
        "typed": typed,
    }
    return render(request, "closing/card.html", context, status=422 if problem else 200)


@require_safe
@login_required
def card_state(request: HttpRequest, code: str) -> HttpResponse:
    appointment = appointment_for(request.user, code)
    person, now = _person(request), clock.now()
    found = queries.card_of(appointment)
    if found is None and is_counsellor_of(person, appointment) and opens_by_itself(appointment, now=now):
        actions.open_card(appointment=appointment, by=person, now=now)
    elif found is not None:
        actions.note_opening(appointment=appointment, by=person, now=now)
    return _state(request, appointment)


@require_POST
@login_required
def card_save(request: HttpRequest, code: str) -> HttpResponse:
    appointment = counsellors_appointment(request.user, code)
    try:
        got = _body(request)
        next_start = datetime.fromisoformat(str(got["next"])) if got.get("next") else None
        if next_start is not None and next_start.tzinfo is None:
            raise BadBody
        saved = actions.save_card(
            appointment=appointment, by=_person(request), revision=int(got.get("revision", 0)),
            points=[str(point) for point in got.get("points", [])], tasks=_tasks(got.get("tasks", [])),
            next_start=next_start, now=clock.now(),
        )
    except (BadBody, actions.WrongCard, ValueError, TypeError):
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
    saved = actions.accept_card(appointment=appointment, by=_person(request), now=clock.now())
    _announce(appointment.code, saved.revision)
    return _answer(request, appointment)


@require_POST
@login_required
def add(request: HttpRequest, code: str) -> HttpResponse:
    appointment = clients_appointment(request.user, code)
    as_json = request.content_type == "application/json"
    try:
        text = str(_body(request).get("text", "")) if as_json else request.POST.get("text", "")
        actions.add_words(appointment=appointment, by=_person(request), text=text, now=clock.now())
    except (BadBody, actions.WrongCard):
        if as_json:
            return JsonResponse({"reason": "wrong"}, status=422)
        problem = _("Write something, at most a thousand letters.")
        return _card_page(request, appointment, problem=problem, typed=request.POST.get("text", ""))
    found = queries.card_of(appointment)
    _announce(appointment.code, found.revision if found else 0)
    return _answer(request, appointment)


def _answer(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """JSON to the room, the page to a form."""
    if request.content_type == "application/json":
        return _state(request, appointment)
    return redirect("closing:card", code=appointment.code)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def casenotes(request: HttpRequest, code: str) -> HttpResponse:
    appointment = counsellors_appointment(request.user, code)
    person, problem = _person(request), ""
    note = Note.objects.filter(appointment=appointment, author=person).first()
    body, revision = (note.body, note.revision) if note else ("", 0)
    if request.method == "POST":
        body = request.POST.get("body", "")
        given = request.POST.get("revision", "")
        try:
            save_note(appointment=appointment, by=person, body=body, revision=int(given) if given.isdigit() else 0, now=clock.now())
            return redirect("closing:casenotes", code=appointment.code)
        except NoteConflict:
            problem = _("This note was changed in another window. Your text stands below; saving again puts it in its place.")
        except NoteTooLong:
            problem = _("This note is longer than 50,000 letters.")
    context = {"appointment": appointment, "body": body, "revision": revision, "problem": problem}
    return _no_store(render(request, "closing/casenotes.html", context, status=422 if problem else 200))


def _no_store(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def casenotes_save(request: HttpRequest, code: str) -> HttpResponse:
    """The room's autosave: {text, revision} → {revision, text}."""
    appointment = counsellors_appointment(request.user, code)
    person, status = _person(request), 200
    if request.method == "POST":
        try:
            got = _body(request)
            save_note(
                appointment=appointment, by=person, body=str(got.get("text", "")), revision=int(got.get("revision", 0)),
                now=clock.now(),
            )
        except NoteConflict:
            status = 409
        except (BadBody, NoteTooLong, ValueError, TypeError):
            return JsonResponse({"reason": "wrong"}, status=422)
    note = Note.objects.filter(appointment=appointment, author=person).first()
    made = {"revision": note.revision if note else 0, "text": note.body if note else ""}
    return JsonResponse(made, status=status, headers={"Cache-Control": "no-store"})
