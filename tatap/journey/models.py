from django.db import models

from tatap.bookings.models import Appointment
from tatap.lib.due import DueRow


class Told(models.Model):
    """That a letter about this state of an appointment was queued. What is not told yet is found by its
    absence, so a crash between a change and its letter loses nothing."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=12)  # "booked" or "cancelled"
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appointment", "what", "sequence"], name="told_once")
        ]

    def __str__(self) -> str:
        return f"told {self.pk}"


class Settlement(DueRow):
    """What is to be given back of a session that is over. ``key`` is the appointment's: settled once."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"settlement {self.pk}"


class Reminder(DueRow):
    """A letter before the session; one whose appointment has moved on since says nothing."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=[("day", "24 h"), ("hour", "1 h")])
    sequence = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"reminder {self.pk}"
