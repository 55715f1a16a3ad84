from datetime import datetime

from django.db import transaction

from tatap.accounts.models import User
from tatap.audit import actions as audit
from tatap.closing.models import Task
from tatap.followup.models import TaskProgress

LONGEST = 500  # characters


class ReflectionTooLong(Exception):
    pass


def tick(*, task: Task, by: User, done: bool, reflection: str, now: datetime) -> TaskProgress:
    """A tick can be taken back; the line of reflection is replaced by the newest."""
    if len(reflection) > LONGEST:
        raise ReflectionTooLong
    with transaction.atomic():
        row, _made = TaskProgress.objects.get_or_create(task=task, defaults={"changed_at": now})
        row.ticked_at = (row.ticked_at or now) if done else None
        row.reflection, row.changed_at = reflection.strip(), now
        row.save(update_fields=["ticked_at", "reflection", "changed_at"])
        audit.record(by=by, verb="task.ticked" if done else "task.unticked", subject=f"task:{task.pk}"[:60], now=now)
    return row
