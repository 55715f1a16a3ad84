from django.db import models

from tatap.lib.due import DueRow


class Message(DueRow):
    """A ready message; whoever queues it has chosen the words. Addresses stay here and in no log."""

    channel = models.CharField(max_length=20)
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True, default="")
    ics = models.BinaryField(default=b"", blank=True)
    ics_method = models.CharField(max_length=10, default="REQUEST")
    queued_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"message {self.pk}"
