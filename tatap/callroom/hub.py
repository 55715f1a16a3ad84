"""The rooms in memory: who is here by which tab, what each has missed. No database, no clock, no socket
library: a seat is anything that takes frames."""

import secrets
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Protocol

RING = 256  # frames kept for each person, so that a returning browser misses nothing


class Seat(Protocol):
    tab: str

    def send(self, frame: dict[str, Any]) -> None: ...

    def take_over(self) -> None:
        """Another tab or device of the same person has taken the seat."""


@dataclass
class Person:
    seq: int = 0
    ring: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=RING))
    seat: Seat | None = None
    state: dict[str, Any] = field(default_factory=dict)
    waiting_since: str | None = None


class Hub:
    """``epoch`` names this memory: a browser that returns with another one is given everything anew."""

    def __init__(self) -> None:
        self.epoch = secrets.token_urlsafe(8)
        self.rooms: dict[str, dict[int, Person]] = {}

    def person(self, code: str, user_id: int) -> Person:
        return self.rooms.setdefault(code, {}).setdefault(user_id, Person())

    def sit(self, code: str, user_id: int, seat: Seat, *, now: str) -> None:
        """The newest tab has the seat; the others in the room are told."""
        person = self.person(code, user_id)
        old, person.seat = person.seat, seat
        person.waiting_since = person.waiting_since or now
        if old is not None and old is not seat:
            old.take_over()
        self.to_others(code, user_id, self._presence(user_id, person))

    def stand(self, code: str, user_id: int, seat: Seat) -> bool:
        """False where another tab has the seat by now."""
        person = self.person(code, user_id)
        if person.seat is not seat:
            return False
        person.seat = None
        self.to_others(code, user_id, self._presence(user_id, person))
        self._forget_empty(code)
        return True

    def _forget_empty(self, code: str) -> None:
        """An empty room keeps nothing worth the memory: who returns is given everything anew."""
        room = self.rooms.get(code, {})
        if room and all(p.seat is None for p in room.values()) and len(self.rooms) > 2000:
            del self.rooms[code]

    def _presence(self, user_id: int, person: Person) -> dict[str, Any]:
        return {
            "t": "presence", "user": user_id, "here": person.seat is not None,
            "tab": person.seat.tab if person.seat else None, "state": person.state,
            "waiting_since": person.waiting_since,
        }

    def presence(self, code: str, user_id: int) -> dict[str, Any]:
        return self._presence(user_id, self.person(code, user_id))

    def missed(self, code: str, user_id: int, *, epoch: str | None, seq: int) -> list[dict[str, Any]] | None:
        """The frames after ``seq``, or None where they are no longer all here."""
        person = self.person(code, user_id)
        if epoch != self.epoch or seq > person.seq:
            return None
        oldest = person.seq - len(person.ring)
        return None if seq < oldest else [frame for frame in person.ring if frame["seq"] > seq]

    def send(self, code: str, user_id: int, frame: dict[str, Any]) -> None:
        person = self.person(code, user_id)
        person.seq += 1
        numbered = {**frame, "seq": person.seq}
        person.ring.append(numbered)
        if person.seat is not None:
            person.seat.send(numbered)

    def to_others(self, code: str, user_id: int, frame: dict[str, Any]) -> None:
        for other in list(self.rooms.get(code, {})):
            if other != user_id:
                self.send(code, other, frame)

    def to_all(self, code: str, frame: dict[str, Any]) -> None:
        for person in list(self.rooms.get(code, {})):
            self.send(code, person, frame)

    def signal(self, code: str, user_id: int, data: Any) -> None:
        """Relayed to whoever is here; memory only. A signal is of no use to someone who is away."""
        person = self.person(code, user_id)
        tab = person.seat.tab if person.seat else None
        for other, facts in list(self.rooms.get(code, {}).items()):
            if other != user_id and facts.seat is not None:
                self.send(code, other, {"t": "signal", "from": user_id, "tab": tab, "d": data})
