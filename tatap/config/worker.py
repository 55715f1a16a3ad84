"""The one loop that does durable work: rows that are due, and a few things at their intervals.

A row is leased by a conditional update, so that any number of workers on either database can run; a worker
that dies leaves a lease that ends. At least once: handlers are idempotent or keyed."""

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import Error as DatabaseAway
from django.db import close_old_connections
from django.db.models import F, Q
from django.utils.module_loading import import_string

from tatap.lib import clock
from tatap.lib.due import DueRow

log = logging.getLogger("tatap.worker")

LEASE = timedelta(seconds=90)
PAUSES = [timedelta(seconds=s) for s in (10, 60, 300, 1800, 7200, 21600)]
MOST_TRIES = len(PAUSES) + 1
BATCH = 50
TICK = 2.0  # seconds between looks
BREATH = 0.05  # seconds between rows beside pages and the room: letters are in no hurry, people are


@dataclass(frozen=True)
class Kind:
    """``given_up``: what is done, beside telling a manager, with a row that failed for good."""

    model: str
    handler: str
    given_up: str = ""


#: rows that are due, with what does them
WORK = (
    Kind("tatap.notifications.models.Message", "tatap.notifications.tasks.deliver", "tatap.notifications.tasks.forget"),
    Kind("tatap.journey.models.Reminder", "tatap.journey.tasks.remind"),
    Kind("tatap.journey.models.Settlement", "tatap.journey.tasks.settle_ended"),
)
#: (what, every so many seconds)
PERIODIC = (
    ("tatap.journey.tasks.tell", 2),
    ("tatap.payments.tasks.expire_unpaid", 10),
    ("tatap.payments.tasks.let_in_on_proof", 30),
    ("tatap.bookings.tasks.release_expired_holds", 10),
    ("tatap.callroom.tasks.tell_absent", 15),
    ("tatap.journey.tasks.close_past", 60),
    ("tatap.bookings.tasks.flag_lapsed_licences", 300),
    ("tatap.bookings.tasks.refresh_openings", 60),
    ("tatap.bookings.tasks.prune_claims", 86_400),
    ("tatap.meetings.tasks.check_relays", 10),
)


def run_due(
    kind: Kind, *, now: Callable[[], datetime] = clock.now, go_on: Callable[[], bool] = lambda: True
) -> int:
    """Leases and does what is due of one kind; returns how many rows were tried. ``go_on`` is asked between rows."""
    model: type[DueRow] = import_string(kind.model)
    handler: Callable[[Any, datetime], None] = import_string(kind.handler)
    moment = now()
    due = model._default_manager.filter(_due(moment)).order_by("due_at").values_list("pk", flat=True)[:BATCH]
    done = 0
    for pk in list(due):
        mine = model._default_manager.filter(Q(pk=pk) & _due(moment)).update(
            leased_until=now() + LEASE, tries=F("tries") + 1
        )
        if mine:
            row = model._default_manager.get(pk=pk)
            if row.tries > MOST_TRIES:
                _give_up(kind, row, "WorkerLost", now=now())
            else:
                _do(kind, row, handler, now=now)
            done += 1
            if not go_on():
                break
    return done


def _due(moment: datetime) -> Q:
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=moment)
    return Q(due_at__lte=moment, done_at__isnull=True, failed_at__isnull=True) & free


def _do(kind: Kind, row: DueRow, handler: Callable[[Any, datetime], None], *, now: Callable[[], datetime]) -> None:
    try:
        handler(row, now())
    except Exception as problem:
        _failed(kind, row, problem, now=now())
        return
    type(row)._default_manager.filter(pk=row.pk).update(done_at=now(), leased_until=None, last_error="")


def _failed(kind: Kind, row: DueRow, problem: Exception, *, now: datetime) -> None:
    name = type(problem).__name__[:80]
    log.warning("%s %s failed: %s", type(row).__name__, row.pk, name)
    if row.tries >= MOST_TRIES or getattr(problem, "permanent", False):
        _give_up(kind, row, name, now=now)
        return
    pause = PAUSES[row.tries - 1] * random.uniform(0.9, 1.2)  # noqa: S311 - spreads retries, no secret
    type(row)._default_manager.filter(pk=row.pk).update(leased_until=None, last_error=name, due_at=now + pause)


def _give_up(kind: Kind, row: DueRow, error: str, *, now: datetime) -> None:
    """From here on a manager sees it. "WorkerLost": no try ever came back, the row takes its worker with it."""
    if kind.given_up:
        import_string(kind.given_up)(row)
    type(row)._default_manager.filter(pk=row.pk).update(leased_until=None, last_error=error, failed_at=now)


class Worker:
    """The loop in a thread of its own. ``breath``: how long it leaves the others alone after each row, in seconds."""

    def __init__(self, *, breath: float = 0.0) -> None:
        self.breath = breath
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self.run, name="worker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop_soon(self) -> None:
        self._stop.set()

    def wait(self, seconds: float | None = None) -> None:
        """Until the row in hand is done; a lease left behind ends by itself."""
        if self._thread.is_alive():
            self._thread.join(seconds)

    def run(self) -> None:
        last: dict[str, datetime] = {}
        while not self._stop.is_set():
            close_old_connections()
            try:
                did = self._look(last)
            except DatabaseAway as problem:
                log.warning("the database is away (%s); looking again", type(problem).__name__)
                did = 0
            except Exception as problem:  # one thread does all durable work: whatever it was, it looks again
                log.error("a look at what is due failed: %s", type(problem).__name__)
                did = 0
            self._stop.wait(0.05 if did >= BATCH else TICK)
        close_old_connections()

    def _look(self, last: dict[str, datetime]) -> int:
        for path, seconds in PERIODIC:
            if self._stop.is_set():
                return 0
            moment = clock.now()
            if path not in last or moment - last[path] >= timedelta(seconds=seconds):
                last[path] = moment
                self._one(path, moment)
        return sum(run_due(kind, go_on=self._go_on) for kind in WORK if not self._stop.is_set())

    def _go_on(self) -> bool:
        return not self._stop.wait(self.breath)

    def _one(self, path: str, moment: datetime) -> None:
        try:
            import_string(path)(moment)
        except DatabaseAway:
            raise
        except Exception as problem:
            log.error("%s failed: %s", path, type(problem).__name__)
