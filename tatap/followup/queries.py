from django.db.models import QuerySet

from tatap.accounts.models import User
from tatap.bookings.models import Appointment
from tatap.closing.models import Task


def tasks_of(person: User) -> QuerySet[Task]:
    return (
        Task.objects.filter(card__appointment__participants__person=person, card__appointment__participants__part="client")
        .select_related("progress", "card__appointment__counsellor")
        .order_by("-card__appointment__starts_at", "position")
    )


def open_tasks(*, person: User) -> list[Task]:
    """Not ticked yet, at most five, from the latest session backwards; the tasks alone."""
    return list(not_ticked(person).select_related(None)[:5])


def not_ticked(person: User) -> QuerySet[Task]:
    return tasks_of(person).filter(dropped_at=None, progress__ticked_at__isnull=True)


def ticked(person: User) -> QuerySet[Task]:
    return tasks_of(person).filter(progress__ticked_at__isnull=False)


def last_tasks(appointment: Appointment) -> list[Task]:
    """Those agreed at the session before this one, of the same two people."""
    before = (
        Appointment.objects.filter(
            counsellor=appointment.counsellor,
            participants__person=appointment.client,
            starts_at__lt=appointment.starts_at,
            card__isnull=False,
        )
        .order_by("-starts_at")
        .first()
    )
    if before is None:
        return []
    return list(Task.objects.filter(card__appointment=before, dropped_at=None).select_related("progress").order_by("position"))
