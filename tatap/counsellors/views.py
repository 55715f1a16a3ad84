from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import push_url

from tatap.accounts.models import User
from tatap.accounts.permissions import role_required
from tatap.counsellors import actions, queries, search
from tatap.counsellors.forms import LicenceForm, ProfileForm, ServiceForms, WishForm
from tatap.counsellors.models import Counsellor, Licence, Photo
from tatap.counsellors.permissions import must_be_counsellor, visible
from tatap.lib import clock, zones

HEAVY = ("about_id", "about_en", "education")


def reader_zone(request: HttpRequest) -> str:
    return str(getattr(request, "zone", zones.DEFAULT))


@require_safe
@vary_on_headers("HX-Request")
def directory(request: HttpRequest) -> HttpResponse:
    """The whole page, or for a changed filter only who was found. The address holds the wishes either way."""
    now = clock.now()
    form = WishForm(request.GET, now=now)
    wish = form.wish(now=now, zone=reader_zone(request))
    rows = search.search(wish, now=now).select_related("user", "calendar").defer(*HEAVY)
    page = Paginator(rows.prefetch_related("specialisations", "services"), search.PAGE).get_page(request.GET.get("hal_ke"))
    address = _asked_for(request)
    context = {
        "form": form,
        "wish": wish,
        "page": page,
        "cards": search.cards(list(page.object_list), wish, now=now),
        "address": address.urlencode(),
        "filtered": any(key != "urut" for key in address),
        "kept_as": "" if request.GET else queries.terms(now=now).mark,
    }
    if not getattr(request, "htmx", False):
        return render(request, "counsellors/directory.html", context)
    answer = render(request, "counsellors/_found.html", context)
    return push_url(answer, f"{request.path}?{address.urlencode()}" if address else request.path)


def _asked_for(request: HttpRequest) -> QueryDict:
    """What is filled in of the filters: short enough to be sent to a friend."""
    address = QueryDict(mutable=True)
    for key, values in request.GET.lists():
        if key != "hal_ke" and any(values) and (key, values) != ("urut", ["soonest"]):
            address.setlist(key, [value for value in values if value])
    return address


@require_safe
def profile(request: HttpRequest, slug: str) -> HttpResponse:
    now, zone = clock.now(), reader_zone(request)
    rows = visible(request.user, now=now).select_related("user", "calendar")
    lists = ("specialisations", "languages", "approaches", "services", "licences")
    found = get_object_or_404(rows.prefetch_related(*lists), slug=slug)
    service = search.main_service(found)
    week = search.week(found, service, now=now, zone=zone) if service else []
    checked = [row for row in found.licences.all() if row.checked_at]
    context = {
        "counsellor": found,
        "service": service,
        "services": [row for row in found.services.all() if row.active],
        "week": week,
        "any_time": any(times for _day, times in week),
        "first_time": next((times[0] for _day, times in week if times), None),
        "later": search.cards([found], search.Wish(), now=now)[0].times,
        "licence": max(checked, key=lambda row: (row.expires_on is None, row.expires_on, row.pk), default=None),
        "own": found.user_id == request.user.pk,
    }
    return render(request, "counsellors/profile.html", context)


@require_safe
def photo(request: HttpRequest, slug: str) -> HttpResponse:
    size = "large" if request.GET.get("ukuran") == "besar" else "small"
    people = visible(request.user, now=clock.now()).filter(slug=slug)
    content = Photo.objects.filter(counsellor__in=people).values_list(size, flat=True).first()
    if not content:
        raise Http404
    return HttpResponse(
        bytes(content), content_type="image/webp", headers={"Cache-Control": "private, max-age=604800, immutable"}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest) -> HttpResponse:
    """A counsellor's own profile, services and licence number."""
    user = must_be_counsellor(request.user)
    found = Counsellor.objects.filter(user=user).first() or actions.begin_profile(user=user, now=clock.now())
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ProfileForm(data, files, instance=found)
    services = ServiceForms(data, instance=found, prefix="layanan")
    licence = LicenceForm(data if data and data.get("izin-number") else None, prefix="izin")
    fine = data is not None and form.is_valid() and services.is_valid() and (not licence.is_bound or licence.is_valid())
    if fine and _save(user, found, form, services, licence):
        messages.success(request, _("Saved."))
        return redirect("counsellors:edit")
    stored = Counsellor.objects.get(pk=found.pk)
    context = {
        "form": form, "services": services, "licence": licence, "counsellor": stored,
        "licences": found.licences.order_by("-pk"), "wrong": data is not None,
        "shown": queries.shown(clock.now()).filter(pk=found.pk).exists(),
    }
    return render(request, "counsellors/edit.html", context, status=422 if data is not None else 200)


def _save(user: User, found: Counsellor, form: ProfileForm, services: Any, licence: LicenceForm) -> bool:
    now, upload = clock.now(), form.cleaned_data.get("photo_file")
    if upload:
        try:
            actions.set_photo(counsellor=found, content=upload.read(), by=user, now=now)
        except actions.NotAPhoto:
            form.add_error("photo_file", _("This file is not a photo that can be opened. JPEG, PNG and WebP work."))
            return False
    elif form.cleaned_data.get("photo_gone") and found.photo_version:
        actions.remove_photo(counsellor=found, by=user, now=now)

    def save() -> None:
        form.save()
        services.save()
        if licence.is_bound:
            row = licence.save(commit=False)
            row.counsellor = found
            row.save()

    actions.change_profile(counsellor=found, by=user, save=save, now=now)
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@role_required("manager")
def licences(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    if request.method == "POST":
        number = request.POST.get("licence", "")
        licence = get_object_or_404(Licence.objects.select_related("counsellor__user"), pk=number if number.isdigit() else 0)
        assert isinstance(request.user, User)
        if request.POST.get("do") == "doubt":
            actions.doubt_licence(licence=licence, by=request.user, now=now)
            messages.success(request, _("The check is taken back. The profile shows only with another licence in force."))
        else:
            actions.check_licence(licence=licence, by=request.user, now=now)
            messages.success(request, _("Noted as checked today."))
        return redirect("counsellors:licences")
    rows = Licence.objects.select_related("counsellor", "checked_by").order_by("checked_at", "expires_on", "pk")
    today = zones.local(now, reader_zone(request)).date()
    context = {
        "waiting": [row for row in rows if row.checked_at is None],
        "checked": [row for row in rows if row.checked_at is not None],
        "today": today,
        "soon": today + timedelta(days=60),
    }
    return render(request, "counsellors/licences.html", context)
