import secrets
from datetime import datetime

from tatap.payments.provider import Opened

LARGEST = 499


class BankTransfer:
    """A transfer to the practice's account, told from others by its last three digits."""

    def open(self, *, amount: int, taken: set[int], due_at: datetime) -> Opened:
        free = [part for part in range(1, LARGEST + 1) if part not in taken]
        return Opened(paid=False, due_at=due_at, unique_part=secrets.choice(free) if free else 0)
