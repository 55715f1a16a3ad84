"""People with a transfer to prove, for ``bench.uploads``: ``python -m bench.uploads_seed PEOPLE`` prints them as JSON.
The rows are written straight to the tables: fifty sessions of one hour are more than one counsellor could hold."""

import json
import sys
from datetime import timedelta
from typing import Any

import django

from bench.room_sockets_seed import _code
from bench.sign_in import session_cookie


def seed(people: int) -> list[dict[str, str]]:
    from django.core.management import call_command

    from tatap.accounts.models import Practice, User
    from tatap.bookings import actions
    from tatap.bookings.models import Appointment, Participant
    from tatap.counsellors.models import Counsellor, Service
    from tatap.lib import clock
    from tatap.payments.actions import open_invoice

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    now = clock.now()
    Practice.objects.create(name="Ruang Teduh")
    woman = User.objects.create(email="counsellor@example.org", role="counsellor", alias="Nur")
    counsellor = Counsellor.objects.create(
        user=woman, slug="nur", name="Nur", short_name="Bu Nur", profession="psychologist", gender="female"
    )
    service = Service.objects.create(counsellor=counsellor, kind="individual", minutes=50, tariff=200_000)
    start = now + timedelta(days=3)
    facts: dict[str, Any] = {
        "counsellor": counsellor, "service": service, "rules": actions.current_rules(now=now), "tariff": 200_000, "status": "held",
        "starts_at": start, "ends_at": start + timedelta(minutes=50), "created_at": now, "hold_until": now + timedelta(hours=2),
    }
    made = []
    for n in range(people):
        client = User.objects.create(email=f"c{n}@example.org", alias=f"C{n}")
        appointment = Appointment.objects.create(code=_code(n), **facts)
        for person, part in ((client, "client"), (woman, "counsellor")):
            Participant.objects.create(appointment=appointment, person=person, part=part)
        open_invoice(appointment=appointment, payer=client, now=now)
        made.append({"code": appointment.code, "cookie": f"sesi={session_cookie(client)}"})
    return made


if __name__ == "__main__":
    django.setup()
    print(json.dumps(seed(int(sys.argv[1]))))
