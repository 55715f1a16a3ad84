import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from tatap.accounts.models import User
from tatap.bookings.models import Appointment
from tatap.lib.sealed import SealedBytesField


class InvoiceStatus(models.TextChoices):
    DUE = "due", _("To be paid")
    PROOF = "proof", _("Proof being looked at")
    PAID = "paid", _("Paid")
    FREE = "free", _("Free")
    REFUSED = "refused", _("Proof not accepted")
    EXPIRED = "expired", _("Not paid in time")
    REFUND_OWED = "refund_owed", _("Refund on its way")
    REFUNDED = "refunded", _("Refunded")


class BankAccount(models.Model):
    bank = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    holder = models.CharField(max_length=80)

    def __str__(self) -> str:
        return f"bank account {self.pk}"


class Invoice(models.Model):
    """What is owed for one appointment. ``amount`` is the tariff; ``unique_part`` (0–999 rupiah) is added so
    that the transfer can be told from others, and has an account of its own in the books."""

    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="invoice")
    payer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invoices")
    number = models.CharField(max_length=20, unique=True)
    provider = models.CharField(max_length=20)
    status = models.CharField(max_length=12, choices=InvoiceStatus.choices, default=InvoiceStatus.DUE.value)
    amount = models.PositiveIntegerField()
    credit = models.PositiveIntegerField(default=0)  # the part of it that an earlier credit pays
    unique_part = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True, default="")  # why a proof was refused
    refund_owed_at = models.DateTimeField(null=True, blank=True)
    refunded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="paid") | models.Q(paid_at__isnull=False), name="paid_has_a_moment"
            ),
            models.CheckConstraint(condition=models.Q(credit__lte=models.F("amount")), name="credit_within_amount"),
            models.UniqueConstraint(
                models.F("amount") - models.F("credit"), "unique_part",
                condition=models.Q(status__in=["due", "proof", "refused"], unique_part__gt=0),
                name="one_transfer_one_sum",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def to_transfer(self) -> int:
        return self.amount - self.credit + self.unique_part


class Posting(models.Model):
    """One line of the books. Those of one ``entry`` add up to nothing; whole rupiah, debit positive."""

    entry = models.UUIDField(default=uuid.uuid4, db_index=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="postings")
    account = models.CharField(max_length=20)  # bank, receivable, sessions, unique_parts, refunds_owed, credits_owed
    amount = models.IntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"posting {self.pk}"


class Credit(models.Model):
    """Rupiah given back for minutes that the line took, one for an appointment. It pays by itself for the
    person's next invoices until nothing is left, or the manager transfers the rest back."""

    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="credit")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="credits")
    seconds = models.PositiveIntegerField()  # that were lost and not taken at the end
    amount = models.PositiveIntegerField()
    left = models.PositiveIntegerField()
    given_at = models.DateTimeField()
    paid_out_at = models.DateTimeField(null=True, blank=True)
    paid_out_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["given_at", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(left__lte=models.F("amount")), name="credit_left_within_amount"),
            models.CheckConstraint(
                condition=models.Q(paid_out_at__isnull=True, paid_out_by__isnull=True)
                | models.Q(paid_out_at__isnull=False, paid_out_by__isnull=False),
                name="credit_paid_out_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"credit {self.pk}"


class CreditUse(models.Model):
    """A part of a credit that pays for an invoice; ``back_at``: the invoice was paid by nobody after all."""

    credit = models.ForeignKey(Credit, on_delete=models.PROTECT, related_name="uses")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="credit_uses")
    amount = models.PositiveIntegerField()
    at = models.DateTimeField()
    back_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"use of credit {self.pk}"


class Proof(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="proofs")
    kind = models.CharField(max_length=20)  # image/jpeg, image/png, application/pdf
    size = models.PositiveIntegerField()
    content = SealedBytesField()
    uploaded_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_at__isnull=True, decided_by__isnull=True)
                | models.Q(decided_at__isnull=False, decided_by__isnull=False),
                name="proof_decided_at_and_by",
            )
        ]

    def __str__(self) -> str:
        return f"proof {self.pk}"
