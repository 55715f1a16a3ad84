"""Whole rupiah, as integers."""


def rupiah(amount: int) -> str:
    """``150000`` as ``Rp150.000``: no decimals, a point between thousands."""
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp{abs(amount):,}".replace(",", ".")
