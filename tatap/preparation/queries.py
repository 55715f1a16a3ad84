from tatap.accounts.models import User
from tatap.bookings.models import Appointment
from tatap.preparation.models import CheckIn, DeviceCheck


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
