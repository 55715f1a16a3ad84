"""What the manager keeps of counsellors beside their licences: the lists of words, and tables to take away."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from tatap.accounts.models import User
from tatap.accounts.permissions import role_required
from tatap.counsellors import actions
from tatap.counsellors.forms import term_forms
from tatap.counsellors.models import Approach, Language, Licence, Specialisation, Term
from tatap.lib import clock, spreadsheet

LISTS: dict[str, tuple[type[Term], Any]] = {
    "hal": (Specialisation, gettext_lazy("What people come with")),
    "bahasa": (Language, gettext_lazy("Languages")),
    "cara": (Approach, gettext_lazy("Ways of working")),
}


@require_http_methods(["GET", "HEAD", "POST"])
@role_required("manager")
def terms(request: HttpRequest) -> HttpResponse:
    """One of the lists from which counsellors choose and by which clients search."""
    name = request.GET.get("daftar", "hal")
    name = name if name in LISTS else "hal"
    model, _title = LISTS[name]
    rows = term_forms(model, request.POST if request.method == "POST" else None)
    if request.method == "POST" and rows.is_valid():
        assert isinstance(request.user, User)
        actions.change_terms(by=request.user, what=name, save=rows.save, now=clock.now())
        messages.success(request, _("Saved. Clients find it within a minute."))
        return redirect(f"{request.path}?daftar={name}")
    lists = [(key, title, key == name) for key, (_model, title) in LISTS.items()]
    context = {"rows": rows, "lists": lists, "plain": model is Specialisation, "wrong": request.method == "POST"}
    return render(request, "counsellors/terms.html", context, status=422 if request.method == "POST" else 200)


@require_safe
@role_required("manager")
def licences_csv(request: HttpRequest) -> HttpResponse:
    rows = Licence.objects.select_related("counsellor", "checked_by").order_by("counsellor__name", "pk")
    head = ["counsellor", "kind", "number", "expires_on", "checked_at", "checked_by"]
    return spreadsheet.download("izin", head, (
        (row.counsellor.name, row.kind, row.number, row.expires_on, row.checked_at, row.checked_by and row.checked_by.shown_as)
        for row in rows[: spreadsheet.MOST_ROWS]
    ))
