import secrets
import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tatap.accounts.models import User
from tatap.counsellors.models import Counsellor, Service

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def new_code() -> str:
    """Seven letters without look-alikes: said on the telephone, written on a transfer."""
    return "".join(secrets.choice(ALPHABET) for _place in range(7))


class Status(models.TextChoices):
    HELD = "held", _("Held")
    BOOKED = "booked", _("Booked")
    FULFILLED = "fulfilled", _("Held and finished")
    CANCELLED = "cancelled", _("Cancelled")
    NOSHOW = "noshow", _("Did not come")
    RELEASED = "released", _("Let go unpaid")


class Calendar(models.Model):
    """How a counsellor wants to be booked. Minutes, hours and days."""

    counsellor = models.OneToOneField(Counsellor, on_delete=models.CASCADE, related_name="calendar")
    buffer_minutes = models.PositiveSmallIntegerField(default=10)  # after each session
    notice_minutes = models.PositiveSmallIntegerField(default=120)
    horizon_days = models.PositiveSmallIntegerField(default=30)
    step_minutes = models.PositiveSmallIntegerField(default=30)

    def __str__(self) -> str:
        return f"calendar {self.pk}"


class WeeklyHours(models.Model):
    """On the counsellor's own clocks; Monday is 0; an end of 00:00 is midnight."""

    counsellor = models.ForeignKey(Counsellor, on_delete=models.CASCADE, related_name="weekly_hours")
    weekday = models.PositiveSmallIntegerField()
    start = models.TimeField()
    end = models.TimeField()

    class Meta:
        ordering = ["weekday", "start"]
        constraints = [models.CheckConstraint(condition=models.Q(weekday__lte=6), name="weekday_0_to_6")]

    def __str__(self) -> str:
        return f"weekly hours {self.pk}"


class TimeOff(models.Model):
    counsellor = models.ForeignKey(Counsellor, on_delete=models.CASCADE, related_name="time_off")
    start = models.DateTimeField()
    end = models.DateTimeField()
    note = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["start"]
        constraints = [models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="time_off_lasts")]

    def __str__(self) -> str:
        return f"time off {self.pk}"


class PlanCaller(models.TextChoices):
    COUNSELLOR = "counsellor", _("The counsellor calls")
    CLIENT = "client", _("The client calls")


class PlanWay(models.TextChoices):
    PHONE = "phone", _("By telephone")
    WHATSAPP = "whatsapp", _("By WhatsApp")
    PLATFORM = "platform", _("On another platform")


class LostGiven(models.TextChoices):
    EXTEND_OR_CREDIT = "extend_or_credit", _("At the end where the time is free, else as credit")
    CREDIT = "credit", _("As credit")
    EXTEND = "extend", _("At the end where the time is free")
    NOTHING = "nothing", _("Not given back")


class Rules(models.Model):
    """The practice's published rules, by version; an appointment keeps the version it was booked under."""

    version = models.PositiveSmallIntegerField(unique=True)
    move_until_hours = models.PositiveSmallIntegerField(default=12)
    refund_until_hours = models.PositiveSmallIntegerField(default=24)
    pay_within_minutes = models.PositiveSmallIntegerField(default=60)
    proof_opens_room = models.BooleanField(default=True)  # a session tonight may start on an unread proof
    late_choice_minutes = models.PositiveSmallIntegerField(default=10)
    late_refund = models.BooleanField(default=True)  # whether the client may then have her money back
    # when the line breaks and the two have agreed nothing else
    plan_caller = models.CharField(max_length=12, choices=PlanCaller.choices, default=PlanCaller.COUNSELLOR.value)
    plan_after_minutes = models.PositiveSmallIntegerField(default=5)
    plan_by = models.CharField(max_length=12, choices=PlanWay.choices, default=PlanWay.PHONE.value)
    # minutes that the line took
    lost_given = models.CharField(max_length=16, choices=LostGiven.choices, default=LostGiven.EXTEND_OR_CREDIT.value)
    lost_least_seconds = models.PositiveSmallIntegerField(default=15)  # less than this in all is not given back
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"rules v{self.version}"


class Appointment(models.Model):
    code = models.CharField(max_length=8, unique=True, default=new_code)
    uid = models.UUIDField(default=uuid.uuid4, unique=True)  # of the calendar file
    sequence = models.PositiveIntegerField(default=0)  # of the calendar file; grows at each move or cancel
    counsellor = models.ForeignKey(Counsellor, on_delete=models.PROTECT, related_name="appointments")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField()
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.HELD.value)
    hold_until = models.DateTimeField(null=True, blank=True)
    tariff = models.PositiveIntegerField()  # frozen, whole rupiah
    rules = models.ForeignKey(Rules, on_delete=models.PROTECT, related_name="+")
    place_kind = models.CharField(max_length=20, default="tatap")
    place_url = models.URLField(blank=True, default="")
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    needs_manager = models.CharField(max_length=30, blank=True, default="")  # "licence_lapsed", "counsellor_absent"

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="appointment_lasts"),
            models.CheckConstraint(
                condition=~models.Q(status="held") | models.Q(hold_until__isnull=False), name="a_hold_has_an_end"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def client(self) -> User:
        """The client of an individual session."""
        return next(p.person for p in self.participants.all() if p.part == "client")


class Participant(models.Model):
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="participations")
    part = models.CharField(max_length=12, choices=[("client", "client"), ("counsellor", "counsellor")])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["appointment", "person"], name="participant_once")]

    def __str__(self) -> str:
        return f"participant {self.pk}"


class Claim(models.Model):
    """One row per person and five-minute grain that an appointment takes up. The primary key is what makes
    double booking impossible; nothing reads this table to find free time. ``grain`` counts five-minute
    steps since 1970 UTC."""

    pk = models.CompositePrimaryKey("person_id", "grain")
    person = models.ForeignKey(User, on_delete=models.PROTECT, db_index=False, related_name="+")
    grain = models.PositiveIntegerField()
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, db_index=False, related_name="+")

    def __str__(self) -> str:
        return f"claim of {self.appointment_id}"
