import uuid

from django.db import models

from tatap.accounts.models import User
from tatap.bookings.models import Appointment
from tatap.lib.sealed import SealedTextField


class Note(models.Model):
    """A counsellor's private working note on one session; in no response but her own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    body = SealedTextField(default="")
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["appointment", "author"], name="one_note_each")]

    def __str__(self) -> str:
        return f"note {self.pk}"
