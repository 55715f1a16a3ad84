"""Rooms for the call benches: ``python -m bench.call_rooms N`` prints them as JSON, one ``{"code", "client",
"counsellor"}`` each (the last two are session cookies). Every room has two people of its own, so that none is
asked to be in two places; each is booked by the real actions, for the last full five minutes."""

import json
import sys
from datetime import datetime, timedelta
from typing import Any

import django


def rooms(count: int) -> list[dict[str, str]]:
    from django.core.management import call_command

    from tatap.accounts.models import User
    from tatap.lib import clock

    now = clock.now()
    if "--first" in sys.argv:
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
    made = User.objects.count()
    return [_room(made + n, now=now) for n in range(count)]


def _room(number: int, *, now: datetime) -> dict[str, str]:
    from bench.sign_in import session_cookie
    from tatap.accounts.models import User
    from tatap.bookings import actions

    start = now.replace(minute=now.minute - now.minute % 5, second=0, microsecond=0)
    before = start - timedelta(days=1)
    client = User.objects.create(email=f"client{number}@example.org", alias="Kirana")
    service = _service(number, now=before)
    seat = actions.hold(client=client, service=service, starts_at=start, now=before, outside_hours=True)
    actions.confirm(appointment=seat, by=None, now=before)
    return {
        "code": seat.code, "client": session_cookie(client), "counsellor": session_cookie(service.counsellor.user),
    }


def _manager() -> Any:
    from tatap.accounts.models import User

    return User.objects.get_or_create(email="manager@example.org", defaults={"role": "manager"})[0]


def _service(number: int, *, now: datetime) -> Any:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from tatap.accounts.models import User
    from tatap.bookings.models import Calendar
    from tatap.counsellors.actions import check_licence
    from tatap.counsellors.models import Counsellor, Licence, Service

    user = User.objects.create(email=f"counsellor{number}@example.org", role="counsellor", alias="Bu Nur")
    TOTP.activate(user, generate_totp_secret())
    person = Counsellor.objects.create(
        user=user, slug=f"c{number}", name="Nur", short_name="Bu Nur", profession="psychologist", gender="female"
    )
    licence = Licence.objects.create(counsellor=person, kind="STR", number=str(number))
    check_licence(licence=licence, by=_manager(), now=now)
    Calendar.objects.create(counsellor=person)
    return Service.objects.create(counsellor=person, kind="individual", minutes=50, tariff=0)


if __name__ == "__main__":
    django.setup()
    print(json.dumps(rooms(int(sys.argv[1]))))
