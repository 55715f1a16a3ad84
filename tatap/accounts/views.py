from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tatap.accounts import actions, invitations, queries
from tatap.accounts.forms import PracticeConnectionForm, SettingsForm
from tatap.accounts.models import Consent, ConsentText, Invitation, Practice, User
from tatap.accounts.permissions import role_required
from tatap.lib import clock, spreadsheet
from tatap.meetings.queries import looks, there_is_a_relay


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def settings_page(request: HttpRequest) -> HttpResponse:
    relay = there_is_a_relay()
    form = SettingsForm(request.POST or None, instance=request.user, relay=relay)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        messages.success(request, _("Saved."))
        response = redirect("accounts:settings")
        response.set_cookie("bahasa", user.language, max_age=60 * 60 * 24 * 365, samesite="Lax")
        return response
    return render(request, "accounts/settings.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def consent(request: HttpRequest) -> HttpResponse:
    person = request.user
    assert isinstance(person, User)
    onward = _onward(request)
    if request.method == "POST":
        _consent_change(request, person)
        here = f"{request.path}?{urlencode({'next': onward})}" if onward else request.path
        return redirect(onward if onward and not queries.missing_consents(person) else here)
    given = person.consents.select_related("text").order_by("-given_at")
    standing = {c.text_id for c in given if c.withdrawn_at is None}
    missing = [text for text in queries.current_texts() if text.pk not in standing]
    return render(request, "accounts/consent.html", {"given": given, "missing": missing})


def _onward(request: HttpRequest) -> str:
    """Where she was going when she was asked, on our own site alone."""
    wished = request.GET.get("next", "")
    return wished if url_has_allowed_host_and_scheme(wished, allowed_hosts=None) else ""


def _consent_change(request: HttpRequest, person: User) -> None:
    now, number = clock.now(), request.POST.get("id", "")
    pk = int(number) if number.isdigit() else 0
    if request.POST.get("do") == "give":
        text = get_object_or_404(ConsentText, pk=pk)
        actions.give_consent(person=person, text=text, language=person.language, now=now)
    else:
        row = get_object_or_404(Consent, pk=pk, person=person)
        actions.withdraw_consent(consent=row, by=person, now=now)


@require_POST
@login_required
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    actions.sign_out_everywhere(person=request.user, now=clock.now())
    logout(request)
    response = redirect("front")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@role_required("manager")
def people(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    if request.method == "POST":
        assert isinstance(request.user, User)
        number = request.POST.get("person", "")
        person = get_object_or_404(User, pk=int(number) if number.isdigit() else 0)
        actions.reset_second_factor(person=person, by=request.user, now=now)
        messages.success(request, _("She can sign in with her code or password alone for twelve hours."))
        return redirect("accounts:people")
    staff = queries.people().filter(role__in=queries.WITH_SECOND_FACTOR)
    return render(request, "accounts/people.html", {"people": staff, "now": now})


@require_safe
@role_required("manager")
def people_csv(request: HttpRequest) -> HttpResponse:
    staff = queries.people().filter(role__in=queries.WITH_SECOND_FACTOR)
    return spreadsheet.download(
        "orang", ["alias", "role", "email", "active", "since"],
        ((one.alias, one.role, one.email, one.is_active, one.created_at) for one in staff[: spreadsheet.MOST_ROWS]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_required("manager")
def connection(request: HttpRequest) -> HttpResponse:
    """How calls reach people here, and whether their addresses are hidden from each other."""
    assert isinstance(request.user, User)
    practice = Practice.objects.first()
    form = PracticeConnectionForm(request.POST or None, instance=practice) if practice else None
    if request.method == "POST" and form is not None and form.is_valid():
        actions.hide_addresses(practice=form.instance, hide=form.cleaned_data["hide_addresses"], by=request.user, now=clock.now())
        messages.success(request, _("Saved."))
        return redirect("accounts:connection")
    context = {"form": form, "looks": looks(now=clock.now()), "relay": there_is_a_relay()}
    return render(request, "accounts/connection.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever holds the link reads where it leads; an invitation counts for the address it was sent to."""
    now, user = clock.now(), request.user
    if not isinstance(user, User):
        if request.method == "POST":
            return redirect_to_login(request.path)
        return _invitation_page(request, get_object_or_404(invitations.standing(now=now), token=token))
    if Invitation.objects.filter(token=token, email__iexact=user.email, accepted_at__isnull=False).exists():
        return redirect("journey:sessions")  # her old letter, opened again
    found = get_object_or_404(invitations.standing(now=now), token=token, email__iexact=user.email)
    if request.method == "POST":
        invitations.accept(invitation=found, person=user, now=now)
        return redirect("journey:sessions")
    return _invitation_page(request, found)


def _invitation_page(request: HttpRequest, found: Invitation) -> HttpResponse:
    return render(request, "accounts/invitation.html", {"invitation": found})
