"""The card that two people write at the end. Saving the same content twice is the same as once, so that a
browser may send again whatever it got no answer to. Whatever changes the card, the client's words and her
acceptance too, is a new revision: by it the other window knows that there is something to read."""

import json
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, ProtectedError

from tatap.accounts.models import User
from tatap.audit import actions as audit
from tatap.audit.models import Event
from tatap.bookings import queries as bookings
from tatap.bookings.models import Appointment
from tatap.closing import queries
from tatap.closing.models import Addition, Card, Task
from tatap.lib import zones

MOST_POINTS, MOST_TASKS, MOST_ADDITIONS, LONGEST = 12, 3, 50, 1000
ONCE_IN = timedelta(hours=1)  # typing and reading are written down once in this time


class Conflict(Exception):
    """The card was changed since by another window; nothing was overwritten."""


class WrongCard(Exception):
    """Too many points, tasks or additions, or one is empty or too long."""


def open_card(*, appointment: Appointment, by: User, now: datetime) -> Card:
    with transaction.atomic():
        card, made = Card.objects.get_or_create(
            appointment=appointment, defaults={"opened_at": now, "changed_at": now}
        )
        if made:
            audit.record(by=by, verb="card.begun", subject=f"appointment:{appointment.code}", now=now)
    return card


def save_card(
    *,
    appointment: Appointment,
    by: User,
    revision: int,
    points: list[str],
    tasks: list[dict[str, Any]],
    next_start: datetime | None,
    now: datetime,
) -> Card:
    """Replaces points and tasks if the card is still at ``revision``. ``tasks``: {id?, text, due_on?}; the id of
    a task keeps it, so that what the client ticked stays with it; without a day it is due a week on. A next
    time that is not free any more is left out. A change takes back the client's acceptance."""
    points, tasks = _tidied(points, tasks, appointment)
    with transaction.atomic():
        card = open_card(appointment=appointment, by=by, now=now)
        Card.objects.select_for_update().get(pk=card.pk)
        card.refresh_from_db()
        next_start = _still_free(next_start, card, appointment, now=now)
        if _same(card, points, tasks, next_start):
            return card
        if not Card.objects.filter(pk=card.pk, revision=revision).update(revision=F("revision") + 1):
            raise Conflict
        card.refresh_from_db()
        card.points_json = json.dumps(points, ensure_ascii=False)
        card.next_start, card.changed_at, card.accepted_at = next_start, now, None
        card.save(update_fields=["points_json", "next_start", "changed_at", "accepted_at"])
        _write_tasks(card, tasks, now=now)
        _record_once("card.saved", appointment, by=by, now=now)
    return card


def _tidied(
    points: list[str], tasks: list[dict[str, Any]], appointment: Appointment
) -> tuple[list[str], list[dict[str, Any]]]:
    week_on = zones.local(appointment.starts_at, appointment.client.zone).date() + timedelta(days=7)
    points = [text.strip() for text in points if text.strip()]
    tidy = [
        {"id": str(task.get("id", "")), "text": str(task["text"]).strip(), "due_on": task.get("due_on") or week_on}
        for task in tasks
        if str(task.get("text", "")).strip()
    ]
    texts = [*points, *(str(task["text"]) for task in tidy)]
    if len(points) > MOST_POINTS or len(tidy) > MOST_TASKS or any(len(text) > LONGEST for text in texts):
        raise WrongCard
    if not all(isinstance(task["due_on"], date) for task in tidy):
        raise WrongCard
    return points, tidy


def _still_free(start: datetime | None, card: Card, appointment: Appointment, *, now: datetime) -> datetime | None:
    if start is None or start == card.next_start:
        return start
    free = bookings.free_slots(
        counsellor=appointment.counsellor,
        minutes=queries.minutes_of(appointment),
        start=start,
        end=start + timedelta(minutes=1),
        now=now,
        client=appointment.client,
    )
    return start if start in free else None


def _same(card: Card, points: list[str], tasks: list[dict[str, Any]], next_start: datetime | None) -> bool:
    have = [(task.text, task.due_on) for task in card.current_tasks]
    wanted = [(task["text"], task["due_on"]) for task in tasks]
    return card.points == points and have == wanted and card.next_start == next_start


def _write_tasks(card: Card, tasks: list[dict[str, Any]], *, now: datetime) -> None:
    left = {str(task.pk): task for task in card.current_tasks}
    for position, given in enumerate(tasks):
        task = left.pop(given["id"], None) or Task(card=card)
        task.text, task.due_on, task.position = given["text"], given["due_on"], position
        task.save()
    for task in left.values():
        try:
            with transaction.atomic():
                task.delete()
        except ProtectedError:
            task.dropped_at = now
            task.save(update_fields=["dropped_at"])


def accept_card(*, appointment: Appointment, by: User, now: datetime, revision: int | None = None) -> Card:
    """The client says: this is what we agreed. ``revision``: the one she read, where her browser tells it."""
    with transaction.atomic():
        card = Card.objects.select_for_update().get(appointment=appointment)
        if card.accepted_at is not None:
            return card
        if revision is not None and revision != card.revision:
            raise Conflict
        card.accepted_at, card.revision = now, card.revision + 1
        card.save(update_fields=["accepted_at", "revision"])
        _record("card.accepted", appointment, by=by, now=now, revision=card.revision)
    return card


def add_words(*, appointment: Appointment, by: User, text: str, now: datetime) -> Addition:
    """The same words a second time are the first ones, sent again."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise WrongCard
    with transaction.atomic():
        card = open_card(appointment=appointment, by=by, now=now)
        Card.objects.select_for_update().get(pk=card.pk)
        mine = list(card.additions.filter(author=by))
        earlier = next((item for item in mine if item.text == text), None)
        if earlier is not None:
            return earlier
        if len(mine) >= MOST_ADDITIONS:
            raise WrongCard
        made = Addition.objects.create(card=card, author=by, text=text, at=now)
        Card.objects.filter(pk=card.pk).update(revision=F("revision") + 1)
        _record("card.added", appointment, by=by, now=now)
    return made


def note_opening(*, appointment: Appointment, by: User, now: datetime, live: bool = False) -> None:
    """That somebody other than the client read the card. ``live``: the room asks again and again meanwhile."""
    if by.pk == appointment.client.pk:
        return
    (_record_once if live else _record)("card.opened", appointment, by=by, now=now)


def _record(verb: str, appointment: Appointment, *, by: User, now: datetime, **facts: int) -> None:
    audit.record(
        by=by, verb=verb, subject=f"appointment:{appointment.code}", now=now, about=appointment.client, **facts
    )


def _record_once(verb: str, appointment: Appointment, *, by: User, now: datetime) -> None:
    recent = Event.objects.filter(
        subject=f"appointment:{appointment.code}", verb=verb, actor=str(by.pk), at__gt=now - ONCE_IN
    )
    if not recent.exists():
        _record(verb, appointment, by=by, now=now)
