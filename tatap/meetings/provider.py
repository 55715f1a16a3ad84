from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Place:
    kind: str
    url: str  # empty: the page of our own room


class Provider(Protocol):
    def make(self, *, code: str, start: datetime, end: datetime) -> Place: ...
