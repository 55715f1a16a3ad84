"""Seals everything again with the newest key of ``TATAP_ENCRYPTION_KEYS``; afterwards the old one may go.

Safe to stop and to run again, and while the site is open: each batch is one transaction, and what the newest
key has sealed already is left alone."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import models, transaction

from tatap.lib.cipher import CannotOpen
from tatap.lib.sealed import SealedField, ring, sealed_fields

BATCH = 20  # rows; a proof of payment may be 5 MB


class Command(BaseCommand):
    help = "Seal every encrypted field again with the newest key."

    def handle(self, *args: Any, **options: Any) -> None:
        unreadable = 0
        for model in apps.get_models():
            fields = sealed_fields(model)
            if not fields:
                continue
            resealed, closed = _reseal_model(model, fields)
            unreadable += closed
            self.stdout.write(f"{model._meta.label}: {resealed} sealed again")
        if unreadable:
            raise CommandError(
                f"{unreadable} values could not be opened by any key of TATAP_ENCRYPTION_KEYS and were left as they "
                "are. Keep the old keys."
            )
        self.stdout.write("Everything is sealed with the newest key. The older keys are no longer needed.")


def _reseal_model(model: type[models.Model], fields: list[SealedField]) -> tuple[int, int]:
    """(values sealed again, values that no key opens)."""
    keys = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
    resealed = closed = 0
    for start in range(0, len(keys), BATCH):
        with transaction.atomic():
            rows = model._default_manager.select_for_update().filter(pk__in=keys[start : start + BATCH])
            for row in rows.only("pk", *(field.attname for field in fields)):
                for field in fields:
                    done = _reseal(row, field)
                    resealed += done is True
                    closed += done is None
    return resealed, closed


def _reseal(row: models.Model, field: SealedField) -> bool | None:
    """Whether it had to be sealed again; None where no key opens it."""
    sealed = row.__dict__.get(field.attname)
    if sealed is None or ring().is_current(bytes(sealed)):
        return False
    place = field.bound_to(row)
    try:
        content = ring().open(bytes(sealed), bound_to=place)
    except CannotOpen:
        return None
    fresh = ring().seal(content, bound_to=place)
    type(row)._default_manager.filter(pk=row.pk).update(**{field.attname: fresh})
    return True
