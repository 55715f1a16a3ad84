"""Whether a sign-in still stands, for what outlives a page: the room's sockets. The rule is the one by which Django
lets a session in at a page (``django.contrib.auth.get_user``), without what it writes on the way; a session that merely
grew old ends no call."""

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from tatap.accounts.models import User

AT_ONCE = 100  # rows of one query


@dataclass(frozen=True, slots=True)
class SignIn:
    """``mark`` is another one once the person has another password."""

    key: str
    user_id: int
    mark: str


def standing(*, key: str, user_id: int) -> SignIn | None:
    """The sign-in of that person in the session of that key; None where she signed out, was signed out, has another
    password by now or may not come any more."""
    session = Session.objects.filter(session_key=key).first()
    person = User.objects.filter(pk=user_id, is_active=True).first()
    if session is None or person is None:
        return None
    facts = session.get_decoded()
    marks = [person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()]
    given = str(facts.get(HASH_SESSION_KEY, ""))
    if facts.get(SESSION_KEY) != str(user_id) or not any(constant_time_compare(given, mark) for mark in marks):
        return None
    return SignIn(key=key, user_id=user_id, mark=marks[0])


def ended(sign_ins: Collection[SignIn]) -> set[SignIn]:
    """Those that stood once and do so no more. A few at a time: what is read for a thousand sockets at once stays with
    the process."""
    gone: set[SignIn] = set()
    for some in _by(AT_ONCE, sign_ins):
        keys = [one.key for one in some]
        there = set(Session.objects.filter(session_key__in=keys).values_list("session_key", flat=True))
        people = User.objects.filter(pk__in={one.user_id for one in some}, is_active=True).only("pk", "password")
        marks = {person.pk: person.get_session_auth_hash() for person in people}
        gone.update(one for one in some if one.key not in there or marks.get(one.user_id) != one.mark)
    return gone


def _by(size: int, items: Collection[SignIn]) -> list[list[SignIn]]:
    every = list(items)
    return [every[at : at + size] for at in range(0, len(every), size)]
