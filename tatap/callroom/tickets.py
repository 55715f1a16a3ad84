"""Short-lived tickets that let the socket know who comes, without a session or a query."""

import secrets
from dataclasses import dataclass

from django.core import signing

SALT = "callroom.ticket"
LIFE = 60  # seconds
# Given over the socket itself, for the next one: after a change of network every round trip counts.
AGAIN_SALT = "callroom.again"
AGAIN_LIFE = 15 * 60
AGAIN_EVERY = 5 * 60


class BadTicket(Exception):
    pass


@dataclass(frozen=True)
class Ticket:
    code: str
    user_id: int
    role: str
    nonce: str


def make(*, code: str, user_id: int, role: str) -> str:
    return _signed(code, user_id, role, SALT)


def again(ticket: Ticket) -> str:
    """A ticket to come back with, for whoever holds this one's seat."""
    return _signed(ticket.code, ticket.user_id, ticket.role, AGAIN_SALT)


def _signed(code: str, user_id: int, role: str, salt: str) -> str:
    return signing.dumps({"c": code, "u": user_id, "r": role, "n": secrets.token_urlsafe(12)}, salt=salt)


def read(text: str) -> Ticket:
    """Checks signature and age; that it is used once is the reader's part."""
    for salt, life in ((SALT, LIFE), (AGAIN_SALT, AGAIN_LIFE)):
        try:
            facts = signing.loads(text, salt=salt, max_age=life)
            return Ticket(code=str(facts["c"]), user_id=int(facts["u"]), role=str(facts["r"]), nonce=str(facts["n"]))
        except (signing.BadSignature, KeyError, TypeError, ValueError):
            continue
    raise BadTicket
