"""My sessions, booking, moving and cancelling; the counsellor's day is in ``practice_views``."""

from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tatap.accounts import queries as accounts
from tatap.accounts.models import User
from tatap.bookings import queries as bookings
from tatap.bookings.actions import NotBookable, SlotTaken
from tatap.bookings.models import Appointment
from tatap.bookings.permissions import appointment_for
from tatap.callroom.domain import lost
from tatap.counsellors import queries as counsellors
from tatap.counsellors.models import Counsellor, Service
from tatap.followup import queries as followup
from tatap.journey import actions, links, queries
from tatap.journey.forms import ChoiceForm, TimeForm
from tatap.journey.permissions import by_link
from tatap.lib import clock, zones
from tatap.payments import queries as payments
from tatap.preparation.domain.plan import shown
from tatap.preparation.queries import plan_of

TIMES_SHOWN = 150  # about a week of someone who is wholly free


def reader_zone(request: HttpRequest) -> str:
    return str(getattr(request, "zone", zones.DEFAULT))


def by_day(moments: list[datetime], zone: str) -> list[tuple[Any, list[datetime]]]:
    """Times under their days, in that zone."""
    days: dict[Any, list[datetime]] = {}
    for moment in moments:
        days.setdefault(zones.local(moment, zone).date(), []).append(moment)
    return list(days.items())


@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, slug: str) -> HttpResponse:
    now = clock.now()
    counsellor = get_object_or_404(counsellors.shown(now).select_related("user"), slug=slug)
    form = ChoiceForm(request.POST if request.method == "POST" else request.GET, counsellor=counsellor)
    service, start = form.chosen
    if request.method == "POST" and request.user.is_authenticated and service and start:
        return _book(request, counsellor, service, start, now=now)
    return _choice_page(request, counsellor, service, start, now=now)


def _book(
    request: HttpRequest, counsellor: Counsellor, service: Service, start: datetime, *, now: datetime
) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    if user.role != "client":
        return _choice_page(
            request, counsellor, service, start, now=now, problem=_("Only clients book; this is a practice account.")
        )
    if accounts.missing_consents(user):
        messages.info(request, _("One thing first: read this and say whether you agree. Your choice is kept."))
        return redirect(f"{reverse('accounts:consent')}?{urlencode({'next': _here(request, service, start)})}")
    try:
        appointment = actions.book(client=user, service=service, starts_at=start, now=now)
    except SlotTaken as taken:
        return _choice_page(
            request, counsellor, service, None, now=now, nearest=taken.nearest,
            problem=_("You have another appointment at that time. These are the nearest times free for both.")
            if taken.own
            else _("This time was just taken. These are the nearest free ones."),
        )
    except NotBookable as refused:
        return _choice_page(request, counsellor, service, None, now=now, problem=str(refused))
    if appointment.status == "held":
        return redirect("payments:pay", code=appointment.code)
    messages.success(request, _("Booked. It is written down for both of you."))
    return redirect("journey:sessions")


def _choice_page(
    request: HttpRequest,
    counsellor: Counsellor,
    service: Service | None,
    start: datetime | None,
    *,
    now: datetime,
    problem: str = "",
    nearest: list[datetime] | None = None,
) -> HttpResponse:
    services = list(counsellor.services.filter(active=True))
    if service is None and len(services) == 1:
        service = services[0]
    times: list[datetime] = []
    if service is not None and start is None:
        times = nearest or bookings.next_slots(
            counsellor=counsellor, minutes=service.minutes, now=now, count=TIMES_SHOWN
        )
    context = {
        "counsellor": counsellor,
        "services": services,
        "service": service,
        "start": start,
        "end": start + timedelta(minutes=service.minutes) if start and service else None,
        "days": by_day(times, reader_zone(request)),
        "problem": problem,
        "other_zone": counsellor.user.zone if counsellor.user.zone != reader_zone(request) else "",
        "back_here": _here(request, service, start),
    }
    return render(request, "journey/book.html", context, status=422 if problem else 200)


def _here(request: HttpRequest, service: Service | None, start: datetime | None) -> str:
    """This page with the choice in its address, so that signing in loses nothing."""
    chosen = {"service": service.pk if service else "", "start": start.isoformat() if start else ""}
    return f"{request.path}?{urlencode({k: v for k, v in chosen.items() if v})}"


@require_safe
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    if user.role == "counsellor":
        return redirect("journey:day")
    if user.role == "manager":
        return redirect("journey:overview")
    now = clock.now()
    coming, past = queries.client_visits(user, now=now)
    return render(
        request,
        "journey/sessions.html",
        {"first": coming[0] if coming else None, "coming": coming[1:], "past": past, "tasks": followup.open_tasks(person=user), "now": now},
    )


@require_safe
@login_required
def appointment(request: HttpRequest, code: str) -> HttpResponse:
    found = appointment_for(request.user, code)
    assert isinstance(request.user, User)
    return _manage_page(request, found, request.user, token="")


def _manage_page(
    request: HttpRequest, found: Appointment, person: User, *, token: str, problem: str = "",
    nearest: list[datetime] | None = None,
) -> HttpResponse:
    now = clock.now()
    zone = person.zone
    can_move = actions.may_move(found, by=person, now=now)
    times: list[datetime] = []
    if can_move:
        minutes = int((found.ends_at - found.starts_at) / timedelta(minutes=1))
        times = nearest or bookings.next_slots(counsellor=found.counsellor, minutes=minutes, now=now, count=TIMES_SHOWN)
    credit = payments.credit_of(found) if not token else None
    credit = credit if credit and credit.person_id == person.pk else None
    context = {
        "appointment": found,
        "credit": credit,
        "credit_minutes": lost.minutes(credit.seconds) if credit else 0,
        "visit": queries.visits([found], now=now)[0],
        "person": person,
        "token": token,
        "owed_once_seen": payments.owed_once_seen(payments.invoice_of(found)) if found.cancelled_at else False,
        "can_move": can_move,
        "late": _late(found, person, now=now) if not token else None,
        "can_cancel": links.still_open(found, now=now),
        "refund_due": actions.refund_due(found, by=person, now=now),
        "days": by_day(times, zone),
        "problem": problem,
        "zone": zone,
    }
    return render(request, "journey/appointment.html", context, status=422 if problem else 200)


@require_POST
@login_required
def move(request: HttpRequest, code: str) -> HttpResponse:
    assert isinstance(request.user, User)
    return _move(request, appointment_for(request.user, code), request.user, token="")


def _move(request: HttpRequest, found: Appointment, person: User, *, token: str) -> HttpResponse:
    form, now = TimeForm(request.POST), clock.now()
    if not form.is_valid():
        return _manage_page(request, found, person, token=token, problem=str(form.errors["start"][0]))
    try:
        actions.move(appointment=found, starts_at=form.cleaned_data["start"], by=person, now=now)
    except SlotTaken as taken:
        problem = _("This time was just taken. These are the nearest free ones. Your old time is still yours.")
        if taken.own:
            problem = _("You have another appointment at that time. Your old time is still yours.")
        return _manage_page(request, found, person, token=token, problem=problem, nearest=taken.nearest)
    except NotBookable as refused:
        return _manage_page(request, found, person, token=token, problem=str(refused))
    except actions.TooLate as late:
        problem = _("Moving is possible until %(hours)d hours before the start.") % {"hours": late.hours}
        return _manage_page(request, found, person, token=token, problem=problem)
    messages.success(request, _("Moved. A new calendar file is on its way to you."))
    return redirect("journey:signed", token=token) if token else redirect("journey:appointment", code=found.code)


def _late(found: Appointment, person: User, *, now: datetime) -> dict[str, Any] | None:
    """What is offered while the counsellor is late, beside another time."""
    if now < found.starts_at or not actions.may_choose_late(found, by=person, now=now):
        return None
    plan = shown(plan_of(found), role="client")
    return {"refund": found.rules.late_refund, "called": not plan.calls and bool(plan.number), "href": plan.href}


@require_POST
@login_required
def late_refund(request: HttpRequest, code: str) -> HttpResponse:
    assert isinstance(request.user, User)
    found = appointment_for(request.user, code)
    try:
        actions.refund_late(appointment=found, by=request.user, now=clock.now())
    except (actions.NotLate, NotBookable):
        problem = _("This can no longer be chosen: the session goes on, or is over.")
        return _manage_page(request, found, request.user, token="", problem=problem)
    messages.success(request, _("Noted. The session is cancelled."))
    return redirect("journey:appointment", code=found.code)


@require_POST
@login_required
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    assert isinstance(request.user, User)
    return _cancel(request, appointment_for(request.user, code), request.user, token="")


def _cancel(request: HttpRequest, found: Appointment, person: User, *, token: str) -> HttpResponse:
    now = clock.now()
    if not links.still_open(found, now=now):
        return _manage_page(request, found, person, token=token, problem=_("This appointment can no longer be cancelled."))
    actions.cancel(appointment=found, by=person, now=now)
    messages.success(request, _("Cancelled. The time is free again."))
    return redirect("journey:signed", token=token) if token else redirect("journey:appointment", code=found.code)


@require_http_methods(["GET", "HEAD", "POST"])
def signed(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind a letter's link: looking changes nothing, only its buttons do."""
    found, person = by_link(token)
    if request.method != "POST":
        return _manage_page(request, found, person, token=token)
    if request.POST.get("do") == "cancel":
        return _cancel(request, found, person, token=token)
    if request.POST.get("do") == "move":
        return _move(request, found, person, token=token)
    raise Http404


@require_safe
@login_required
def who_looked(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    before = request.GET.get("sebelum", "")
    events, more = queries.who_looked(request.user, before=before)
    days = [(day, list(rows)) for day, rows in groupby(events, lambda event: zones.local(event.at, reader_zone(request)).date())]
    return render(request, "journey/who_looked.html", {"days": days, "more": more, "earlier": bool(before)})
