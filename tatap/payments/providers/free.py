from datetime import datetime

from tatap.payments.provider import Opened


class Free:
    def open(self, *, amount: int, taken: set[int], due_at: datetime) -> Opened:
        return Opened(paid=True)
