from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Opened:
    """What a provider says of a new payment. ``paid``: nothing is left to do; ``unique_part``: rupiah added
    so that the transfer can be told from others."""

    paid: bool
    due_at: datetime | None = None
    unique_part: int = 0


class Provider(Protocol):
    def open(self, *, amount: int, taken: set[int], due_at: datetime) -> Opened:
        """``taken``: the unique parts of unpaid invoices of the same amount."""
