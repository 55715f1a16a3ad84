import json
import uuid

from django.db import models

from tatap.accounts.models import User
from tatap.bookings.models import Appointment
from tatap.lib.sealed import SealedTextField


class Card(models.Model):
    """What both take with them from a session; sealed, readable by both for ever after."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="card")
    revision = models.PositiveIntegerField(default=0)
    points_json = SealedTextField(default="[]")
    next_start = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)  # by the client, as it stands; a change takes it back

    def __str__(self) -> str:
        return f"card {self.pk}"

    @property
    def points(self) -> list[str]:
        return list(json.loads(self.points_json))

    @property
    def current_tasks(self) -> "list[Task]":
        return [task for task in self.tasks.all() if task.dropped_at is None]


class Task(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="tasks")
    text = SealedTextField()
    due_on = models.DateField()
    position = models.PositiveSmallIntegerField()
    # Taken off the card after the client had worked on it: her words about it stay.
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"task {self.pk}"


class Addition(models.Model):
    """The client's own words on the card; nobody edits them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="additions")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = SealedTextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"addition {self.pk}"
