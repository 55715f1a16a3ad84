import hashlib
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tatap.bookings.models import Appointment
from tatap.bookings.permissions import appointment_for
from tatap.callroom import actions, bus, doubts, queries, tickets
from tatap.callroom.domain import lost, session
from tatap.callroom.forms import clean_held, clean_line_reports
from tatap.callroom.words import plan_words, words
from tatap.lib import clock, neutral
from tatap.meetings.actions import doubt
from tatap.meetings.providers.tatap import ice_servers, own_stun
from tatap.meetings.queries import entrances, relay_state
from tatap.preparation.domain.plan import shown
from tatap.preparation.queries import plan_of

ICE_PER_MINUTE = 10


def _id(request: HttpRequest) -> int:
    return int(request.user.pk or 0)


@require_safe
@login_required
def room(request: HttpRequest, code: str) -> HttpResponse:
    appointment = appointment_for(request.user, code)
    reason = actions.may_enter(code=appointment.code, user_id=_id(request), now=clock.now())
    is_counsellor = appointment.counsellor.user_id == request.user.pk
    if reason:
        opens, _closes = session.window(appointment.starts_at, appointment.ends_at)
        context = {
            "appointment": appointment, "reason": reason, "opens": opens, "is_counsellor": is_counsellor,
            "too_late": clock.now() > appointment.ends_at,
        }
        return render(request, "callroom/not_open.html", context)
    other = appointment.client.shown_as if is_counsellor else appointment.counsellor.short_name
    config = _config(request, appointment, is_counsellor=is_counsellor)
    context = {
        "appointment": appointment,
        "is_counsellor": is_counsellor,
        "other_name": other,
        "words": words(other),
        "config": config,
        "address": _address(config),
    }
    response = render(request, "callroom/room.html", context)
    response["Cache-Control"] = "private, no-store"  # neither Back nor a reopened tab shows it
    return response


def _config(request: HttpRequest, appointment: Appointment, *, is_counsellor: bool) -> dict[str, Any]:
    code = appointment.code
    scheme = "wss" if request.is_secure() else "ws"
    named = {
        "ticket": "callroom:ticket", "ice": "callroom:ice", "card_state": "closing:card_state",
        "card_save": "closing:card_save", "card_accept": "closing:accept", "card_add": "closing:add",
        "casenotes": "closing:casenotes_save", "last_tasks": "followup:opening", "card": "closing:card",
        "move": "journey:appointment", "prepare": "preparation:prepare", "checkin": "preparation:seen",
        "line": "callroom:line", "held": "callroom:held", "forecast": "preparation:device", "extend": "callroom:extend",
    }
    if not is_counsellor:
        named = {name: target for name, target in named.items() if name not in ("checkin", "casenotes", "card_save", "extend")}
    urls = {name: reverse(target, args=[code]) for name, target in named.items()}
    urls.update(socket=f"{scheme}://{request.get_host()}/ruang/socket", leave=reverse("journey:sessions"))
    urls["neutral"] = neutral.address(getattr(request, "LANGUAGE_CODE", "id"))
    return {
        "code": code,
        "me": {"id": request.user.pk, "role": "counsellor" if is_counsellor else "client"},
        "urls": urls,
        "csrf": get_token(request),
        "language": getattr(request, "LANGUAGE_CODE", "id"),
        "zone": getattr(request, "zone", "Asia/Jakarta"),
        "stun": own_stun(host=request.get_host(), port=request.get_port()),
        "relay": relay_state(),
        "hidden": queries.addresses_hidden(appointment),
        "choice_after": appointment.rules.late_choice_minutes,
        "plan": shown(plan_of(appointment), role="counsellor" if is_counsellor else "client").as_json(),
        "other": appointment.client.shown_as if is_counsellor else appointment.counsellor.short_name,
    }


def _address(config: dict[str, Any]) -> str:
    """Whether the two learn each other's internet address: "open", "hidden", or "wished" where there is no relay."""
    if not config["hidden"]:
        return "open"
    return "wished" if config["relay"] == "none" else "hidden"


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Stands in for a room that cannot be fetched; the same for everybody, and says nothing of anybody."""
    return render(request, "callroom/offline.html", {"words": plan_words()})


@require_POST
@login_required
def ticket(request: HttpRequest, code: str) -> HttpResponse:
    appointment = appointment_for(request.user, code)
    reason = actions.may_enter(code=appointment.code, user_id=_id(request), now=clock.now())
    if reason:
        return JsonResponse({"reason": reason}, status=409)
    role = "counsellor" if appointment.counsellor.user_id == request.user.pk else "client"
    made = tickets.make(code=appointment.code, user_id=_id(request), role=role, session=request.session.session_key or "")
    return JsonResponse({"ticket": made}, headers={"Cache-Control": "no-store"})


@require_POST
@login_required
def ice(request: HttpRequest, code: str) -> HttpResponse:
    """Relay passwords, under a pseudonym that tells the relay nothing; ten a minute. A browser tells here as well
    which relays it could not come through."""
    appointment = appointment_for(request.user, code)
    now, hidden = clock.now(), queries.addresses_hidden(appointment)
    if actions.may_enter(code=appointment.code, user_id=_id(request), now=now):
        return JsonResponse({"iceServers": [], "ttl": 0, "hidden": hidden}, headers={"Cache-Control": "no-store"})
    seat = f"{appointment.code}:{request.user.pk}"
    if _asked_too_often(f"ice:{seat}:{now:%H%M}"):
        return JsonResponse({"reason": "too_often"}, status=429)
    pseudonym = hashlib.sha256(f"{settings.SECRET_KEY}:{seat}:{now:%Y%m%d%H}".encode()).hexdigest()[:16]
    left = int((appointment.ends_at - now).total_seconds() // 60)
    told = doubts.read(request.body)
    doubts.tell(told)
    doubt(urls=[way.url for _relay, way, _code in told], now=now)
    relays, away = entrances()
    made = ice_servers(session_id=pseudonym, now=now, minutes=max(left, 0), relays=relays)
    return JsonResponse({**made, "hidden": hidden, "away": away}, headers={"Cache-Control": "no-store"})


def _asked_too_often(minute_key: str) -> bool:
    asked = int(cache.get(minute_key, 0)) + 1
    cache.set(minute_key, asked, 120)
    return asked > ICE_PER_MINUTE


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def line(request: HttpRequest, code: str) -> HttpResponse:
    """What the line took so far; and, posted, what one browser tells of the stretches in which it heard nothing."""
    appointment = appointment_for(request.user, code)
    now = clock.now()
    if request.method != "POST":
        return JsonResponse(_line_facts(request, appointment), headers={"Cache-Control": "no-store"})
    reports = clean_line_reports(request.body)
    if reports is None:
        return JsonResponse({"reason": "wrong"}, status=422)
    try:
        kept = actions.report_line(code=appointment.code, by_id=_id(request), reports=reports, now=now)
    except actions.RoomRefused as refused:
        return JsonResponse({"reason": refused.reason}, status=409)
    return JsonResponse({"kept": kept}, headers={"Cache-Control": "no-store"})


def _line_facts(request: HttpRequest, appointment: Appointment) -> dict[str, int]:
    found = queries.lost_of(appointment)
    offer = queries.offered(appointment, now=clock.now()) if appointment.counsellor.user_id == request.user.pk else 0
    return {"seconds": found.seconds, "minutes": lost.minutes(found.seconds), "offer": offer}


@require_POST
@login_required
def held(request: HttpRequest, code: str) -> HttpResponse:
    """What one browser's line really held and took, a minute at a time."""
    appointment = appointment_for(request.user, code)
    rows = clean_held(request.body)
    if rows is None:
        return JsonResponse({"reason": "wrong"}, status=422)
    try:
        actions.record_held(code=appointment.code, by_id=_id(request), rows=rows, now=clock.now())
    except actions.RoomRefused as refused:
        return JsonResponse({"reason": refused.reason}, status=409)
    return JsonResponse({"kept": len(rows)}, headers={"Cache-Control": "no-store"})


@require_POST
@login_required
def extend(request: HttpRequest, code: str) -> HttpResponse:
    """The counsellor takes the lost minutes now; both browsers are told the new end."""
    appointment = appointment_for(request.user, code)
    if appointment.counsellor.user_id != request.user.pk:
        raise Http404
    try:
        moved = actions.extend(code=appointment.code, by_id=_id(request), now=clock.now())
    except actions.RoomRefused as refused:
        return JsonResponse({"reason": refused.reason}, status=409)
    bus.publish(appointment.code, {"t": "clock", **moved})
    return JsonResponse(moved, headers={"Cache-Control": "no-store"})
