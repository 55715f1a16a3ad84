"""Reads that span rooms."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from tatap.accounts.models import User
from tatap.audit.models import Event
from tatap.bookings.models import Appointment, Participant, Status
from tatap.callroom.models import Room
from tatap.closing.models import Card
from tatap.closing.notes import appointments_with_note
from tatap.counsellors.models import Counsellor, Licence
from tatap.journey.domain.next_step import Facts, Step, next_step, path
from tatap.journey.models import Reminder
from tatap.meetings.queries import troubles
from tatap.notifications.models import Message
from tatap.payments.models import Invoice
from tatap.preparation.models import CheckIn, DeviceCheck


@dataclass(frozen=True)
class Visit:
    """An appointment with what the other rooms know of it."""

    appointment: Appointment
    invoice: Invoice | None
    card: Card | None
    room: Room | None
    client_check: CheckIn | None
    verdict: str
    step: Step

    @property
    def path(self) -> list[tuple[str, str]]:
        return path(self.step)


def _with_people(rows: QuerySet[Appointment]) -> QuerySet[Appointment]:
    people = Prefetch("participants", Participant.objects.select_related("person"))
    return rows.select_related("counsellor__user", "service", "rules").prefetch_related(people)


def visits(rows: Iterable[Appointment], *, now: datetime) -> list[Visit]:
    """Five queries however many appointments there are."""
    rows = list(rows)
    ids = [row.pk for row in rows]
    invoices = {i.appointment_id: i for i in Invoice.objects.filter(appointment__in=ids).order_by("pk")}
    cards = {c.appointment_id: c for c in Card.objects.filter(appointment__in=ids)}
    rooms = {r.appointment_id: r for r in Room.objects.filter(appointment__in=ids)}
    checks = {c.appointment_id: c for c in CheckIn.objects.filter(appointment__in=ids)}
    verdicts = {
        (d.appointment_id, d.person_id): d.verdict
        for d in DeviceCheck.objects.filter(appointment__in=ids).order_by("at")
    }
    made = []
    for row in rows:
        client_id = row.client.pk
        verdict = verdicts.get((row.pk, client_id), "")
        made.append(
            Visit(
                appointment=row,
                invoice=invoices.get(row.pk),
                card=cards.get(row.pk),
                room=rooms.get(row.pk),
                client_check=checks.get(row.pk),
                verdict=verdict,
                step=next_step(
                    _facts(row, invoices.get(row.pk), cards.get(row.pk), rooms.get(row.pk), bool(checks.get(row.pk)) and bool(verdict)),
                    now=now,
                ),
            )
        )
    return made


def _facts(row: Appointment, invoice: Invoice | None, card: Card | None, room: Room | None, prepared: bool) -> Facts:
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
    mine = _with_people(Appointment.objects.filter(participants__person=person))
    ahead = mine.filter(status__in=[Status.HELD, Status.BOOKED], ends_at__gt=now - timedelta(minutes=15))
    behind = (
        mine.exclude(status__in=[Status.RELEASED, Status.HELD])
        .exclude(status=Status.BOOKED, ends_at__gt=now - timedelta(minutes=15))
        .order_by("-starts_at")[:30]
    )
    coming, past = visits(ahead.order_by("starts_at"), now=now), visits(behind, now=now)
    over = [v for v in coming if v.room is not None and v.room.ended_at is not None]
    return [v for v in coming if v not in over], [*over, *past]


def day_of(counsellor: Counsellor, *, start: datetime, end: datetime, now: datetime) -> list[Visit]:
    rows = Appointment.objects.filter(
        counsellor=counsellor,
        starts_at__gte=start,
        starts_at__lt=end,
        status__in=[Status.HELD, Status.BOOKED, Status.FULFILLED, Status.NOSHOW],
    )
    return visits(_with_people(rows.order_by("starts_at")), now=now)


def without_notes(counsellor: Counsellor, *, now: datetime) -> list[Appointment]:
    """Finished sessions of the last fortnight for which the counsellor wrote no note yet."""
    rows = Appointment.objects.filter(
        counsellor=counsellor, status=Status.FULFILLED, ends_at__gt=now - timedelta(days=14)
    ).exclude(pk__in=appointments_with_note(counsellor.user))
    return list(_with_people(rows)[:5])


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
        "attention": _with_people(Appointment.objects.filter(status=Status.BOOKED, starts_at__gt=now).exclude(needs_manager="")),
        "failed": failed,
        "relay_troubles": troubles(now=now),
    }


def practice_appointments(*, status: str, search: str, now: datetime) -> QuerySet[Appointment]:
    """Who meets whom and when; nothing of what is said."""
    rows = _with_people(Appointment.objects.all()).order_by("-starts_at")
    if status:
        rows = rows.filter(status=status)
    if search:
        rows = rows.filter(Q(code__iexact=search) | Q(counsellor__name__icontains=search))
    return rows


def who_looked(person: User) -> list[Event]:
    """What others did with this person's things, latest first."""
    return list(Event.objects.filter(about=str(person.pk)).exclude(actor=str(person.pk))[:200])
