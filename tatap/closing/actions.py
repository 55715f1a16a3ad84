import json
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from tatap.accounts.models import User
from tatap.audit import actions as audit
from tatap.audit.models import Event
from tatap.bookings.models import Appointment
from tatap.closing.models import Addition, Card, Task

MOST_POINTS, MOST_TASKS, LONGEST = 12, 3, 1000


class Conflict(Exception):
    """The card was changed by another window since; nothing was overwritten."""


class WrongCard(Exception):
    """Too many points or tasks, or one is too long."""


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
    """Replaces points and tasks if the card is still at ``revision``. ``tasks``: {id?, text, due_on?}; one
    with the id of a task keeps it, so that what the client ticked stays with it."""
    points = [text.strip() for text in points if text.strip()]
    tasks = [task for task in tasks if str(task.get("text", "")).strip()]
    texts = [*points, *(str(task["text"]) for task in tasks)]
    if len(points) > MOST_POINTS or len(tasks) > MOST_TASKS or any(len(text) > LONGEST for text in texts):
        raise WrongCard
    with transaction.atomic():
        card = open_card(appointment=appointment, by=by, now=now)
        moved_on = Card.objects.filter(pk=card.pk, revision=revision).update(revision=F("revision") + 1)
        if not moved_on:
            raise Conflict
        card.refresh_from_db()
        card.points_json = json.dumps(points, ensure_ascii=False)
        card.next_start, card.changed_at = next_start, now
        card.save(update_fields=["points_json", "next_start", "changed_at"])
        _write_tasks(card, tasks)
        audit.record(
            by=by, verb="card.saved", subject=f"appointment:{appointment.code}", now=now,
            about=appointment.client, revision=card.revision,
        )
    return card


def _write_tasks(card: Card, tasks: list[dict[str, Any]]) -> None:
    have = {str(task.pk): task for task in card.tasks.all()}
    kept = set()
    for position, given in enumerate(tasks):
        task = have.get(str(given.get("id", ""))) or Task(card=card)
        task.text, task.position = str(given["text"]).strip(), position
        task.due_on = given.get("due_on") or None
        if task.due_on is not None and not isinstance(task.due_on, date):
            raise WrongCard
        task.save()
        kept.add(str(task.pk))
    Task.objects.filter(card=card).exclude(pk__in=kept).delete()


def accept_card(*, appointment: Appointment, by: User, now: datetime) -> Card:
    """The client says: this is what we agreed."""
    with transaction.atomic():
        card = Card.objects.get(appointment=appointment)
        if card.accepted_revision != card.revision:
            card.accepted_at, card.accepted_revision = now, card.revision
            card.save(update_fields=["accepted_at", "accepted_revision"])
            audit.record(by=by, verb="card.accepted", subject=f"appointment:{appointment.code}", now=now)
    return card


def add_words(*, appointment: Appointment, by: User, text: str, now: datetime) -> Addition:
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise WrongCard
    with transaction.atomic():
        card = open_card(appointment=appointment, by=by, now=now)
        made = Addition.objects.create(card=card, author=by, text=text, at=now)
        audit.record(by=by, verb="card.added", subject=f"appointment:{appointment.code}", now=now)
    return made


def note_opening(*, appointment: Appointment, by: User, now: datetime) -> None:
    """That somebody read the card; once an hour for each, so that a live session does not fill the list."""
    recent = Event.objects.filter(
        subject=f"appointment:{appointment.code}", verb="card.opened", actor=str(by.pk), at__gt=now - timedelta(hours=1)
    )
    if not recent.exists():
        audit.record(
            by=by, verb="card.opened", subject=f"appointment:{appointment.code}", now=now, about=appointment.client
        )
