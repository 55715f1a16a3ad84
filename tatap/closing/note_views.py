"""The counsellor's private notes: in no response but their author's own."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tatap.accounts.models import User
from tatap.bookings.models import Appointment
from tatap.closing.bodies import BadBody, json_body, number_in
from tatap.closing.casenotes.actions import NoteConflict, NoteTooLong, save_note
from tatap.closing.casenotes.models import Note
from tatap.closing.permissions import counsellors_appointment
from tatap.lib import clock


def _own_note(request: HttpRequest, appointment: Appointment) -> tuple[str, int]:
    note = Note.objects.filter(appointment=appointment, author=request.user.pk).first()
    return (note.body, note.revision) if note else ("", 0)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def casenotes(request: HttpRequest, code: str) -> HttpResponse:
    appointment = counsellors_appointment(request.user, code)
    assert isinstance(request.user, User)
    problem, elsewhere = "", ""
    body, revision = _own_note(request, appointment)
    if request.method == "POST":
        kept, body = body, request.POST.get("body", "").replace("\r\n", "\n")
        try:
            given = number_in(request.POST.dict(), "revision")
            save_note(appointment=appointment, by=request.user, body=body, revision=given, now=clock.now())
            return redirect("closing:casenotes", code=appointment.code)
        except NoteTooLong:
            problem = _("This note is longer than 50,000 letters.")
        except (BadBody, NoteConflict):
            problem = _("This note was changed in another window. Saving again puts your text in the place of that one.")
            elsewhere = kept
    context = {
        "appointment": appointment, "body": body, "revision": revision, "problem": problem, "elsewhere": elsewhere,
    }
    response = render(request, "closing/casenotes.html", context, status=422 if problem else 200)
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def casenotes_save(request: HttpRequest, code: str) -> HttpResponse:
    """The room's autosave: {text, revision} to {revision, text}; 409 with what another window kept."""
    appointment = counsellors_appointment(request.user, code)
    assert isinstance(request.user, User)
    status = 200
    if request.method == "POST":
        try:
            got = json_body(request)
            save_note(
                appointment=appointment, by=request.user, body=str(got.get("text", "")),
                revision=number_in(got, "revision"), now=clock.now(),
            )
        except NoteConflict:
            status = 409
        except (BadBody, NoteTooLong):
            return JsonResponse({"reason": "wrong"}, status=422)
    body, revision = _own_note(request, appointment)
    return JsonResponse({"revision": revision, "text": body}, status=status, headers={"Cache-Control": "no-store"})
