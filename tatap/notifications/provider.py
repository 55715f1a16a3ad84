from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Letter:
    """What a provider sends. ``ics`` is empty where there is no calendar file; ``key`` names the letter so
    that a receiver that has seen it can tell (Message-ID)."""

    key: str
    address: str
    subject: str
    text: str
    html: str
    ics: bytes
    ics_method: str


class CouldNotSend(Exception):
    """``permanent``: trying again is of no use (the address does not exist)."""

    def __init__(self, *, permanent: bool) -> None:
        super().__init__()
        self.permanent = permanent


class Provider(Protocol):
    def send(self, letter: Letter) -> None:
        """Raises CouldNotSend."""
