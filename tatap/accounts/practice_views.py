"""The manager invites somebody, sends the letter again or takes the invitation back."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tatap.accounts import invitations
from tatap.accounts.forms import InvitationForm
from tatap.accounts.models import User
from tatap.accounts.permissions import role_required
from tatap.lib import clock
from tatap.notifications.queries import fates

SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@role_required("manager")
def invite(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    now, do = clock.now(), request.POST.get("do", "")
    form = InvitationForm(request.POST if do == "invite" else None)
    if do in {"again", "withdraw"}:
        _change(request, request.user, do, now=now)
        return redirect("accounts:invite")
    if form.is_bound and form.is_valid() and _sent(form, request.user, now=now):
        messages.success(request, _("The invitation to %(address)s is on its way.") % {"address": form.cleaned_data["email"]})
        return redirect("accounts:invite")
    context = {"form": form, "rows": _rows(now=now)}
    return render(request, "accounts/invitations.html", context, status=422 if form.errors else 200)


def _sent(form: InvitationForm, by: User, *, now: datetime) -> bool:
    try:
        invitations.invite(**form.cleaned_data, by=by, now=now)
    except invitations.AlreadyInvited:
        form.add_error("email", _("An invitation to this address is open already. Below you can send it again."))
    except invitations.AlreadyHere:
        form.add_error("email", _("Somebody with this address already works in the practice."))
    return not form.errors


def _change(request: HttpRequest, by: User, do: str, *, now: datetime) -> None:
    number = request.POST.get("invitation", "")
    found = get_object_or_404(invitations.unanswered(), pk=int(number) if number.isdigit() else 0)
    try:
        if do == "again":
            invitations.send_again(invitation=found, by=by, now=now)
            messages.success(request, _("Another letter to %(address)s is on its way.") % {"address": found.email})
        else:
            invitations.withdraw(invitation=found, by=by, now=now)
            messages.success(request, _("Withdrawn. The link in the letter leads nowhere now."))
    except invitations.JustSent:
        messages.info(request, _("A letter to %(address)s went out a moment ago.") % {"address": found.email})
    except invitations.NotOpen:
        messages.info(request, _("This invitation was answered or withdrawn meanwhile."))


def _rows(*, now: datetime) -> list[dict[str, Any]]:
    found = list(invitations.unanswered()[:SHOWN])
    fate = fates(invitations.letter_key(row) for row in found)
    return [
        {
            "invitation": row, "fate": fate.get(invitations.letter_key(row), ""),
            "until": row.sent_at + invitations.STANDS_FOR, "lapsed": row.sent_at + invitations.STANDS_FOR <= now,
        }
        for row in found
    ]
