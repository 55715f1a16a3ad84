from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tatap.accounts.models import User

#: minutes that a session may last
LENGTHS = (15, 20, 30, 40, 45, 50, 60, 75, 90, 120)


class Profession(models.TextChoices):
    CLINICAL_PSYCHOLOGIST = "clinical_psychologist", _("Clinical psychologist")
    PSYCHOLOGIST = "psychologist", _("Psychologist")
    COUNSELLOR = "counsellor", _("Counsellor")
    SCHOOL_COUNSELLOR = "school_counsellor", _("School counsellor")
    TRAINEE = "trainee", _("Trainee under supervision")


class Gender(models.TextChoices):
    FEMALE = "female", _("Woman")
    MALE = "male", _("Man")


class Term(models.Model):
    """One word of an editable list, in both languages."""

    slug = models.SlugField(unique=True)
    name_id = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    plain_id = models.CharField(max_length=80, blank=True)  # as people say it: "Susah tidur"
    plain_en = models.CharField(max_length=80, blank=True)
    also = models.CharField(max_length=240, blank=True, default="")  # other words by which people look for it
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" else self.name_id

    @property
    def plain(self) -> str:
        return (self.plain_en if get_language() == "en" else self.plain_id) or self.name

    @property
    def searchable(self) -> str:
        return " ".join((self.name_id, self.name_en, self.plain_id, self.plain_en, self.also)).lower()


class Specialisation(Term):
    pass


class Approach(Term):
    pass


class Language(Term):
    pass


class Counsellor(models.Model):
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="counsellor")
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)  # with degrees: "Andi Nurhayati, M.Psi."
    short_name = models.CharField(max_length=40)  # as one speaks of her: "Bu Nur"
    profession = models.CharField(max_length=30, choices=Profession.choices)
    gender = models.CharField(max_length=10, choices=Gender.choices)
    town = models.CharField(max_length=60, blank=True)
    years = models.PositiveSmallIntegerField(default=0)
    education = models.TextField(blank=True)
    says_id = models.CharField(max_length=240, blank=True)  # one sentence to a frightened reader
    says_en = models.CharField(max_length=240, blank=True)
    about_id = models.TextField(blank=True)
    about_en = models.TextField(blank=True)
    faith = models.CharField(max_length=60, blank=True)  # "Islami", … the counsellor's own description
    photo_version = models.PositiveIntegerField(default=0)  # 0: none
    specialisations = models.ManyToManyField(Specialisation, blank=True, related_name="counsellors")
    approaches = models.ManyToManyField(Approach, blank=True, related_name="counsellors")
    languages = models.ManyToManyField(Language, blank=True, related_name="counsellors")
    accepting = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.slug

    @property
    def zone(self) -> str:
        return self.user.zone

    @property
    def says(self) -> str:
        return (self.says_en if get_language() == "en" else self.says_id) or self.says_id

    @property
    def about(self) -> str:
        return (self.about_en if get_language() == "en" else self.about_id) or self.about_id


class Photo(models.Model):
    """WebP made by us. In a table of its own, so that no list of people carries their pictures along."""

    counsellor = models.OneToOneField(Counsellor, on_delete=models.CASCADE, related_name="picture")
    large = models.BinaryField()  # at most 320 px
    small = models.BinaryField()  # for cards: twelve of them weigh less than 60 kB

    def __str__(self) -> str:
        return f"photo {self.pk}"


class Licence(models.Model):
    """STR, SILP or another paper; the profile shows only while a checked one is in force."""

    counsellor = models.ForeignKey(Counsellor, on_delete=models.CASCADE, related_name="licences")
    kind = models.CharField(max_length=10, choices=[("STR", "STR"), ("SILP", "SILP"), ("SK", "SK")])
    number = models.CharField(max_length=60)
    expires_on = models.DateField(null=True, blank=True)  # None: for life
    checked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(checked_by__isnull=True, checked_at__isnull=True)
                | models.Q(checked_by__isnull=False, checked_at__isnull=False),
                name="licence_checked_by_and_at",
            )
        ]

    def __str__(self) -> str:
        return f"licence {self.pk}"


class Service(models.Model):
    counsellor = models.ForeignKey(Counsellor, on_delete=models.CASCADE, related_name="services")
    kind = models.CharField(
        max_length=20, choices=[("individual", _("Individual session")), ("introduction", _("Introduction"))]
    )
    minutes = models.PositiveSmallIntegerField()
    tariff = models.PositiveIntegerField()  # whole rupiah; 0 is free
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["-minutes", "id"]

    def __str__(self) -> str:
        return f"service {self.pk}"


class Opening(models.Model):
    """Read model that ``bookings`` keeps filled: a stretch in which sessions can be booked, UTC, end
    exclusive, with notice, buffers, time off and booked sessions already taken out."""

    counsellor = models.ForeignKey(Counsellor, on_delete=models.CASCADE, related_name="openings", db_index=False)
    start = models.DateTimeField()
    end = models.DateTimeField()
    minutes = models.PositiveIntegerField()  # from start to end, so that a search compares whole numbers

    class Meta:
        indexes = [models.Index(fields=["counsellor", "end", "start"], name="opening_by_counsellor")]

    def __str__(self) -> str:
        return f"opening {self.pk}"
