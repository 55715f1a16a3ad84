"""What happens in a room and must be remembered. Called from the socket's threads and from pages."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from tatap.accounts.models import User
from tatap.audit import actions as audit
from tatap.bookings import actions as bookings
from tatap.bookings.models import Appointment, Status
from tatap.callroom import queries
from tatap.callroom.domain import session
from tatap.callroom.models import Admission, Attendance, ChatMessage, Extension, HeldLevel, LineReport, Room
from tatap.preparation.queries import foreseen, last_check

LONGEST_MESSAGE = 4000  # characters
MOST_HELD = 400  # of one person in one session
MOST_REPORTS = 2000  # of one person in one session


@dataclass(frozen=True)
class Report:
    """A stretch in which a browser heard nothing; ``key`` is its own name for it, at most 40 characters."""

    key: str
    start: datetime
    end: datetime


@dataclass(frozen=True)
class HeldFor:
    """What a line held at the middle of a stretch of ``seconds``, and the bytes it moved both ways."""

    key: str
    level: int
    seconds: int
    size: int


class RoomRefused(Exception):
    """``reason``: not_found, not_in_window, ended, not_counsellor, empty, too_long or not_free."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _load(code: str, person_id: int) -> tuple[Appointment, User]:
    appointment = queries.find(code)
    if appointment is None:
        raise RoomRefused("not_found")
    person = next((p.person for p in appointment.participants.all() if p.person_id == person_id), None)
    if person is None:
        raise RoomRefused("not_found")
    return appointment, person


def _room(appointment: Appointment) -> Room:
    return Room.objects.get_or_create(appointment=appointment)[0]


def _open_room(code: str, person_id: int, *, now: datetime) -> tuple[Appointment, User, Room]:
    appointment, person = _load(code, person_id)
    start, end = session.window(appointment.starts_at, appointment.ends_at)
    if appointment.status != Status.BOOKED or not start <= now <= end:
        raise RoomRefused("not_in_window")
    room = _room(appointment)
    if room.ended_at is not None:
        raise RoomRefused("ended")
    return appointment, person, room


def snapshot(*, code: str, user_id: int, now: datetime, chat_after: int = 0) -> dict[str, Any]:
    """All that a browser needs to take its seat."""
    appointment, person = _load(code, user_id)
    room = _room(appointment)
    is_counsellor = person.pk == appointment.counsellor.user_id
    others = [
        {"id": p.person_id, "role": p.part, "alias": _name(appointment, p.person), **_line_of(appointment, p.person)}
        for p in appointment.participants.all()
        if p.person_id != user_id
    ]
    truth = queries.status(appointment, now=now)
    admitted = Admission.objects.filter(room=room).exists()
    return {
        "me": {"id": person.pk, "role": "counsellor" if is_counsellor else "client", "alias": _name(appointment, person)},
        "others": others,
        "door": room.door_opened_at is not None,
        "admitted": admitted,
        "ended": {"by": room.ended_by_id, "reason": room.reason} if room.ended_at else None,
        "clock": clock_of(appointment, now=now),
        "chat": queries.chat_of(room, after=chat_after),
        "status": {"code": truth.code, "late_minutes": truth.late_minutes, "may_choose": truth.may_choose},
    }


def _line_of(appointment: Appointment, person: User) -> dict[str, Any]:
    """Seen before anybody is let in."""
    check = last_check(appointment, person)
    found = foreseen(check)
    return {"verdict": check.verdict if check else None, "forecast": asdict(found) if found else None}


def _name(appointment: Appointment, person: User) -> str:
    return appointment.counsellor.short_name if person.pk == appointment.counsellor.user_id else person.shown_as


def may_enter(*, code: str, user_id: int, now: datetime) -> str:
    """Empty, or the reason why not."""
    try:
        _open_room(code, user_id, now=now)
    except RoomRefused as refused:
        return refused.reason
    return ""


def arrive(*, code: str, user_id: int, tab: str, now: datetime, heard: datetime | None = None) -> None:
    """``heard``: when her earlier socket, if it still stands, last brought a word; one that fell silent before
    is a line that broke and is written down as such."""
    _appointment, person, room = _open_room(code, user_id, now=now)
    seen = session.last_seen(heard, now=now)
    with transaction.atomic():
        Room.objects.select_for_update().get(pk=room.pk)  # two tabs at once: one after the other
        for row in Attendance.objects.filter(room=room, person=person, left_at=None):
            if row.tab != tab or seen < now:
                Attendance.objects.filter(pk=row.pk).update(left_at=max(row.arrived_at, seen))
        if not Attendance.objects.filter(room=room, person=person, tab=tab, left_at=None).exists():
            Attendance.objects.create(room=room, person=person, tab=tab, arrived_at=now)


def depart(
    *, code: str, user_id: int, tab: str, now: datetime, heard: datetime | None = None, by_door: bool = False
) -> None:
    """``heard``: when her socket last brought a word; ``by_door``: she went by the button."""
    seen = session.last_seen(heard, now=now)
    for row in Attendance.objects.filter(room__appointment__code=code, person_id=user_id, tab=tab, left_at=None):
        Attendance.objects.filter(pk=row.pk, left_at=None).update(left_at=max(row.arrived_at, seen), by_door=by_door)


def everybody_left(*, now: datetime) -> int:
    """For the start of the process that holds the sockets: whoever sat there when it died has no seat now."""
    return Attendance.objects.filter(left_at=None).update(left_at=now)


def open_door(*, code: str, by_id: int, now: datetime) -> None:
    appointment, _person, room = _open_room(code, by_id, now=now)
    _only_counsellor(appointment, by_id)
    Room.objects.filter(pk=room.pk, door_opened_at=None).update(door_opened_at=now)


def admit(*, code: str, user_id: int, by_id: int, now: datetime) -> None:
    appointment, by, room = _open_room(code, by_id, now=now)
    _only_counsellor(appointment, by_id)
    guest = next((p.person for p in appointment.participants.all() if p.person_id == user_id), None)
    if guest is None or guest.pk == by_id:
        raise RoomRefused("not_found")
    with transaction.atomic():
        Room.objects.filter(pk=room.pk, door_opened_at=None).update(door_opened_at=now)
        _admission, made = Admission.objects.get_or_create(room=room, person=guest, defaults={"at": now, "by": by})
        if made:
            audit.record(by=by, verb="room.admitted", subject=f"appointment:{code}", now=now, about=guest)


def _only_counsellor(appointment: Appointment, person_id: int) -> None:
    if appointment.counsellor.user_id != person_id:
        raise RoomRefused("not_counsellor")


@dataclass(frozen=True)
class Line:
    """``key`` is chosen by the writer's browser: sent twice, kept once."""

    code: str
    by_id: int
    key: str
    text: str


def post_chat(*, code: str, by_id: int, key: str, text: str, now: datetime) -> dict[str, Any]:
    """One line; returns what was kept."""
    [kept] = keep_chat(lines=[Line(code=code, by_id=by_id, key=key, text=text)], now=now)
    if isinstance(kept, RoomRefused):
        raise kept
    return kept


def keep_chat(*, lines: list[Line], now: datetime) -> list[dict[str, Any] | RoomRefused]:
    """Lines of any rooms in one transaction and few queries: for each, in order, what was kept or why not. A line
    sent again after a lost answer is found by its key, even when the room has ended meanwhile."""
    lines = [replace(line, code=line.code.upper()) for line in lines]
    with transaction.atomic():
        # The rooms' rows are locked, so that order and numbers agree on both databases.
        rooms = _locked_rooms({line.code for line in lines})
        kept = queries.lines_with_keys(rooms.values(), {line.key for line in lines})
        people = queries.people_of(rooms.values())
        answers: list[ChatMessage | RoomRefused] = []
        new: list[ChatMessage] = []
        for line in lines:
            found = _keep_line(line, rooms.get(line.code), people, kept, now=now)
            if isinstance(found, ChatMessage) and found._state.adding and found not in new:
                new.append(found)
            answers.append(found)
        ChatMessage.objects.bulk_create(new)
        Room.objects.bulk_update({row.room for row in new}, ["messages_kept"])
    return [found if isinstance(found, RoomRefused) else queries.said(found) for found in answers]


def _locked_rooms(codes: set[str]) -> dict[str, Room]:
    """A room's row is made when its first person arrives; where somebody writes before that, now."""
    rooms = queries.locked_rooms(codes)
    missing = list(Appointment.objects.filter(code__in=codes - set(rooms))) if codes - set(rooms) else []
    for appointment in missing:
        _room(appointment)
    return queries.locked_rooms(codes) if missing else rooms


def _keep_line(
    line: Line, room: Room | None, people: set[tuple[int, int]], kept: dict[tuple[int, str], ChatMessage], *, now: datetime
) -> ChatMessage | RoomRefused:
    """The row, with the room's next number where it is new."""
    text = line.text.strip()
    if not text:
        return RoomRefused("empty")
    if len(text) > LONGEST_MESSAGE or not 1 <= len(line.key) <= 40:
        return RoomRefused("too_long")
    if room is None or (room.appointment_id, line.by_id) not in people:
        return RoomRefused("not_found")
    earlier = kept.get((room.pk, line.key))
    if earlier is not None:
        return earlier
    appointment = room.appointment
    start, end = session.window(appointment.starts_at, appointment.ends_at)
    if appointment.status != Status.BOOKED or not start <= now <= end:
        return RoomRefused("not_in_window")
    if room.ended_at is not None:
        return RoomRefused("ended")
    room.messages_kept += 1
    row = ChatMessage(room=room, n=room.messages_kept, key=line.key, author_id=line.by_id, body=text, at=now)
    kept[room.pk, line.key] = row
    return row


def chat_kept(*, code: str, key: str, now: datetime) -> dict[str, Any] | None:
    """A message that another process has kept, as it is told to the room."""
    row = ChatMessage.objects.filter(room__appointment__code=code, key=key).first()
    return None if row is None else queries.said(row)


def end(*, code: str, by_id: int, now: datetime) -> None:
    """For both; the counsellor's to do. What was written stays readable."""
    appointment, by = _load(code, by_id)
    _only_counsellor(appointment, by_id)
    room = _room(appointment)
    with transaction.atomic():
        ended = Room.objects.filter(pk=room.pk, ended_at=None).update(ended_at=now, ended_by=by, reason="closed")
        if ended:
            Attendance.objects.filter(room=room, left_at=None).update(left_at=now)
            audit.record(by=by, verb="room.ended", subject=f"appointment:{code}", now=now)


def report_line(*, code: str, by_id: int, reports: list[Report], now: datetime) -> list[str]:
    """Keeps what one browser tells of the stretches in which it heard nothing; returns the keys that need not be
    told again. Nothing kept is ever changed: a key told before stays as it was first."""
    appointment, person = _load(code, by_id)
    opens, closes = session.window(appointment.starts_at, appointment.ends_at)
    room = Room.objects.filter(appointment=appointment).first()
    if room is None or not opens <= now <= closes:
        raise RoomRefused("not_in_window")
    if LineReport.objects.filter(room=room, person=person).count() + len(reports) > MOST_REPORTS:
        raise RoomRefused("too_long")
    LineReport.objects.bulk_create(
        [
            LineReport(room=room, person=person, key=item.key, start=item.start, end=min(item.end, now), received_at=now)
            for item in reports
            if opens <= item.start < min(item.end, now)
        ],
        ignore_conflicts=True,
    )
    return [item.key for item in reports]


def record_held(*, code: str, by_id: int, rows: list[HeldFor], now: datetime) -> None:
    """For the comparison with what was foreseen. Nothing kept is ever changed: a key told before stays as it was."""
    appointment, person = _load(code, by_id)
    opens, closes = session.window(appointment.starts_at, appointment.ends_at)
    room = Room.objects.filter(appointment=appointment).first()
    if room is None or not opens <= now <= closes:
        raise RoomRefused("not_in_window")
    if HeldLevel.objects.filter(room=room, person=person).count() + len(rows) > MOST_HELD:
        raise RoomRefused("too_long")
    HeldLevel.objects.bulk_create(
        [
            HeldLevel(
                room=room, person=person, key=row.key, level=row.level, seconds=row.seconds, size=row.size, received_at=now
            )
            for row in rows
        ],
        ignore_conflicts=True,
    )


def extend(*, code: str, by_id: int, now: datetime) -> dict[str, str]:
    """Takes the lost minutes now, as many as are truly free after the session; once. Returns the new clock."""
    appointment, by, room = _open_room(code, by_id, now=now)
    _only_counsellor(appointment, by_id)
    with transaction.atomic():
        Room.objects.select_for_update().get(pk=room.pk)  # a second tap waits, and finds it done
        if not Extension.objects.filter(room=room).exists():
            minutes = queries.offered(appointment, now=now)
            if minutes == 0:
                raise RoomRefused("not_free")
            Extension.objects.create(room=room, minutes=minutes, by=by, at=now)
            try:
                bookings.extend(appointment=appointment, minutes=minutes, by=by, now=now)
            except (bookings.SlotTaken, bookings.NotBookable):
                raise RoomRefused("not_free") from None
    appointment.refresh_from_db(fields=["ends_at"])
    return clock_of(appointment, now=now)


def clock_of(appointment: Appointment, *, now: datetime) -> dict[str, str]:
    return {
        "now": now.isoformat(),
        "starts_at": appointment.starts_at.isoformat(),
        "ends_at": appointment.ends_at.isoformat(),
    }
