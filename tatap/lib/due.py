"""Work that must survive a crash is a row that is due."""

from django.db import models


class DueRow(models.Model):
    """``key`` makes queueing idempotent. The worker leases rows that are due, runs their handler and marks
    them done; after a failure ``due_at`` moves on by a growing pause; after the last try ``failed_at`` is set
    and a manager sees it. ``last_error`` holds the error's type alone, since its text may hold a person's words."""

    key = models.CharField(max_length=120, unique=True)
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        abstract = True
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(done_at__isnull=True, failed_at__isnull=True),
                name="%(app_label)s_%(class)s_due",
            )
        ]
