"""Values that every page asks for and that seldom change."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar, Generic, TypeVar

from django.db import transaction

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """What ``read`` gives, read again after ``kept`` and at once in the process that changed it. Another process
    may go on with the old value that long, so it is for what may be a minute behind. None is never kept."""

    every: ClassVar[list["Remembered[object]"]] = []

    def __init__(self, read: Callable[[], Value], *, kept: timedelta = timedelta(minutes=1)) -> None:
        self.read, self.kept = read, kept
        self._held: tuple[datetime, Value] | None = None
        self.every.append(self)  # type: ignore[arg-type]

    def get(self, *, now: datetime) -> Value:
        held = self._held
        if held is not None and timedelta(0) <= now - held[0] < self.kept:
            return held[1]
        value = self.read()
        self._held = None if value is None else (now, value)
        return value

    def forget(self, **_signal: object) -> None:
        """Now, for who reads in the same transaction, and once it is written: until then others read the old one."""
        self._drop()
        transaction.on_commit(self._drop)

    def _drop(self) -> None:
        self._held = None

    @classmethod
    def forget_all(cls) -> None:
        for one in cls.every:
            one._drop()
