from dataclasses import dataclass
from datetime import datetime

from tatap.accounts.models import User
from tatap.bookings.models import Appointment
from tatap.preparation.domain.plan import Caller, Plan
from tatap.preparation.models import CheckIn, DeviceCheck, Reach


def checkin_of(appointment: Appointment, person: User) -> CheckIn | None:
    return CheckIn.objects.filter(appointment=appointment, person=person).first()


@dataclass(frozen=True)
class Forecast:
    """``level``: 0 text, 1 spoken notes, 2 voice, 3 stills, 4 small picture, 5 picture; ``mb`` of the whole session,
    both ways."""

    level: int
    mb: int


def last_check(appointment: Appointment, person: User, *, until: datetime | None = None) -> DeviceCheck | None:
    """Her latest measurement (before ``until``)."""
    rows = DeviceCheck.objects.filter(appointment=appointment, person=person)
    return (rows if until is None else rows.filter(at__lte=until)).order_by("-at").first()


def foreseen(check: DeviceCheck | None) -> Forecast | None:
    """None where nothing was measured."""
    if check is None or "level" not in check.facts or "mb" not in check.facts:
        return None
    return Forecast(level=int(check.facts["level"]), mb=round(check.facts["mb"]))


def verdict_of(appointment: Appointment, person: User) -> str | None:
    check = last_check(appointment, person)
    return check.verdict if check else None


def is_ready(appointment: Appointment, person: User) -> bool:
    return checkin_of(appointment, person) is not None and verdict_of(appointment, person) is not None


def reach_of(counsellor: User) -> str:
    """The number under which she may be called; empty where she gave none."""
    row = Reach.objects.filter(person=counsellor).first()
    return row.number if row else ""


def plan_of(appointment: Appointment) -> Plan:
    """What the two agreed at the check-in; where they said nothing, the practice's rule."""
    given = checkin_of(appointment, appointment.client)
    answers = given.answers if given else {}
    rules = appointment.rules
    caller = str(answers.get("plan_caller") or rules.plan_caller)
    return Plan(
        caller=caller,
        after=int(answers.get("plan_after") or rules.plan_after_minutes),
        by=str(answers.get("plan_by") or rules.plan_by),
        where=str(answers.get("plan_where") or ""),
        client_number=str(answers.get("number") or ""),
        counsellor_number=reach_of(appointment.counsellor.user) if caller == Caller.CLIENT else "",
    )
