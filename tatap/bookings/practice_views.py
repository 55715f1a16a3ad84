"""The manager's page of the practice's rules."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tatap.accounts.models import User
from tatap.accounts.permissions import role_required
from tatap.bookings import rules
from tatap.bookings.rules_form import CHANGING, LATE, LINE, PAYING, RulesForm, changes
from tatap.lib import clock

VERSIONS = 10  # shown


@require_http_methods(["GET", "HEAD", "POST"])
@role_required("manager")
def rules_page(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    now = clock.now()
    standing = rules.standing(now=now)
    form = RulesForm(request.POST if request.method == "POST" else None, instance=rules.standing(now=now))
    overtaken = False
    if form.is_bound and form.is_valid():
        read = request.POST.get("version", "")
        try:
            made = rules.publish(
                terms=form.cleaned_data, based_on=int(read) if read.isdigit() else 0, by=request.user, now=now
            )
            messages.success(request, _("Version %(n)d holds for all who book from now on.") % {"n": made.version})
            return redirect("bookings:rules")
        except rules.NothingChanged:
            messages.info(request, _("Nothing was changed, so the rules stay as they are."))
            return redirect("bookings:rules")
        except rules.PublishedMeanwhile:
            overtaken = True
    context = {
        "form": form, "standing": standing, "next_version": standing.version + 1, "overtaken": overtaken, "parts": _parts(form),
        "earlier": rules.under_earlier(standing, now=now),
        "history": [(after, changes(before, after)) for after, before in rules.history(most=VERSIONS)],
    }
    return render(request, "bookings/rules.html", context, status=422 if form.is_bound else 200)


def _parts(form: RulesForm) -> list[tuple[str, list[Any]]]:
    parts = (
        (_("Paying"), PAYING), (_("Moving and cancelling"), CHANGING), (_("When the counsellor is late"), LATE),
        (_("When the line breaks"), LINE),
    )
    return [(title, [form[name] for name in names]) for title, names in parts]
