from django.db import models


class Event(models.Model):
    """Who did or saw what. Names and ids are text, without foreign keys, so that history neither blocks
    the deletion of what it tells of nor vanishes with it. Append-only."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=40, db_index=True)  # user id, or "system"
    actor_role = models.CharField(max_length=20)
    verb = models.CharField(max_length=60)  # e.g. "card.opened"
    subject = models.CharField(max_length=60)  # e.g. "appointment:8F3K2"
    about = models.CharField(max_length=40, blank=True, db_index=True)  # id of the person whose data it is
    facts = models.JSONField(default=dict)  # never words a person wrote

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["subject", "at"], name="audit_subject_at")]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"

    def save(self, *args: object, **kwargs: object) -> None:
        if self.pk is not None:
            raise TypeError("an audit event is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise TypeError("an audit event is never deleted")
