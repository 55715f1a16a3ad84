"""Short-lived tickets that let the socket know who comes, without a session or a query."""

import secrets
from dataclasses import dataclass

from django.core import signing

SALT = "callroom.ticket"
LIFE = 60  # seconds


class BadTicket(Exception):
    pass


@dataclass(frozen=True)
class Ticket:
    code: str
    user_id: int
    role: str
    nonce: str


def make(*, code: str, user_id: int, role: str) -> str:
    facts = {"c": code, "u": user_id, "r": role, "n": secrets.token_urlsafe(12)}
    return signing.dumps(facts, salt=SALT)


def read(text: str) -> Ticket:
    """Checks signature and age; that it is used once is the reader's part."""
    try:
        facts = signing.loads(text, salt=SALT, max_age=LIFE)
        return Ticket(code=str(facts["c"]), user_id=int(facts["u"]), role=str(facts["r"]), nonce=str(facts["n"]))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        raise BadTicket from None
