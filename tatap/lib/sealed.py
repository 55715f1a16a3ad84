"""Model fields whose content is sealed in the database and plain on the instance."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import models

from tatap.lib.cipher import KeyRing


@lru_cache(maxsize=4)
def _ring(keys: str) -> KeyRing:
    return KeyRing.parse(keys)


def ring() -> KeyRing:
    return _ring(settings.ENCRYPTION_KEYS)


class _Opened:
    """Reads plain, opening what the database gave only when it is asked for."""

    def __init__(self, field: "SealedField") -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        value = instance.__dict__.get(self.field.attname)
        if isinstance(value, _Sealed):
            value = self.field.from_plain(ring().open(bytes(value), bound_to=self.field.bound_to(instance)))
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class _Sealed(bytes):
    """Content as it lies in the database."""


class SealedField(models.BinaryField[Any, Any]):
    """Sealed and bound to table, column and row, so the model's primary key must be known before it is
    saved (a UUID by default). Never filter by it."""

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Opened(self))

    def bound_to(self, instance: models.Model) -> str:
        return f"{self.model._meta.db_table}.{self.column}:{instance.pk}"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else _Sealed(bytes(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, _Sealed):
            return None if value is None else bytes(value)
        return ring().seal(self.to_plain(value), bound_to=self.bound_to(model_instance))

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError("a sealed field is not serialised; back up the database instead")

    def to_plain(self, value: Any) -> bytes:
        return bytes(value)

    def from_plain(self, content: bytes) -> Any:
        return content


class SealedTextField(SealedField):
    def _check_str_default_value(self) -> list[Any]:
        return []  # the default is plain text; it is sealed on its way to the database

    def to_plain(self, value: Any) -> bytes:
        return str(value).encode()

    def from_plain(self, content: bytes) -> Any:
        return content.decode()


class SealedBytesField(SealedField):
    pass


def sealed_fields(model: type[models.Model]) -> list[SealedField]:
    return [field for field in model._meta.get_fields() if isinstance(field, SealedField)]
