import json
from dataclasses import replace
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tatap.accounts.models import User
from tatap.bookings.models import Appointment
from tatap.bookings.permissions import appointment_for
from tatap.lib import clock
from tatap.preparation import actions, queries
from tatap.preparation.domain.plan import shown
from tatap.preparation.forms import CheckInForm, ReachForm, clean_device_report
from tatap.preparation.words import words

LARGEST_REPORT = 8192  # bytes
DOOR_BEFORE = timedelta(minutes=15)  # as the room has it


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def prepare(request: HttpRequest, code: str) -> HttpResponse:
    appointment = appointment_for(request.user, code)
    person = request.user
    assert isinstance(person, User)
    is_counsellor = appointment.counsellor.user_id == person.pk
    if is_counsellor and request.method == "POST":
        raise Http404
    given = queries.checkin_of(appointment, person)
    initial = {**given.answers, "consent": True} if given else None
    plan = replace(queries.plan_of(appointment), counsellor_number=queries.reach_of(appointment.counsellor.user))
    form = CheckInForm(request.POST or None, initial=initial, plan=plan)
    if request.method == "POST" and form.is_valid():
        answers = {name: value for name, value in form.cleaned_data.items() if name != "consent"}
        actions.check_in(appointment=appointment, person=person, answers=answers, now=clock.now())
        messages.success(request, _("Saved. Only your counsellor can read it."))
        return redirect("preparation:prepare", code=appointment.code)
    return _page(request, appointment, person, form=form, status=422 if form.errors else 200)


def _page(
    request: HttpRequest, appointment: Appointment, person: User, *, form: CheckInForm | None = None,
    reach: ReachForm | None = None, status: int,
) -> HttpResponse:
    is_counsellor = appointment.counsellor.user_id == person.pk
    if is_counsellor and reach is None:
        reach = ReachForm(initial={"number": queries.reach_of(person)})
    urls = {
        "ping": "/garis/ping",
        "down": "/garis/turun",
        "up": "/garis/naik",
        "report": reverse("preparation:device", args=[appointment.code]),
        "ice": reverse("callroom:ice", args=[appointment.code]),
    }
    context = {
        "appointment": appointment,
        "form": form,
        "reach": reach,
        "given": queries.checkin_of(appointment, person),
        "verdict": queries.verdict_of(appointment, person),
        "is_counsellor": is_counsellor,
        "opens": appointment.starts_at - DOOR_BEFORE,
        "check_config": {"urls": urls, "words": words(), "csrf": get_token(request)},
    }
    return render(request, "preparation/prepare.html", context, status=status)


@require_POST
@login_required
def device(request: HttpRequest, code: str) -> HttpResponse:
    appointment = appointment_for(request.user, code)
    assert isinstance(request.user, User)
    try:
        report = clean_device_report(json.loads(request.body)) if len(request.body) <= LARGEST_REPORT else None
    except (ValueError, RecursionError):
        report = None
    if report is None:
        return JsonResponse({"saved": False}, status=422)
    actions.record_device_check(
        appointment=appointment, person=request.user, verdict=report[0], facts=report[1], now=clock.now()
    )
    return JsonResponse({"saved": True})


@require_safe
@login_required
def seen(request: HttpRequest, code: str) -> HttpResponse:
    """What the client gave before the session, for her counsellor alone."""
    appointment = appointment_for(request.user, code)
    assert isinstance(request.user, User)
    if appointment.counsellor.user_id != request.user.pk:
        raise Http404
    row = queries.checkin_of(appointment, appointment.client)
    answers = actions.see_check_in(check_in=row, by=request.user, now=clock.now()) if row else None
    context = {
        "answers": answers, "verdict": queries.verdict_of(appointment, appointment.client), "client": appointment.client,
        "plan": queries.plan_of(appointment), "shown": shown(queries.plan_of(appointment), role="counsellor"),
    }
    response = render(request, "preparation/_seen.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@login_required
def reach(request: HttpRequest, code: str) -> HttpResponse:
    """The counsellor's own number, for all her sessions."""
    appointment = appointment_for(request.user, code)
    person = request.user
    assert isinstance(person, User)
    if appointment.counsellor.user_id != person.pk:
        raise Http404
    form = ReachForm(request.POST)
    if not form.is_valid():
        return _page(request, appointment, person, reach=form, status=422)
    actions.give_reach(counsellor=person, number=form.cleaned_data["number"].strip(), now=clock.now())
    messages.success(request, _("Saved."))
    return redirect("preparation:prepare", code=appointment.code)
