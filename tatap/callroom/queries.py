from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BooleanField, F, Value

from tatap.accounts.models import Practice, User
from tatap.bookings import queries as bookings
from tatap.bookings.domain.slots import Stretch
from tatap.bookings.models import Appointment, LostGiven, Participant, Status
from tatap.callroom.domain import held, lost, session
from tatap.callroom.models import Admission, Attendance, ChatMessage, Extension, HeldLevel, LineReport, Room
from tatap.preparation.queries import foreseen, last_check

CHAT_SHOWN = 500


def find(code: str) -> Appointment | None:
    return (
        Appointment.objects.select_related("counsellor__user", "rules", "service")
        .prefetch_related("participants__person")
        .filter(code=code.upper())
        .first()
    )


def addresses_hidden(appointment: Appointment) -> bool:
    """Whether the two may not learn each other's internet address: one of them or the practice wishes so."""
    wished = any(seat.person.hide_address for seat in appointment.participants.all())
    return wished or Practice.objects.filter(hide_addresses=True).exists()


def status(appointment: Appointment, *, now: datetime) -> session.Status:
    room = Room.objects.filter(appointment=appointment).first()
    here = room is not None and room.attendance.filter(person=appointment.counsellor.user, left_at=None).exists()
    other = (
        Appointment.objects.filter(
            counsellor=appointment.counsellor,
            room__isnull=False,
            room__ended_at__isnull=True,
            room__attendance__person=appointment.counsellor.user,
            room__attendance__left_at__isnull=True,
            ends_at__gt=now - session.LATE,
        )
        .exclude(pk=appointment.pk)
        .order_by("-ends_at")
        .first()
    )
    return session.status(
        session.Situation(
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
            counsellor_here=here,
            other_session_ends=other.ends_at if other else None,
            choice_after=timedelta(minutes=appointment.rules.late_choice_minutes),
        ),
        now=now,
    )


def chat_of(room: Room, *, after: int = 0) -> list[dict[str, Any]]:
    rows = ChatMessage.objects.filter(room=room, n__gt=after).order_by("-n")[:CHAT_SHOWN]
    return [said(row) for row in reversed(rows)]


def locked_rooms(codes: set[str]) -> dict[str, Room]:
    """By the appointment's code, each with its appointment; nobody else can change them in this transaction. In one
    order, so that two processes never wait for each other for ever."""
    rows = Room.objects.select_for_update(of=("self",)).select_related("appointment").only(
        "messages_kept", "ended_at", *(f"appointment__{name}" for name in ("code", "status", "starts_at", "ends_at"))
    )
    return {row.appointment.code: row for row in rows.filter(appointment__code__in=codes).order_by("pk")}


def people_of(rooms: Iterable[Room]) -> set[tuple[int, int]]:
    """(appointment, person) of everybody who takes part."""
    found = Participant.objects.filter(appointment__in=[room.appointment_id for room in rooms])
    return set(found.values_list("appointment_id", "person_id"))


def lines_with_keys(rooms: Iterable[Room], keys: set[str]) -> dict[tuple[int, str], ChatMessage]:
    rows = ChatMessage.objects.filter(room__in=[room.pk for room in rooms], key__in=keys)
    return {(row.room_id, row.key): row for row in rows}


def said(row: ChatMessage) -> dict[str, Any]:
    return {"n": row.n, "key": row.key, "from": row.author_id, "text": row.body, "at": row.at.isoformat()}


def may_choose(appointment: Appointment, *, now: datetime) -> bool:
    """Whether the counsellor is so late that the client may choose something else: nobody was let in yet, and the
    room is still open."""
    begun = Admission.objects.filter(room__appointment=appointment).exists()
    if begun or appointment.status != Status.BOOKED or now > appointment.ends_at + session.LATE:
        return False
    return status(appointment, now=now).may_choose


def only_the_client_came(appointment: Appointment) -> bool:
    here = set(Attendance.objects.filter(room__appointment=appointment).values_list("person_id", flat=True))
    return appointment.client.pk in here and appointment.counsellor.user_id not in here


def both_were_there(*, appointment: Appointment) -> bool:
    people = set(appointment.participants.values_list("person_id", flat=True))
    here = set(Attendance.objects.filter(room__appointment=appointment).values_list("person_id", flat=True))
    return people <= here


def lost_of(appointment: Appointment, *, room: Room | None = None) -> lost.Account:
    """What the line took of the booked time after admission, by the records of both sides and our own. ``room``:
    where it is at hand."""
    room = room or Room.objects.filter(appointment=appointment).first()
    if room is None:
        return lost.Account()
    rows = _records(room)
    admitted = min((start for kind, _who, start, _end, _door in rows if kind == "admitted"), default=None)
    if admitted is None:
        return lost.Account()
    end = min(appointment.ends_at, room.ended_at or appointment.ends_at)
    time = Stretch(max(appointment.starts_at, admitted), end)
    sides = _sides(rows, [appointment.counsellor.user_id, appointment.client.pk])
    return lost.account(*sides, time=time)


def _records(room: Room) -> list[tuple[str, int, datetime, Any, bool]]:
    """Who was admitted, deaf and seated from when to when, in one query."""
    no = Value(False, output_field=BooleanField())
    admitted = Admission.objects.filter(room=room).annotate(kind=Value("admitted"), end=F("at"), door=no)
    deaf = LineReport.objects.filter(room=room).annotate(kind=Value("deaf"), door=no)
    seats = Attendance.objects.filter(room=room).annotate(kind=Value("seat"))
    rows = admitted.order_by().values_list("kind", "person_id", "at", "end", "door").union(
        deaf.order_by().values_list("kind", "person_id", "start", "end", "door"),
        seats.order_by().values_list("kind", "person_id", "arrived_at", "left_at", "by_door"),
        all=True,
    )
    return sorted(rows, key=lambda row: row[2])


def _sides(rows: list[tuple[str, int, datetime, Any, bool]], people: list[int]) -> list[lost.Side]:
    told = [(who, start, end) for kind, who, start, end, _door in rows if kind == "deaf"]
    seats = [(who, start, end, door) for kind, who, start, end, door in rows if kind == "seat"]
    return [
        lost.Side(
            deaf=tuple(Stretch(start, end) for who, start, end in told if who == person),
            seats=tuple(lost.Seat(came, went, door) for who, came, went, door in seats if who == person),
        )
        for person in people
    ]


def taken_minutes(appointment: Appointment) -> int:
    """Lost minutes that were added at the end."""
    return Extension.objects.filter(room__appointment=appointment).values_list("minutes", flat=True).first() or 0


def offered(appointment: Appointment, *, now: datetime) -> int:
    """Lost minutes that the counsellor may take now, at the end of the session."""
    rules = appointment.rules
    by_rule = rules.lost_given in {LostGiven.EXTEND_OR_CREDIT, LostGiven.EXTEND}
    if not by_rule or now < appointment.ends_at - session.NEAR_END or taken_minutes(appointment):
        return 0
    seconds = lost_of(appointment).seconds
    if seconds < max(rules.lost_least_seconds, 1):
        return 0
    return min(-(-seconds // 60), int(bookings.free_after(appointment) / timedelta(minutes=1)))


def under_way(*, now: datetime) -> list[Appointment]:
    """Sessions in their booked time in whose room somebody sits."""
    rows = Appointment.objects.filter(
        status=Status.BOOKED, starts_at__lte=now, ends_at__gt=now, room__isnull=False, room__ended_at__isnull=True,
        room__attendance__left_at__isnull=True, room__attendance__isnull=False,
    )
    return list(rows.select_related("counsellor__user", "rules").prefetch_related("participants__person").distinct()[:200])


def missed(appointment: Appointment) -> list[tuple[User, datetime]]:
    """Who is not in the room while the other is, and since when in the booked time."""
    stays = list(
        Attendance.objects.filter(room__appointment=appointment).values_list("person_id", "left_at", "by_door")
    )
    here = {who for who, left, _door in stays if left is None}
    found = []
    for participant in appointment.participants.all():
        person = participant.person
        since = session.absent_since(
            starts_at=appointment.starts_at,
            arrived=person.pk in here,
            left=[(left, door) for who, left, door in stays if who == person.pk and left is not None],
        )
        if since is not None and here:
            found.append((person, since))
    return found


def forecast_pairs(*, since: datetime) -> list[held.Pair]:
    """For each session begun after ``since`` and each person in it: what was foreseen last before she was let in,
    and what her line held."""
    found: list[held.Pair] = []
    told = HeldLevel.objects.filter(room__appointment__starts_at__gte=since).select_related("room__appointment", "person")
    by_seat: dict[tuple[int, int], list[HeldLevel]] = {}
    for row in told.order_by("received_at", "pk"):
        by_seat.setdefault((row.room_id, row.person_id), []).append(row)
    for rows in by_seat.values():
        room, person = rows[0].room, rows[0].person
        let_in = Admission.objects.filter(room=room).order_by("at").values_list("at", flat=True).first()
        told_before = foreseen(last_check(room.appointment, person, until=let_in or room.appointment.starts_at))
        if told_before is None:
            continue
        minutes = (room.appointment.ends_at - room.appointment.starts_at).total_seconds() / 60
        stretches = [held.Stretch(level=row.level, seconds=row.seconds, size=row.size) for row in rows]
        found.append(held.pair(told_before.level, told_before.mb / max(minutes, 1) * 60, stretches))
    return found
