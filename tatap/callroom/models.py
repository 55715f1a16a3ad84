import uuid

from django.db import models

from tatap.accounts.models import User
from tatap.bookings.models import Appointment
from tatap.lib.sealed import SealedTextField


class Room(models.Model):
    """What must outlive every socket, tab and server of one session."""

    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="room")
    door_opened_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, blank=True, default="")  # why it ended: "closed"
    messages_kept = models.PositiveIntegerField(default=0)  # the number of the last chat message

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_by__isnull=True)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
                name="room_ended_at_and_by",
            )
        ]

    def __str__(self) -> str:
        return f"room {self.pk}"


class Admission(models.Model):
    """Let in once, in for the whole session."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="admissions")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "person"], name="admitted_once")]

    def __str__(self) -> str:
        return f"admission {self.pk}"


class ChatMessage(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="chat")
    n = models.PositiveIntegerField()
    key = models.CharField(max_length=40)  # chosen by the sender's browser: sent twice, kept once
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    body = SealedTextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["n"]
        constraints = [
            models.UniqueConstraint(fields=["room", "n"], name="chat_in_order"),
            models.UniqueConstraint(fields=["room", "key"], name="chat_once"),
        ]

    def __str__(self) -> str:
        return f"chat message {self.n}"


class Attendance(models.Model):
    """Who was there, by which tab, from when to when."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="attendance")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    tab = models.CharField(max_length=40)
    arrived_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    by_door = models.BooleanField(default=False)  # left by the button, and was not lost

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["room", "person"], condition=models.Q(left_at__isnull=True), name="one_seat_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"attendance {self.pk}"


class LineReport(models.Model):
    """A stretch in which one person's browser could hear nothing, as it told. Append-only: neither side, nor we,
    can make it another. ``key`` is the browser's own: told twice, kept once."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="line_reports")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=40)
    start = models.DateTimeField()
    end = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["start"]
        constraints = [
            models.UniqueConstraint(fields=["room", "person", "key"], name="line_told_once"),
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="line_report_lasts"),
        ]

    def __str__(self) -> str:
        return f"line report {self.pk}"

    def save(self, *args: object, **kwargs: object) -> None:
        if self.pk is not None:
            raise TypeError("what was told of the line is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise TypeError("what was told of the line is never deleted")


class HeldLevel(models.Model):
    """What one person's line really held in a stretch of about a minute, as her browser told; to be compared with
    what was foreseen. Append-only."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="held_levels")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField()  # 0 text … 5 picture, at the middle by time
    seconds = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()  # bytes, both ways
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "person", "key"], name="held_told_once"),
            models.CheckConstraint(condition=models.Q(level__lte=5), name="held_level_is_one"),
        ]

    def __str__(self) -> str:
        return f"held level {self.pk}"

    def save(self, *args: object, **kwargs: object) -> None:
        if self.pk is not None:
            raise TypeError("what a line held is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise TypeError("what a line held is never deleted")


class Extension(models.Model):
    """Lost minutes that were taken at the end, once in a session."""

    room = models.OneToOneField(Room, on_delete=models.CASCADE, related_name="extension")
    minutes = models.PositiveSmallIntegerField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"extension {self.pk}"
