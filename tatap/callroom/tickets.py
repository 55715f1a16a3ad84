"""Short-lived tickets that let the socket know who comes and by which sign-in. That the sign-in still stands, and that
a ticket is used once, is looked up where it is handed in."""

import base64
import secrets
from dataclasses import dataclass

from django.core import signing

from tatap.lib.cipher import CannotOpen
from tatap.lib.sealed import ring

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
    session: str  # the key of the session it was made in


def make(*, code: str, user_id: int, role: str, session: str) -> str:
    return _signed(code, user_id, role, session, SALT)


def again(ticket: Ticket) -> str:
    """A ticket to come back with, for whoever holds this one's seat."""
    return _signed(ticket.code, ticket.user_id, ticket.role, ticket.session, AGAIN_SALT)


def _signed(code: str, user_id: int, role: str, session: str, salt: str) -> str:
    # The key of a session is as good as a password: it is sealed, and no script of the page can read it out of here.
    nonce = secrets.token_urlsafe(12)
    sealed = base64.urlsafe_b64encode(ring().seal(session.encode(), bound_to=f"{SALT}:{nonce}")).decode()
    return signing.dumps({"c": code, "u": user_id, "r": role, "n": nonce, "s": sealed}, salt=salt)


def read(text: str) -> Ticket:
    """Checks signature and age."""
    for salt, life in ((SALT, LIFE), (AGAIN_SALT, AGAIN_LIFE)):
        try:
            facts = signing.loads(text, salt=salt, max_age=life)
            nonce = str(facts["n"])
            session = ring().open(base64.urlsafe_b64decode(facts["s"]), bound_to=f"{SALT}:{nonce}").decode()
            return Ticket(code=str(facts["c"]), user_id=int(facts["u"]), role=str(facts["r"]), nonce=nonce, session=session)
        except (signing.BadSignature, CannotOpen, KeyError, TypeError, ValueError):
            continue
    raise BadTicket
