"""The rooms in memory: who is here by which tab, what each has missed. No database, no clock, no socket
library: a seat is anything that takes text.

Where several processes hold sockets, ``outward`` carries notes to the others and ``from_far`` takes theirs:

``sit`` and ``stand``  someone took or left a seat there (``sit`` ends an older seat of the same person here)
``here``               an answer to ``sit``, or a changed state: someone is seated there
``signal``             for whoever is seated here; kept nowhere
``all``                for everybody in the room
``alive``              the process is still there
"""

import json
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

RING = 256  # frames kept for each person, so that a returning browser misses nothing
RING_SIZE = 512 * 1024  # characters of them
SILENT_AFTER = 15.0  # seconds without a word from another process: its people have left
EMPTY_FOR = 900.0  # seconds after which an empty room is forgotten

SIGNAL = '{"t":"signal",'

Frame = dict[str, Any]
Outward = Callable[[str, Frame], None]


class Seat(Protocol):
    tab: str

    def send(self, text: str) -> None: ...

    def take_over(self) -> None:
        """Another tab or device of the same person has taken the seat."""


@dataclass(frozen=True, slots=True)
class Far:
    """A seat in another process."""

    origin: str
    tab: str


@dataclass(slots=True)
class Person:
    seq: int = 0
    ring: deque[str] = field(default_factory=deque)
    size: int = 0
    seat: Seat | None = None
    far: Far | None = None
    state: dict[str, Any] = field(default_factory=dict)
    waiting_since: str | None = None
    offered: int = 0  # number of the last offer among the signals to this person

    @property
    def tab(self) -> str | None:
        place = self.seat or self.far
        return place.tab if place else None

    def number(self, body: str) -> str:
        """The frame as this person gets it; ``body`` is JSON without its closing brace."""
        self.seq += 1
        text = f'{body},"seq":{self.seq}}}'
        self.ring.append(text)
        self.size += len(text)
        while len(self.ring) > RING or self.size > RING_SIZE:
            self.size -= len(self.ring.popleft())
        return text

    def after(self, seq: int) -> list[str] | None:
        """The frames after ``seq`` that are still of use, or None where they are no longer all here. A signal from before
        the last offer is of none, and where the others saw this person leave (they begin anew on the return) no signal is:
        they would take seconds of a thin line."""
        missing = self.seq - seq
        if not 0 <= missing <= len(self.ring):
            return None
        of_use = self.offered if self.tab is not None else self.seq + 1
        texts = list(self.ring)[len(self.ring) - missing :]
        return [text for n, text in enumerate(texts, seq + 1) if n >= of_use or not text.startswith(SIGNAL)]


@dataclass(slots=True)
class Room:
    epoch: str
    people: dict[int, Person] = field(default_factory=dict)
    empty_since: float | None = None

    def person(self, user_id: int) -> Person:
        return self.people.setdefault(user_id, Person())


def open_body(frame: Frame) -> str:
    return json.dumps(frame, separators=(",", ":"), ensure_ascii=False)[:-1]


def _offers(data: Any) -> bool:
    description = data.get("description") if isinstance(data, dict) else None
    return isinstance(description, dict) and description.get("type") == "offer"


def _silent(_code: str, _note: Frame) -> None:
    """One process alone has nobody to tell."""


class Hub:
    """A room's ``epoch`` names this memory of it: a browser that returns with another one is given
    everything anew."""

    def __init__(self, outward: Outward = _silent) -> None:
        self.origin = secrets.token_urlsafe(8)
        self.rooms: dict[str, Room] = {}
        self.outward = outward
        self._made = 0
        self._heard: dict[str, float] = {}

    def room(self, code: str) -> Room:
        room = self.rooms.get(code)
        if room is None:
            self._made += 1
            room = self.rooms[code] = Room(epoch=f"{self.origin}.{self._made}")
        return room

    def person(self, code: str, user_id: int) -> Person:
        return self.room(code).person(user_id)

    # -- seats
    def sit(self, code: str, user_id: int, seat: Seat, *, now: str) -> None:
        """The newest tab has the seat; the others in the room are told."""
        person = self.person(code, user_id)
        old, person.seat, person.far = person.seat, seat, None
        person.waiting_since = person.waiting_since or now
        if old is not None and old is not seat:
            old.take_over()
        self._tell_presence(code, user_id, "sit")

    def stand(self, code: str, user_id: int, seat: Seat) -> bool:
        """False where another tab has the seat by now."""
        person = self.person(code, user_id)
        if person.seat is not seat:
            return False
        person.seat = None
        self._tell_presence(code, user_id, "stand")
        return True

    def set_state(self, code: str, user_id: int, state: dict[str, Any]) -> None:
        self.person(code, user_id).state = state
        self._tell_presence(code, user_id, "here")

    def presence(self, code: str, user_id: int) -> Frame:
        person = self.person(code, user_id)
        return {
            "t": "presence", "user": user_id, "here": person.tab is not None, "tab": person.tab,
            "state": person.state, "waiting_since": person.waiting_since,
        }

    def _tell_presence(self, code: str, user_id: int, kind: str) -> None:
        frame = self.presence(code, user_id)
        self.to_others(code, user_id, frame)
        self.outward(code, {**frame, "t": kind})

    # -- frames
    def to_others(self, code: str, user_id: int | None, frame: Frame) -> None:
        body = open_body(frame)
        for other, person in self.room(code).people.items():
            if other != user_id:
                _give(person, body)

    def to_all(self, code: str, frame: Frame, *, outward: bool = True) -> None:
        """An empty room has nobody to tell: who comes later is given everything anew."""
        if code in self.rooms:
            self.to_others(code, None, frame)
        if outward:
            self.outward(code, {"t": "all", "frame": frame})

    def signal(self, code: str, user_id: int, data: Any) -> None:
        """Relayed to whoever is here; memory only. A signal is of no use to someone who is away."""
        people = self.room(code).people
        tab = people[user_id].tab if user_id in people else None
        self._signal_here(people, user_id, tab, data)
        if any(person.far is not None and other != user_id for other, person in people.items()):
            self.outward(code, {"t": "signal", "from": user_id, "tab": tab, "d": data})

    @staticmethod
    def _signal_here(people: dict[int, Person], user_id: int, tab: str | None, data: Any) -> None:
        body = ""
        for other, person in people.items():
            if other != user_id and person.seat is not None:
                body = body or open_body({"t": "signal", "from": user_id, "tab": tab, "d": data})
                _give(person, body)
                if _offers(data):
                    person.offered = person.seq

    # -- other processes
    def from_far(self, origin: str, code: str, note: Frame, *, moment: float) -> None:
        if origin == self.origin:
            return
        self._heard[origin] = moment
        kind = note["t"]
        room = self.rooms.get(code)
        if room is None:
            return
        if kind == "all":
            self.to_others(code, None, note["frame"])
        elif kind == "signal":
            self._signal_here(room.people, note["from"], note["tab"], note["d"])
        elif kind in {"sit", "stand", "here"}:
            self._far_seat(code, room, origin, note)

    def _far_seat(self, code: str, room: Room, origin: str, note: Frame) -> None:
        user_id, kind = int(note["user"]), note["t"]
        person = room.person(user_id)
        if kind == "sit" and person.seat is not None:
            seat, person.seat = person.seat, None
            seat.take_over()
        if kind == "sit":
            for other, facts in room.people.items():
                if facts.seat is not None:
                    self.outward(code, {**self.presence(code, other), "t": "here"})
        if person.seat is not None:
            return  # news of an older seat
        if kind == "stand" and person.far is not None and person.far.origin != origin:
            return
        person.far = None if kind == "stand" else Far(origin=origin, tab=str(note["tab"]))
        person.state, person.waiting_since = note["state"], note["waiting_since"]
        self.to_others(code, user_id, self.presence(code, user_id))

    def sweep(self, *, moment: float) -> None:
        """Every few seconds: people of a process that fell silent have left; empty rooms are forgotten."""
        silent = {origin for origin, at in self._heard.items() if moment - at > SILENT_AFTER}
        for origin in silent:
            del self._heard[origin]
        for code, room in list(self.rooms.items()):
            for user_id, person in list(room.people.items()):
                if person.far is not None and person.far.origin in silent:
                    person.far = None
                    self.to_others(code, user_id, self.presence(code, user_id))
            if any(person.seat is not None for person in room.people.values()):
                room.empty_since = None
            elif room.empty_since is None:
                room.empty_since = moment
            elif moment - room.empty_since > EMPTY_FOR:
                del self.rooms[code]


def _give(person: Person, body: str) -> None:
    text = person.number(body)
    if person.seat is not None:
        person.seat.send(text)
