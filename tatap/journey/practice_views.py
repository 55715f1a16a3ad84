"""The counsellor's day and the manager's overview."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tatap.accounts.models import User
from tatap.accounts.permissions import role_required
from tatap.bookings.models import Status
from tatap.journey import actions, queries
from tatap.journey.permissions import own_counsellor
from tatap.lib import clock, spreadsheet, zones


def _day(text: str, today: date) -> date:
    try:
        return parse_date(text) or today
    except ValueError:
        return today


@require_safe
@login_required
def day(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    counsellor = own_counsellor(request.user)
    if counsellor is None:
        return redirect("counsellors:edit")
    now, zone = clock.now(), request.user.zone
    today = zones.local(now, zone).date()
    shown = _day(request.GET.get("hari", ""), today)
    start = datetime.combine(shown, time(), ZoneInfo(zone))
    visits = queries.day_of(counsellor, start=start, end=start + timedelta(days=1))
    before = [v for v in visits if v.appointment.ends_at <= now]
    context = {
        "counsellor": counsellor,
        "shown": shown,
        "is_today": shown == today,
        "before": before,
        "after": [v for v in visits if v not in before],
        "yesterday": shown - timedelta(days=1),
        "tomorrow": shown + timedelta(days=1),
        "zone": zone,
        "now": now,
        "without_notes": queries.without_notes(counsellor, by=request.user, now=now),
        "licences": [item for item in counsellor.licences.all() if item.expires_on and item.expires_on < today + timedelta(days=120)],
    }
    return render(request, "journey/day.html", context)


@require_safe
@role_required("manager")
def overview(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    status, search = request.GET.get("status", ""), request.GET.get("cari", "").strip()
    status = status if status in Status.values else ""
    rows = queries.practice_appointments(status=status, search=search, now=now)
    page = Paginator(rows, 25).get_page(request.GET.get("hal"))
    context = {
        **queries.practice_overview(now=now),
        "page": page,
        "status": status,
        "search": search,
        "statuses": Status.choices,
        "now": now,
    }
    return render(request, "journey/overview.html", context)


@require_POST
@role_required("manager")
def absence(request: HttpRequest, code: str) -> HttpResponse:
    """A session to which only the client came: her money back, or all is settled otherwise."""
    assert isinstance(request.user, User)
    found = get_object_or_404(queries.of_the_practice(), code=code, needs_manager=actions.ABSENT)
    try:
        actions.settle_absence(appointment=found, by=request.user, refund=request.POST.get("do") == "refund", now=clock.now())
    except actions.NotSeenYet:
        messages.warning(request, _("Its payment is not confirmed yet. Look at the proof first; then the money can be given back."))
        return redirect("payments:transfers")
    messages.success(request, _("Noted."))
    return redirect("journey:overview")


@require_safe
@role_required("manager")
def overview_csv(request: HttpRequest) -> HttpResponse:
    status = request.GET.get("status", "")
    rows = queries.practice_appointments(
        status=status if status in Status.values else "", search=request.GET.get("cari", "").strip(), now=clock.now()
    )
    head = ["code", "start_utc", "end_utc", "status", "counsellor", "client_alias", "tariff"]
    return spreadsheet.download("janji-temu", head, (
        (row.code, row.starts_at, row.ends_at, row.status, row.counsellor.name, row.client.shown_as, row.tariff)
        for row in rows[: spreadsheet.MOST_ROWS]
    ))
