from tatap.accounts.models import User
from tatap.bookings.models import Appointment
from tatap.preparation.domain.plan import Caller, Plan
from tatap.preparation.models import CheckIn, DeviceCheck, Reach


def checkin_of(appointment: Appointment, person: User) -> CheckIn | None:
    return CheckIn.objects.filter(appointment=appointment, person=person).first()


def verdict_of(appointment: Appointment, person: User) -> str | None:
    return (
        DeviceCheck.objects.filter(appointment=appointment, person=person)
        .order_by("-at")
        .values_list("verdict", flat=True)
        .first()
    )


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
