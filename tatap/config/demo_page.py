"""The demo's own page: four lines of what to try, and a button to enter as each person. It exists only
while TATAP_DEMO is set, and answers nobody but this machine."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from tatap.accounts.models import User
from tatap.config.demo.cast import CLIENTS, COUNSELLORS, MANAGER, PASSWORD

WHO = {"client": CLIENTS[0][0], "counsellor": f"{COUNSELLORS[0].slug}@tatap.example", "manager": MANAGER[0]}


def on_this_machine(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, **named: str) -> HttpResponse:
        if not settings.DEMO or request.META.get("REMOTE_ADDR") not in {"127.0.0.1", "::1"}:
            raise Http404
        return view(request, **named)

    return guarded


@require_safe
@on_this_machine
def demo(request: HttpRequest) -> HttpResponse:
    people = [(role, User.objects.filter(email=email).first(), email) for role, email in WHO.items()]
    return render(request, "demo.html", {"people": people, "password": PASSWORD})


@require_POST
@on_this_machine
def enter(request: HttpRequest, who: str) -> HttpResponse:
    if who not in WHO:
        raise Http404
    user = get_object_or_404(User, email=WHO[who])
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("journey:sessions")


urlpatterns = [path("", demo, name="demo"), path("masuk/<str:who>/", enter, name="demo_enter")]
