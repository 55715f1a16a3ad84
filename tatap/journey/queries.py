"""Reads that span rooms."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, F, Prefetch, Q, QuerySet, When

from tatap.accounts.models import User, shown
from tatap.audit.models import Event
from tatap.bookings.models import Appointment, Participant, Status
from tatap.callroom.models import Room
from tatap.closing.models import Card
from tatap.closing.notes import appointments_with_note
from tatap.counsellors.models import Counsellor, Licence
from tatap.journey.domain.next_step import ENTER_AFTER, Facts, Step, next_step, path
from tatap.journey.models import Reminder
from tatap.meetings.queries import troubles
from tatap.notifications.models import Message
from tatap.payments.models import Invoice
from tatap.preparation.models import CheckIn, DeviceCheck

COMING = (Status.HELD.value, Status.BOOKED.value)


@dataclass(frozen=True)
class Visit:
    """An appointment with what the other rooms know of it."""

    appointment: Appointment
    invoice: Invoice | None
    card: Card | None
    room: Room | None
    verdict: str
    step: Step

    @property
    def path(self) -> list[tuple[str, str]]:
        return path(self.step)


def _with_client(rows: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """For lists that name the client of each and nobody else."""
    clients = Participant.objects.filter(part="client").select_related("person")
    return rows.prefetch_related(Prefetch("participants", clients.only("appointment", "part", "person__alias")))


LOOKS = 30  # on one page
MOST = 60  # sessions on a client's page
#: what a client's list says of each
LISTED = (
    "code", "status", "starts_at", "ends_at", "counsellor__short_name", "counsellor__user__zone",
    "rules__proof_opens_room", "invoice__status", "invoice__amount", "invoice__paid_at", "card__accepted_at",
    "room__ended_at",
)
OF_THE_DAY = ("code", "status", "starts_at", "ends_at", "service__kind", "card__accepted_at")
#: one to one with an appointment, so that they come along in its query
WITH = ("invoice", "card", "room")


def visits(rows: Iterable[Appointment], *, now: datetime, client: User | None = None) -> list[Visit]:
    """Two queries however many appointments there are, for what was prepared; none where nothing is ahead.
    ``client``: whose they all are, where that is known."""
    rows = list(rows)
    ahead = [row.pk for row in rows if row.status in COMING]
    checked = set(CheckIn.objects.filter(appointment__in=ahead).order_by().values_list("appointment", "person")) if ahead else set()
    verdicts = _verdicts(ahead)
    return [_visit(row, (row.pk, (client or row.client).pk), checked, verdicts, now=now) for row in rows]


def _verdicts(appointments: Iterable[int]) -> dict[tuple[int, int], str]:
    """What each one's last device check said, by (appointment, person)."""
    ahead = list(appointments)
    if not ahead:
        return {}
    found = DeviceCheck.objects.filter(appointment__in=ahead).order_by("at")
    return {(row, person): verdict for row, person, verdict in found.values_list("appointment", "person", "verdict")}


def _visit(
    row: Appointment, whose: tuple[int, int], checked: set[tuple[int, int]], verdicts: dict[tuple[int, int], str],
    *, now: datetime,
) -> Visit:
    invoice, card, room = (getattr(row, name, None) for name in WITH)
    verdict = verdicts.get(whose, "")
    facts = _facts(row, invoice, card, room, prepared=whose in checked and bool(verdict))
    return Visit(
        appointment=row, invoice=invoice, card=card, room=room, verdict=verdict, step=next_step(facts, now=now)
    )


def _facts(row: Appointment, invoice: Invoice | None, card: Card | None, room: Room | None, *, prepared: bool) -> Facts:
    paid = {"paid": "paid", "free": "paid", "proof": "proof"}.get(invoice.status if invoice else "free", "due")
    booked = row.status == Status.BOOKED
    return Facts(
        status=row.status,
        paid=paid,
        may_enter=booked and (paid == "paid" or (paid == "proof" and row.rules.proof_opens_room)),
        prepared=prepared,
        has_card=card is not None,
        ended=room is not None and room.ended_at is not None,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )


def client_visits(person: User, *, now: datetime) -> tuple[list[Visit], list[Visit]]:
    """(to come, soonest first; past, latest first). Let-go seats are left out."""
    ahead = Q(status__in=COMING, ends_at__gt=now - ENTER_AFTER)
    mine = Appointment.objects.filter(participants__person=person, participants__part="client")
    seen = mine.filter(ahead | ~Q(status__in=[Status.RELEASED, Status.HELD])).only(*LISTED)
    soonest = Case(When(ahead, then=F("starts_at")), default=None)
    rows = seen.select_related("counsellor__user", "rules", *WITH).order_by(soonest.asc(nulls_last=True), "-starts_at")[:MOST]
    coming: list[Visit] = []
    past: list[Visit] = []
    for visit in visits(rows, now=now, client=person):
        still = visit.appointment.status in COMING and visit.appointment.ends_at > now - ENTER_AFTER
        (coming if still else past).append(visit)
    over = [v for v in coming if v.room is not None and v.room.ended_at is not None]
    return [v for v in coming if v not in over], [*over, *past]


@dataclass(frozen=True)
class Planned:
    """An appointment as the counsellor's day shows it."""

    appointment: Appointment
    client: str
    card: Card | None
    verdict: str


def day_of(counsellor: Counsellor, *, start: datetime, end: datetime) -> list[Planned]:
    rows = Appointment.objects.filter(
        counsellor=counsellor,
        starts_at__gte=start,
        starts_at__lt=end,
        status__in=[Status.HELD, Status.BOOKED, Status.FULFILLED, Status.NOSHOW],
    ).select_related("service", "card").only(*OF_THE_DAY).order_by("starts_at")
    clients = rows.filter(participants__part="client").annotate(
        client_id=F("participants__person"), alias=F("participants__person__alias")
    )
    found = list({row.pk: row for row in clients}.values())
    verdicts = _verdicts(row.pk for row in found if row.status in COMING)
    return [
        Planned(
            appointment=row, client=shown(row.alias), card=getattr(row, "card", None),
            verdict=verdicts.get((row.pk, row.client_id), ""),
        )
        for row in found
    ]


def without_notes(counsellor: Counsellor, *, by: User, now: datetime) -> list[Participant]:
    """The clients of finished sessions of the last fortnight for which the counsellor wrote no note yet."""
    rows = Participant.objects.filter(
        part="client", appointment__counsellor=counsellor, appointment__status=Status.FULFILLED,
        appointment__ends_at__gt=now - timedelta(days=14),
    ).exclude(appointment__in=appointments_with_note(by))
    shown = ("person__alias", "appointment__code", "appointment__starts_at")
    return list(rows.select_related("person", "appointment").only(*shown).order_by("appointment__starts_at")[:5])


def practice_overview(*, now: datetime) -> dict[str, Any]:
    failed = [
        {"what": "message", "when": m.failed_at, "error": m.last_error}
        for m in Message.objects.filter(failed_at__isnull=False).order_by("-failed_at")[:20]
    ] + [
        {"what": "reminder", "when": r.failed_at, "error": r.last_error}
        for r in Reminder.objects.filter(failed_at__isnull=False).order_by("-failed_at")[:20]
    ]
    return {
        "licences": Licence.objects.filter(checked_at__isnull=True).select_related("counsellor").order_by("pk"),
        "expiring": Licence.objects.filter(
            checked_at__isnull=False, expires_on__isnull=False, expires_on__lt=(now + timedelta(days=60)).date()
        ).select_related("counsellor").order_by("expires_on"),
        "transfers": Invoice.objects.filter(status="proof").select_related("appointment__counsellor").order_by("pk"),
        "refunds": Invoice.objects.filter(status="refund_owed").select_related("appointment").order_by("pk"),
        "attention": of_the_practice().filter(status=Status.BOOKED, starts_at__gt=now).exclude(needs_manager=""),
        "absent": of_the_practice().filter(status=Status.NOSHOW).exclude(needs_manager="").select_related("counsellor", "invoice"),
        "failed": failed,
        "relay_troubles": troubles(now=now),
    }


def of_the_practice() -> QuerySet[Appointment]:
    return _with_client(Appointment.objects.select_related("counsellor"))


def practice_appointments(*, status: str, search: str, now: datetime) -> QuerySet[Appointment]:
    """Who meets whom and when; nothing of what is said."""
    rows = of_the_practice().order_by("-starts_at")
    if status:
        rows = rows.filter(status=status)
    if search:
        rows = rows.filter(Q(code__iexact=search) | Q(counsellor__name__icontains=search))
    return rows


def who_looked(person: User, *, before: str = "") -> tuple[list[Event], str]:
    """What others did with this person's things, latest first, a page of it, and where the next page begins: empty
    where there is none. ``before``: as it was given for that page."""
    rows = Event.objects.filter(about=str(person.pk)).exclude(actor=str(person.pk))
    last = rows.filter(pk=int(before)).first() if before.isdecimal() and len(before) < 19 else None
    if last is not None:
        rows = rows.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    found = list(rows[: LOOKS + 1])
    return found[:LOOKS], str(found[LOOKS - 1].pk) if len(found) > LOOKS else ""
