import json
import uuid
from typing import Any

from django.db import models

from tatap.accounts.models import User
from tatap.bookings.models import Appointment
from tatap.lib.sealed import SealedTextField


class Verdict(models.TextChoices):
    PICTURE = "picture"
    VOICE = "voice"
    TEXT = "text"


class CheckIn(models.Model):
    """Where somebody is for this session and whom to call; sealed, replaced by each new one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="check_ins")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answers_json = SealedTextField()
    consented_at = models.DateTimeField()  # to this session online
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["appointment", "person"], name="one_check_in")]

    def __str__(self) -> str:
        return f"check-in {self.pk}"

    @property
    def answers(self) -> dict[str, Any]:
        return dict(json.loads(self.answers_json))


class Reach(models.Model):
    """The number under which a counsellor may be called when a line breaks; for clients who agreed to call her."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(User, on_delete=models.PROTECT, related_name="+")
    number = SealedTextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"reach {self.pk}"


class DeviceCheck(models.Model):
    """What a device and its line could do; figures only."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="device_checks")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    facts = models.JSONField(default=dict)  # rtt_ms, jitter_ms, loss 0–1, down_kbit, up_kbit, noise, light, …
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"device check {self.pk}"
