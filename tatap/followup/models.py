import uuid

from django.db import models

from tatap.closing.models import Task
from tatap.lib.sealed import SealedTextField


class TaskProgress(models.Model):
    """What the client says of a task; a task with words of hers on it can no longer be deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="progress")
    ticked_at = models.DateTimeField(null=True, blank=True)
    reflection = SealedTextField(default="")
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"progress {self.pk}"
