"""Rooms for ``bench.room_sockets``: ``python -m bench.room_sockets_seed ROOMS`` prints them as JSON. The rows are
written straight to the tables: five hundred sessions of one moment are more than one counsellor could hold."""

import json
import sys
from datetime import timedelta
from typing import Any

import django

READERS = 8
LETTERS = 5000  # more than a worker sends while the bench runs


def seed(rooms: int) -> dict[str, Any]:
    from django.core.management import call_command
    from django.db import transaction

    from bench.sign_in import session_cookie
    from tatap.accounts.models import User
    from tatap.bookings import actions
    from tatap.bookings.models import Appointment, Participant
    from tatap.callroom.models import Room
    from tatap.counsellors.models import Counsellor, Service
    from tatap.lib import clock
    from tatap.notifications.models import Message

    call_command("migrate", verbosity=0)
    now = clock.now()
    rules = actions.current_rules(now=now)
    woman = User.objects.create(email="counsellor@example.org", role="counsellor", alias="Nur")
    counsellor = Counsellor.objects.create(
        user=woman, slug="nur", name="Nur", short_name="Bu Nur", profession="psychologist", gender="female"
    )
    service = Service.objects.create(counsellor=counsellor, kind="individual", minutes=50, tariff=0)
    clients = User.objects.bulk_create([User(email=f"c{n}@example.org", alias=f"C{n}") for n in range(rooms)])
    facts = {
        "counsellor": counsellor, "service": service, "rules": rules, "tariff": 0, "status": "booked",
        "starts_at": now, "ends_at": now + timedelta(minutes=50), "created_at": now, "confirmed_at": now,
    }
    made = Appointment.objects.bulk_create([Appointment(code=_code(n), **facts) for n in range(rooms)])
    Participant.objects.bulk_create(
        [Participant(appointment=a, person=c, part="client") for a, c in zip(made, clients, strict=True)]
        + [Participant(appointment=a, person=woman, part="counsellor") for a in made]
    )
    Room.objects.bulk_create([Room(appointment=a, door_opened_at=now) for a in made])
    Message.objects.bulk_create(
        [
            Message(key=f"bench:{n}", channel="email", address=f"c{n}@example.org", subject="Jadwal", text="Halo", queued_at=now, due_at=now)
            for n in range(LETTERS)
        ]
    )
    pairs = zip(made, clients, strict=True)
    with transaction.atomic():
        sessions, hers = {c.pk: session_cookie(c) for c in clients}, session_cookie(woman)
    return {
        "rooms": [{"code": a.code, "people": [c.pk, woman.pk], "sessions": [sessions[c.pk], hers]} for a, c in pairs],
        "cookies": [f"sesi={sessions[c.pk]}" for c in clients[:READERS]],
    }


def _code(number: int) -> str:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    return "BN" + "".join(letters[number // 32**place % 32] for place in range(4))


if __name__ == "__main__":
    django.setup()
    print(json.dumps(seed(int(sys.argv[1]))))
