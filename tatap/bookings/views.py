from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from tatap.bookings import actions, queries
from tatap.bookings.domain.slots import Stretch
from tatap.bookings.forms import CalendarForm, HoursForm, TimeOffForm
from tatap.counsellors.models import Counsellor
from tatap.counsellors.permissions import must_be_counsellor
from tatap.counsellors.search import main_service
from tatap.lib import clock

SHOWN = 6  # free times


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def hours(request: HttpRequest) -> HttpResponse:
    """Weekly hours, time off and terms; each small form by itself, so that one mistake keeps the rest."""
    user = must_be_counsellor(request.user)
    counsellor = Counsellor.objects.select_related("user").filter(user=user).first()
    if counsellor is None:
        return redirect("counsellors:edit")
    now, do = clock.now(), request.POST.get("do", "")
    with timezone.override(ZoneInfo(user.zone)):
        forms = _forms(request, counsellor, do)
        save = _removal(request, counsellor, do) or _saving(counsellor, forms.get(do))
        if request.method == "POST" and save is not None:
            actions.change_calendar(counsellor=counsellor, by=user, save=save, now=now)
            messages.success(request, _("Saved. The free times follow at once."))
            if do == "add_off":
                _tell_of_sessions(request, counsellor, forms[do].instance)
            return redirect("bookings:hours")
        return _page(request, counsellor, forms, wrong=request.method == "POST")


def _forms(request: HttpRequest, counsellor: Counsellor, do: str) -> dict[str, Any]:
    def typed(name: str) -> Any:
        return request.POST if do == name else None

    return {
        "add_hours": HoursForm(typed("add_hours"), counsellor=counsellor),
        "add_off": TimeOffForm(typed("add_off"), now=clock.now()),
        "terms": CalendarForm(typed("terms"), instance=queries.calendar_of(counsellor)),
    }


def _removal(request: HttpRequest, counsellor: Counsellor, do: str) -> Callable[[], object] | None:
    number = request.POST.get("id", "")
    if do not in {"remove_hours", "remove_off"} or not number.isdigit():
        return None
    rows = counsellor.weekly_hours if do == "remove_hours" else counsellor.time_off
    return rows.filter(pk=number).delete


def _saving(counsellor: Counsellor, form: Any) -> Callable[[], object] | None:
    if form is None or not form.is_bound or not form.is_valid():
        return None

    def save() -> None:
        form.instance.counsellor = counsellor
        form.save()

    return save


def _tell_of_sessions(request: HttpRequest, counsellor: Counsellor, off: Any) -> None:
    inside = [s for s in queries.busy(counsellor.user, start=off.start, end=off.end) if s.meets(Stretch(off.start, off.end))]
    if inside:
        count = len(inside)
        messages.warning(
            request,
            ngettext(
                "%(n)s booked session lies in it and stays. Move or cancel it from your day.",
                "%(n)s booked sessions lie in it and stay. Move or cancel them from your day.",
                count,
            )
            % {"n": count},
        )


def _page(request: HttpRequest, counsellor: Counsellor, forms: dict[str, Any], *, wrong: bool) -> HttpResponse:
    now, service = clock.now(), main_service(counsellor)
    free = []
    if service is not None:
        free = queries.next_slots(counsellor=counsellor, minutes=service.minutes, now=now, count=SHOWN)
    context = {
        "counsellor": counsellor,
        "rows": list(counsellor.weekly_hours.all()),
        "off_rows": counsellor.time_off.filter(end__gt=now),
        "weekly": forms["add_hours"],
        "off": forms["add_off"],
        "calendar": forms["terms"],
        "free": free,
        "service": service,
        "zone": counsellor.user.zone,
        "wrong": wrong,
    }
    return render(request, "bookings/hours.html", context, status=422 if wrong else 200)
