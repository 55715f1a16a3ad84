"""One process of ``bench.booking``: prepares the practice, or books as hard as it can and says how it went."""

import json
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import django

COUNSELLORS = 10
CLIENTS = 200
DAYS = 60
#: a full hour well ahead, the same for all processes of a run
DAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
NOW = DAY + timedelta(hours=1)


def prepare() -> dict[str, Any]:
    from django.core.management import call_command

    from tatap.accounts.models import User
    from tatap.bookings import actions

    call_command("migrate", verbosity=0)
    actions.current_rules(now=NOW)
    manager = User.objects.create(email="manager@example.org", role="manager")
    User.objects.bulk_create([User(email=f"client{n}@example.org") for n in range(CLIENTS)])
    for number in range(COUNSELLORS):
        actions.refresh_openings(counsellor=_counsellor(number, manager), now=NOW)
    return {}


def _counsellor(number: int, manager: Any) -> Any:
    from datetime import time as hour

    from tatap.accounts.models import User
    from tatap.bookings.models import Calendar, WeeklyHours
    from tatap.counsellors.models import Counsellor, Licence, Service

    user = User.objects.create(email=f"counsellor{number}@example.org", role="counsellor")
    person = Counsellor.objects.create(
        user=user, slug=f"c{number}", name=f"C {number}", short_name="C", profession="psychologist", gender="female"
    )
    Licence.objects.create(counsellor=person, kind="STR", number="1", checked_by=manager, checked_at=NOW)
    Service.objects.create(counsellor=person, kind="individual", minutes=50, tariff=150_000)
    Calendar.objects.create(counsellor=person, horizon_days=DAYS, step_minutes=5)
    WeeklyHours.objects.bulk_create(
        [WeeklyHours(counsellor=person, weekday=day, start=hour(0), end=hour(0)) for day in range(7)]
    )
    return person


class Crowd:
    """Threads that open their connections first and then go off at the same moment."""

    def __init__(self, threads: int, at: float) -> None:
        self.threads, self.at = threads, at

    def run(self, work: Callable[[int], None]) -> None:
        def one(number: int) -> None:
            from django.db import connection

            connection.ensure_connection()
            time.sleep(max(0.0, self.at - time.time()))
            try:
                work(number)
            finally:
                connection.close()

        crew = [threading.Thread(target=one, args=(n,)) for n in range(self.threads)]
        for thread in crew:
            thread.start()
        for thread in crew:
            thread.join()


def all_at_once(crowd: Crowd, *, one_client: bool, run: int, process: int) -> dict[str, Any]:
    """Ten starts, five minutes apart, of 50 minutes each: all overlap one another."""
    from tatap.accounts.models import User
    from tatap.bookings import actions
    from tatap.counsellors.models import Service

    services = list(Service.objects.select_related("counsellor__user").order_by("pk"))
    clients = list(User.objects.filter(email__startswith="client").order_by("pk"))
    noon = DAY + timedelta(days=2 + 2 * run + one_client, hours=12)
    won, told = [], []

    def work(number: int) -> None:
        client = clients[run] if one_client else clients[process * crowd.threads + number]
        service = services[number % COUNSELLORS] if one_client else services[0]
        start = noon + timedelta(minutes=5 * ((number + process * 3) % 10))
        try:
            won.append(actions.hold(client=client, service=service, starts_at=start, now=NOW).code)
        except actions.SlotTaken as taken:
            told.append(len(taken.nearest))

    crowd.run(work)
    return {"won": len(won), "told": len(told)}


def rate(crowd: Crowd, seconds: float, *, bare: bool, run: int) -> dict[str, Any]:
    """Every thread books hour after hour with one of the counsellors, five threads to each."""
    from django.db import OperationalError

    from tatap.accounts.models import User
    from tatap.bookings.actions import current_rules
    from tatap.counsellors.models import Service

    services = list(Service.objects.select_related("counsellor__user").order_by("pk"))
    clients = list(User.objects.filter(email__startswith="client").order_by("pk"))
    took: list[float] = []
    errors: list[str] = []
    rules, first = current_rules(now=NOW), DAY + timedelta(days=14 + 12 * run)
    once = _bare if bare else _whole

    def work(number: int) -> None:
        share, hour = crowd.threads // COUNSELLORS, number // COUNSELLORS
        until = crowd.at + seconds
        while time.time() < until:
            began = time.perf_counter()
            try:
                once(clients[number], services[number % COUNSELLORS], first + timedelta(hours=hour), rules)
                took.append(time.perf_counter() - began)
            except OperationalError as problem:
                errors.append(str(problem))
            hour += share

    crowd.run(work)
    took.sort()
    return {"per_s": len(took) / seconds, "p99_ms": took[int(len(took) * 0.99)] * 1000, "lock_errors": len(errors)}


def _whole(client: Any, service: Any, start: datetime, rules: Any) -> None:
    from tatap.bookings import actions

    actions.hold(client=client, service=service, starts_at=start, now=NOW)


def _bare(client: Any, service: Any, start: datetime, rules: Any) -> None:
    """Lock slot, insert booking, mark slot, insert event; nothing is checked and nobody is protected."""
    from django.db import transaction

    from tatap.audit.models import Event
    from tatap.bookings.models import Appointment
    from tatap.counsellors.models import Opening

    with transaction.atomic():
        slot = Opening.objects.select_for_update().filter(counsellor_id=service.counsellor_id).order_by("pk")[0]
        made = Appointment.objects.create(
            counsellor_id=service.counsellor_id, service_id=service.pk, starts_at=start,
            ends_at=start + timedelta(minutes=50), status="booked", tariff=0, rules=rules, created_at=NOW,
        )
        Opening.objects.filter(pk=slot.pk).update(end=slot.end)
        Event.objects.create(at=NOW, actor=str(client.pk), actor_role="client", verb="bare", subject=made.code)


def main() -> None:
    what, rest = sys.argv[1], sys.argv[2:]
    django.setup()
    if what == "prepare":
        found = prepare()
    else:
        crowd, run = Crowd(int(rest[0]), float(rest[1])), int(rest[2])
        if what in {"hold", "bare"}:
            found = rate(crowd, float(rest[3]), bare=what == "bare", run=run)
        else:
            found = all_at_once(crowd, one_client=what == "same_client", run=run, process=int(rest[3]))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
