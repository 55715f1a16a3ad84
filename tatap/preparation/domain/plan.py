"""What two people agreed for the moment the line is gone: who calls whom, after how long, by what. Pure."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

COUNTRY = "62"  # Indonesia: a number written with a leading 0 is one of its own


class Caller(StrEnum):
    COUNSELLOR = "counsellor"
    CLIENT = "client"


class Way(StrEnum):
    PHONE = "phone"
    WHATSAPP = "whatsapp"
    PLATFORM = "platform"


@dataclass(frozen=True)
class Plan:
    """``after``: minutes; ``where``: name or address of another platform; numbers as they were typed, empty
    where none was given."""

    caller: str
    after: int
    by: str
    where: str = ""
    client_number: str = ""
    counsellor_number: str = ""


USUAL = Plan(Caller.COUNSELLOR, 5, Way.PHONE)


@dataclass(frozen=True)
class Shown:
    """The plan as one of the two reads it. ``number``: the other's where ``calls``, else her own; ``href`` is
    empty where there is nothing to tap."""

    calls: bool
    after: int
    by: str
    where: str
    number: str
    href: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def dialled(number: str) -> str:
    """``0812-3456 (7)`` → ``081234567``; a leading plus stays."""
    digits = "".join(sign for sign in number if sign.isascii() and sign.isdigit())
    return f"+{digits}" if number.strip().startswith("+") and digits else digits


def international(number: str) -> str:
    """Digits with the country's first, as WhatsApp's links want them."""
    plain = dialled(number)
    if plain.startswith("+"):
        return plain[1:]
    if plain.startswith("00"):
        return plain[2:]
    return COUNTRY + plain[1:] if plain.startswith("0") else plain


def shown(plan: Plan, *, role: str) -> Shown:
    """``role``: who reads it. Nobody is sent to a number that is not there: then the counsellor calls."""
    caller = plan.caller
    if caller == Caller.CLIENT and not plan.counsellor_number and plan.by != Way.PLATFORM:
        caller = Caller.COUNSELLOR
    calls = caller == role
    called = plan.client_number if caller == Caller.COUNSELLOR else plan.counsellor_number
    if plan.by == Way.PLATFORM:
        href = plan.where if plan.where.startswith("https://") else ""
        return Shown(calls, plan.after, plan.by, plan.where, "", href)
    return Shown(calls, plan.after, plan.by, "", called, _link(called, plan.by) if calls else "")


def _link(number: str, way: str) -> str:
    if not dialled(number):
        return ""
    return f"https://wa.me/{international(number)}" if way == Way.WHATSAPP else f"tel:{dialled(number)}"
