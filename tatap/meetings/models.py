from django.db import models


class RelayHealth(models.Model):
    """What the last look at one way to a relay told. Looked at again at ``due_at``; the row of an address that
    the settings no longer name goes."""

    url = models.CharField(max_length=250, unique=True)
    due_at = models.DateTimeField(db_index=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    good_at = models.DateTimeField(null=True, blank=True)
    took_ms = models.PositiveIntegerField(null=True, blank=True)  # from the first packet to the relayed address
    failures = models.PositiveIntegerField(default=0)  # in a row
    problem = models.CharField(max_length=12, blank=True, default="")  # domain.relays.Problem
    certificate_until = models.DateTimeField(null=True, blank=True)
    secret = models.CharField(max_length=12, blank=True, default="")  # the name of the one it takes, never itself

    def __str__(self) -> str:
        return f"relay health {self.pk}"
