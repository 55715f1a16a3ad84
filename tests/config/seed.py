"""A small practice for a server under test, in a process of its own: ``python -m tests.config.seed`` fills the
database of the environment and prints what a test needs to know as JSON. The rows are written straight: the
session has begun, which no booking could make."""

import json
from datetime import timedelta
from typing import Any

import django


def seed() -> dict[str, Any]:
    from tatap.accounts.models import Practice, User
    from tatap.bookings.actions import current_rules
    from tatap.bookings.models import Appointment, Participant
    from tatap.callroom.actions import post_chat
    from tatap.callroom.models import Room
    from tatap.counsellors.models import Counsellor, Service
    from tatap.lib import clock
    from tatap.payments.actions import open_invoice
    from tatap.payments.models import BankAccount

    now = clock.now()
    Practice.objects.create(name="Ruang Teduh")
    BankAccount.objects.create(bank="BSI", number="7123", holder="Ruang Teduh")
    client = User.objects.create(email="kirana@example.org", alias="Kirana", role="client")
    woman = User.objects.create(email="nur@example.org", alias="Nur", role="counsellor")
    counsellor = Counsellor.objects.create(user=woman, slug="nur", name="Nur", short_name="Bu Nur", profession="psychologist", gender="female")
    service = Service.objects.create(counsellor=counsellor, kind="individual", minutes=50, tariff=200_000)
    facts = {"counsellor": counsellor, "service": service, "rules": current_rules(now=now), "tariff": 200_000, "created_at": now}
    live = Appointment.objects.create(code="LANGSG", status="booked", starts_at=now, ends_at=now + timedelta(minutes=50), confirmed_at=now, **facts)
    start = now + timedelta(days=3)
    held = Appointment.objects.create(code="BAYARX", status="held", starts_at=start, ends_at=start + timedelta(minutes=50), hold_until=now + timedelta(hours=1), **facts)
    for appointment in (live, held):
        Participant.objects.create(appointment=appointment, person=client, part="client")
        Participant.objects.create(appointment=appointment, person=woman, part="counsellor")
    Room.objects.create(appointment=live, door_opened_at=now)
    post_chat(code=live.code, by_id=client.pk, key="seed", text="Selamat malam", now=now)
    open_invoice(appointment=held, payer=client, now=now)
    return {"client": client.pk, "counsellor": woman.pk, "cookie": signed_in(client), "live": live.code, "held": held.code}


def signed_in(person: Any) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return f"sesi={session.session_key}"


if __name__ == "__main__":
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    print(json.dumps(seed()))
