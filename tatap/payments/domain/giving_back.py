"""What lost time is worth. Pure; whole rupiah."""


def worth(*, tariff: int, seconds: int, of_seconds: int) -> int:
    """The tariff's share of ``seconds`` out of ``of_seconds``, the length that was paid for. A begun rupiah is a
    whole one, in favour of the person who paid; never more than the tariff."""
    if seconds <= 0 or of_seconds <= 0:
        return 0
    return min(tariff, -(-tariff * seconds // of_seconds))
