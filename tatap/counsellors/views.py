from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tatap.accounts.models import User
from tatap.accounts.permissions import role_required
from tatap.counsellors import actions, queries
from tatap.counsellors.forms import LicenceForm, ProfileForm, ServiceForms, WishForm
from tatap.counsellors.models import Counsellor, Licence
from tatap.lib import clock

LISTS = ("specialisations", "languages", "approaches", "services")


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    now, form = clock.now(), WishForm(request.GET)
    wish = form.wish()
    rows = queries.search(wish, now=now).select_related("user", "calendar").defer("photo").prefetch_related(*LISTS)
    page = Paginator(rows, queries.PAGE).get_page(request.GET.get("hal_ke"))
    address = request.GET.copy()
    address.pop("hal_ke", None)
    context = {
        "form": form,
        "wish": wish,
        "page": page,
        "cards": queries.cards(list(page.object_list), wish, now=now),
        "address": address.urlencode(),
        "filtered": bool(address),
    }
    return render(request, "counsellors/directory.html", context)


@require_safe
def profile(request: HttpRequest, slug: str) -> HttpResponse:
    now = clock.now()
    found = get_object_or_404(queries.shown(now).select_related("user", "calendar").prefetch_related(*LISTS), slug=slug)
    card = queries.cards([found], queries.Wish(), now=now, times=12)[0]
    licence = found.licences.filter(checked_at__isnull=False).order_by("-checked_at").first()
    return render(request, "counsellors/profile.html", {"counsellor": found, "card": card, "licence": licence})


@require_safe
def photo(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(queries.shown(clock.now()).only("photo"), slug=slug)
    if not found.photo:
        raise Http404
    return HttpResponse(
        bytes(found.photo), content_type="image/webp", headers={"Cache-Control": "public, max-age=604800"}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest) -> HttpResponse:
    """A counsellor's own profile, services and licence number."""
    user = request.user
    assert isinstance(user, User)
    found = Counsellor.objects.filter(user=user).first()
    if user.role != "counsellor" or found is None:
        raise Http404
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ProfileForm(data, files, instance=found)
    services = ServiceForms(data, instance=found, prefix="layanan")
    licence = LicenceForm(data if data and data.get("izin-number") else None, prefix="izin")
    fine = data is not None and form.is_valid() and services.is_valid() and (not licence.is_bound or licence.is_valid())
    if fine and _save(request, user, found, form, services, licence):
        return redirect("counsellors:edit")
    context = {"form": form, "services": services, "licence": licence, "counsellor": found, "licences": found.licences.order_by("-pk")}
    return render(request, "counsellors/edit.html", context, status=422 if data is not None else 200)


def _save(request: HttpRequest, user: User, found: Counsellor, form: ProfileForm, services: object, licence: LicenceForm) -> bool:
    upload = form.cleaned_data.get("photo_file")
    if upload:
        try:
            actions.set_photo(counsellor=found, content=upload.read(), by=user, now=clock.now())
        except actions.NotAPhoto:
            form.add_error("photo_file", _("This file is not a photo that can be opened. JPEG, PNG and WebP work."))
            return False
    form.save()
    services.save()  # type: ignore[attr-defined]
    if licence.is_bound:
        row = licence.save(commit=False)
        row.counsellor = found
        row.save()
    messages.success(request, _("Saved."))
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@role_required("manager")
def licences(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    if request.method == "POST":
        licence = get_object_or_404(Licence, pk=request.POST.get("licence") if (request.POST.get("licence") or "").isdigit() else 0)
        assert isinstance(request.user, User)
        actions.check_licence(licence=licence, by=request.user, now=now)
        messages.success(request, _("Noted as checked today."))
        return redirect("counsellors:licences")
    rows = Licence.objects.select_related("counsellor", "checked_by").order_by("checked_at", "expires_on", "pk")
    today = now.date()
    return render(request, "counsellors/licences.html", {"licences": rows, "today": today, "soon": today + timedelta(days=60)})
