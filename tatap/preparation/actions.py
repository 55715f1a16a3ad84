import json
from datetime import datetime
from typing import Any

from django.db import transaction

from tatap.accounts.models import User
from tatap.audit import actions as audit
from tatap.bookings.models import Appointment
from tatap.preparation.models import CheckIn, DeviceCheck, Reach


def check_in(*, appointment: Appointment, person: User, answers: dict[str, Any], now: datetime) -> CheckIn:
    """Replaces what was said before for this session; when the person first agreed to it stays."""
    with transaction.atomic():
        content = json.dumps(answers, ensure_ascii=False)
        row, made = CheckIn.objects.get_or_create(
            appointment=appointment, person=person, defaults={"answers_json": content, "at": now, "consented_at": now}
        )
        if not made:
            row.answers_json, row.at = content, now
            row.save(update_fields=["answers_json", "at"])
        audit.record(by=person, verb="checkin.given", subject=f"appointment:{appointment.code}", now=now)
    return row


def record_device_check(
    *, appointment: Appointment, person: User, verdict: str, facts: dict[str, Any], now: datetime
) -> DeviceCheck:
    return DeviceCheck.objects.create(appointment=appointment, person=person, verdict=verdict, facts=facts, at=now)


def see_check_in(*, check_in: CheckIn, by: User, now: datetime) -> dict[str, Any]:
    """The answers, for the counsellor; that she looked is written down."""
    audit.record(
        by=by, verb="checkin.seen", subject=f"appointment:{check_in.appointment.code}", now=now, about=check_in.person
    )
    return check_in.answers


def give_reach(*, counsellor: User, number: str, now: datetime) -> None:
    """The number under which clients may call her; empty takes it back."""
    with transaction.atomic():
        if number:
            Reach.objects.update_or_create(person=counsellor, defaults={"number": number, "at": now})
        else:
            Reach.objects.filter(person=counsellor).delete()
        audit.record(by=counsellor, verb="reach.changed", subject=f"person:{counsellor.pk}", now=now)
