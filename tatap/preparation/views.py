import hashlib
import json
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tatap.accounts.models import User
from tatap.bookings.models import Appointment, Status
from tatap.bookings.permissions import appointment_for
from tatap.lib import clock
from tatap.meetings.providers.tatap import ice_servers, own_stun
from tatap.meetings.queries import entrances
from tatap.preparation import actions, queries
from tatap.preparation.domain.plan import shown
from tatap.preparation.forms import CheckInForm, ReachForm, clean_device_report
from tatap.preparation.words import words

LARGEST_REPORT = 8192  # bytes
MEASURED_WITHIN = 5  # minutes that a password for a measurement lives
MEASURED_AN_HOUR = 30
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
    check = queries.last_check(appointment, person)
    minutes = round((appointment.ends_at - appointment.starts_at).total_seconds() / 60)
    urls = {
        "ping": "/garis/ping",
        "down": "/garis/turun",
        "up": "/garis/naik",
        "report": reverse("preparation:device", args=[appointment.code]),
        "ways": reverse("preparation:ways", args=[appointment.code]),
    }
    context = {
        "appointment": appointment,
        "form": form,
        "reach": reach,
        "given": queries.checkin_of(appointment, person),
        "verdict": check.verdict if check else None,
        "forecast": queries.foreseen(check),
        "minutes": minutes,
        "is_counsellor": is_counsellor,
        "opens": appointment.starts_at - DOOR_BEFORE,
        "check_config": {"urls": urls, "words": words(), "csrf": get_token(request), "minutes": minutes},
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


@require_POST
@login_required
def ways(request: HttpRequest, code: str) -> HttpResponse:
    """By which servers a browser may measure its line for this session: passwords for the relay that live as long as
    a measurement takes, under a pseudonym, a few times an hour."""
    appointment = appointment_for(request.user, code)
    now = clock.now()
    own = own_stun(host=request.get_host(), port=request.get_port())
    relays, _away = entrances()
    key = f"measure:{request.user.pk}:{now:%H}"
    if appointment.ends_at < now or appointment.status != Status.BOOKED or not relays or _too_often(key):
        return JsonResponse({"iceServers": [], "stun": own}, headers={"Cache-Control": "no-store"})
    pseudonym = hashlib.sha256(f"{settings.SECRET_KEY}:{key}:{now:%Y%m%d%H}".encode()).hexdigest()[:16]
    made = ice_servers(session_id=pseudonym, now=now, minutes=MEASURED_WITHIN, relays=relays, spare=0)
    return JsonResponse({**made, "stun": own}, headers={"Cache-Control": "no-store"})


def _too_often(key: str) -> bool:
    asked = int(cache.get(key, 0)) + 1
    cache.set(key, asked, 3600)
    return asked > MEASURED_AN_HOUR


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
