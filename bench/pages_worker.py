"""Fills a practice and asks for its pages in this process: ``python -m bench.pages_worker RUNS ROUNDS``. Its
last line is JSON: per page the lists ``ours`` and ``bare`` (CPU ms, one median a run), ``queries``, ``rows``."""

import json
import statistics
import sys
import time
from dataclasses import dataclass
from typing import Any

import django

WARM = 5
TIMES = 3  # free times on a directory's card


@dataclass(frozen=True)
class Page:
    """``rows``: how many things are listed on it: people and their free times, sessions, tasks, points, chips;
    not the filters."""

    name: str
    address: str
    who: str
    rows: int


def prepared() -> list[Page]:
    """The demo's practice with its photos: twelve counsellors, sessions behind and ahead."""
    from django.core.management import call_command

    from tatap.config.demo.cast import CLIENTS, COUNSELLORS
    from tatap.config.demo.fill import fill
    from tatap.lib import clock

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    now = clock.now()
    fill(stage="prepared", now=now)
    clock.now = lambda: now  # the session that is about to start does not start meanwhile: that is another page
    client, counsellor = CLIENTS[0][0], f"{COUNSELLORS[0].slug}@tatap.example"
    return pages(client, counsellor, COUNSELLORS[0].slug)


def pages(client: str, counsellor: str, slug: str) -> list[Page]:
    from datetime import timedelta

    from tatap.accounts.models import User
    from tatap.closing import queries as closing
    from tatap.closing.models import Card
    from tatap.config.pages import CONCERNS, TONIGHT
    from tatap.counsellors import search
    from tatap.counsellors.models import Counsellor
    from tatap.followup import queries as followup
    from tatap.journey import queries
    from tatap.lib import clock

    now, reader = clock.now(), User.objects.get(email=client)
    person = Counsellor.objects.get(slug=slug)
    service = search.main_service(person)
    assert service is not None
    week = search.week(person, service, now=now, zone=reader.zone)
    coming, past = queries.client_visits(reader, now=now)
    day = queries.day_of(person, start=now - timedelta(hours=12), end=now + timedelta(hours=12))
    card = Card.objects.filter(appointment__participants__person=reader).order_by("appointment__starts_at")[0]
    tasks = len(followup.open_tasks(person=reader))
    on_card = len(card.points) + len(card.current_tasks) + card.additions.count()
    if closing.of_the_same_two(card.appointment, now=now).booked is None:
        on_card += len(closing.offers(card.appointment, now=now, count=2))
    return [
        Page("front", "/", client, CONCERNS + TONIGHT),
        Page("directory", "/konselor/", client, search.PAGE * (1 + TIMES)),
        Page("counsellor", f"/konselor/{slug}/", client, sum(len(times) for _day, times in week)),
        Page("sessions", "/sesi/", client, len(coming) + len(past) + tasks),
        Page("day", "/praktik/", counsellor, len(day)),
        Page("card", f"/sesi/{card.appointment.code}/kartu/", client, on_card),
    ]


class Reader:
    """One person's browser, as far as Django sees it."""

    def __init__(self, email: str) -> None:
        from django.conf import settings
        from django.core.handlers.wsgi import WSGIHandler
        from django.test import Client, RequestFactory

        from tatap.accounts.models import User

        self.handler, self.factory = WSGIHandler(), RequestFactory()
        signed_in = Client()
        signed_in.force_login(User.objects.get(email=email), backend=settings.AUTHENTICATION_BACKENDS[0])
        self.cookies = f"{settings.SESSION_COOKIE_NAME}={signed_in.cookies[settings.SESSION_COOKIE_NAME].value}; csrftoken={'a' * 32}"

    def get(self, address: str) -> float:
        """CPU milliseconds for one page."""
        environ = self.factory.get(address, HTTP_HOST="127.0.0.1", HTTP_COOKIE=self.cookies, HTTP_ACCEPT_ENCODING="gzip").environ
        said: list[str] = []
        begun = time.process_time()
        answer: Any = self.handler(environ, lambda status, _headers: said.append(status))
        for _part in answer:
            pass
        answer.close()
        spent = (time.process_time() - begun) * 1000
        if said[0] != "200 OK":
            raise SystemExit(f"{address} answered {said[0]}")
        return spent

    def queries(self, address: str) -> int:
        from django.db import connection

        count = 0

        def counted(execute: Any, *statement: Any) -> Any:
            nonlocal count
            count += 1
            return execute(*statement)

        with connection.execute_wrapper(counted):
            self.get(address)
        return count


def measure(page: Page, *, runs: int, rounds: int) -> dict[str, list[float]]:
    reader, bare = Reader(page.who), f"/bare/{page.rows}/"
    found: dict[str, list[float]] = {"ours": [], "bare": [], "queries": [], "rows": [page.rows]}
    for _ in range(WARM):
        reader.get(page.address)
        reader.get(bare)
    for _ in range(runs):
        pairs = [(reader.get(page.address), reader.get(bare)) for _ in range(rounds)]
        found["ours"].append(statistics.median(ours for ours, _bare in pairs))
        found["bare"].append(statistics.median(plain for _ours, plain in pairs))
        found["queries"].append(reader.queries(page.address))
    return found


def main() -> None:
    runs, rounds = int(sys.argv[1]), int(sys.argv[2])
    django.setup()
    found = {page.name: measure(page, runs=runs, rounds=rounds) for page in prepared()}
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
