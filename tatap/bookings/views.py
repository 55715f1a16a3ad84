from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tatap.bookings import actions, queries
from tatap.bookings.forms import CalendarForm, HoursForm, TimeOffForm
from tatap.counsellors.models import Counsellor
from tatap.lib import clock


def own_counsellor(request: HttpRequest) -> Counsellor:
    found = Counsellor.objects.select_related("user").filter(user=request.user.pk).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def hours(request: HttpRequest) -> HttpResponse:
    """Weekly hours, time off and terms; each small form by itself, so that one mistake keeps the rest."""
    counsellor = own_counsellor(request)
    do = request.POST.get("do", "") if request.method == "POST" else ""
    with timezone.override(ZoneInfo(counsellor.user.zone)):
        weekly = HoursForm(request.POST if do == "add_hours" else None)
        off = TimeOffForm(request.POST if do == "add_off" else None)
        calendar = CalendarForm(request.POST if do == "terms" else None, instance=queries.calendar_of(counsellor))
        saved = _change(request, do, counsellor, weekly, off, calendar)
        if saved:
            actions.refresh_openings(counsellor=counsellor, now=clock.now())
            messages.success(request, _("Saved. The free times follow at once."))
            return redirect("bookings:hours")
        return _page(request, counsellor, weekly, off, calendar, wrong=bool(do))


def _change(
    request: HttpRequest, do: str, counsellor: Counsellor, weekly: HoursForm, off: TimeOffForm, calendar: CalendarForm
) -> bool:
    number = request.POST.get("id", "")
    if do in {"remove_hours", "remove_off"} and number.isdigit():
        rows = counsellor.weekly_hours if do == "remove_hours" else counsellor.time_off
        rows.filter(pk=number).delete()
        return True
    forms: dict[str, Any] = {"add_hours": weekly, "add_off": off, "terms": calendar}
    form = forms.get(do)
    if form is None or not form.is_valid():
        return False
    row = form.save(commit=False)
    row.counsellor = counsellor
    row.save()
    return True


def _page(
    request: HttpRequest, counsellor: Counsellor, weekly: HoursForm, off: TimeOffForm, calendar: CalendarForm, *, wrong: bool
) -> HttpResponse:
    now = clock.now()
    free = queries.next_slots(counsellor=counsellor, minutes=50, now=now, count=6)
    context = {
        "counsellor": counsellor,
        "rows": list(counsellor.weekly_hours.all()),
        "days": dict(weekly.fields["weekday"].choices),  # type: ignore[attr-defined]
        "off_rows": counsellor.time_off.filter(end__gt=now),
        "weekly": weekly,
        "off": off,
        "calendar": calendar,
        "free": free,
        "zone": counsellor.user.zone,
    }
    return render(request, "bookings/hours.html", context, status=422 if wrong else 200)
