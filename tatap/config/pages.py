"""The front page, the help page, and what the server sees."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tatap.counsellors import queries as counsellors
from tatap.counsellors.models import Counsellor, Opening, Service
from tatap.lib import clock

CONCERNS = 11
TONIGHT = 3


@dataclass(frozen=True)
class FreeTime:
    counsellor: Counsellor
    start: datetime
    price: int
    minutes: int
    url: str


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    concerns = [term for term in counsellors.terms(now=now).specialisations if term.plain_id][:CONCERNS]
    return render(request, "front.html", {"concerns": concerns, "tonight": soonest(now=now), "now": now})


def soonest(*, now: datetime) -> list[FreeTime]:
    """The first free time of the counsellors who are free first: four queries."""
    openings = Opening.objects.filter(
        counsellor__in=counsellors.shown(now), end__gt=now, start__lt=now + timedelta(days=3)
    ).order_by("start", "counsellor_id")[:60]
    first: dict[int, Opening] = {}
    for opening in openings:
        first.setdefault(opening.counsellor_id, opening)
    people = Counsellor.objects.select_related("user").prefetch_related("services", "specialisations").in_bulk(list(first))
    found = []
    for counsellor_id, opening in first.items():
        person = people[counsellor_id]
        services = [s for s in person.services.all() if s.active and s.kind == "individual"]
        if services and opening.end - opening.start >= timedelta(minutes=services[0].minutes):
            found.append(_free(person, services[0], opening.start))
    return found[:TONIGHT]


def _free(person: Counsellor, service: Service, start: datetime) -> FreeTime:
    query = urlencode({"service": service.pk, "start": start.isoformat()})
    url = f"{reverse('journey:book', args=[person.slug])}?{query}"
    return FreeTime(counsellor=person, start=start, price=service.tariff, minutes=service.minutes, url=url)


@require_safe
def help_now(request: HttpRequest) -> HttpResponse:
    return render(request, "help.html")


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, since a service worker may stand in only for pages below its own address."""
    found = finders.find("dist/worker.js")
    if not isinstance(found, str):
        raise Http404
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(Path(found).read_bytes(), content_type="text/javascript; charset=utf-8", headers=headers)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy.html")
