import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    CLIENT = "client", _("Client")
    COUNSELLOR = "counsellor", _("Counsellor")
    MANAGER = "manager", _("Manager")


class Zone(models.TextChoices):
    WIB = "Asia/Jakarta", _("WIB (western Indonesia)")
    WITA = "Asia/Makassar", _("WITA (central Indonesia)")
    WIT = "Asia/Jayapura", _("WIT (eastern Indonesia)")


LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]


class Users(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(
            email, password, role=Role.MANAGER, is_staff=True, is_superuser=True, **fields
        )

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Others see the alias, never the address."""

    email = models.EmailField(unique=True)
    alias = models.CharField(max_length=40, default="", blank=True)
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.CLIENT.value)
    language = models.CharField(max_length=2, choices=LANGUAGES, default="id")
    zone = models.CharField(max_length=40, choices=Zone.choices, default=Zone.WIB.value)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    grace_until = models.DateTimeField(null=True, blank=True)  # without a second factor until then
    hide_address = models.BooleanField(default=False)  # from the other side of a call: through the relay alone

    objects: ClassVar[Users] = Users()
    USERNAME_FIELD = "email"

    def __str__(self) -> str:
        return f"user {self.pk}"

    @property
    def shown_as(self) -> str:
        return shown(self.alias)


def shown(alias: str) -> str:
    """What a person is called to others; where a list has read nothing else of her, by this too."""
    return alias or str(_("Someone"))


class Practice(models.Model):
    """The one practice of this install."""

    name = models.CharField(max_length=80)
    town = models.CharField(max_length=80, blank=True)
    zone = models.CharField(max_length=40, choices=Zone.choices, default=Zone.WIB.value)
    emergency_lines = models.JSONField(default=list)  # [{label, number, note_id, note_en, checked_on}]
    lines_checked_on = models.DateField(null=True, blank=True)
    hide_addresses = models.BooleanField(default=False)  # in every session, whatever its people chose

    def __str__(self) -> str:
        return self.name


class ConsentText(models.Model):
    """What people agree to, by version; a changed text is a new version, never an edit."""

    kind = models.CharField(max_length=30)  # "service", "data", "online"
    version = models.PositiveSmallIntegerField()
    title_id = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    text_id = models.TextField()
    text_en = models.TextField()
    required = models.BooleanField(default=True)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="consent_text_version")]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}"


class Consent(models.Model):
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="given")
    language = models.CharField(max_length=2, default="id")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "text"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_standing_consent",
            )
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"


class Invitation(models.Model):
    """A counsellor or manager is invited by the practice; roles are never chosen at sign-up."""

    token = models.UUIDField(default=uuid.uuid4, unique=True)
    email = models.EmailField()
    name = models.CharField(max_length=40, blank=True, default="")  # what others will call her, until she changes it
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.COUNSELLOR.value)
    language = models.CharField(max_length=2, choices=LANGUAGES, default="id")
    created_at = models.DateTimeField()
    letters = models.PositiveSmallIntegerField(default=1)  # written so far; the last one at ``sent_at``
    sent_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(withdrawn_at__isnull=True),
                name="invitation_accepted_or_withdrawn",
            ),
            models.UniqueConstraint(
                fields=["email"],
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_invitation",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"
