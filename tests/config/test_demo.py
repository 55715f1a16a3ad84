"""The demo at each of its stages, made by the real actions."""

from typing import Any

import pytest

from tatap.bookings.models import Appointment
from tatap.config.demo.command import STAGES
from tatap.config.demo.fill import fill
from tatap.counsellors.models import Counsellor, Photo
from tatap.lib import clock
from tatap.preparation.models import CheckIn


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_is_where_it_says(db: Any, stage: str) -> None:
    now = clock.now()
    row = Appointment.objects.get(code=fill(stage=stage, now=now))
    room = getattr(row, "room", None)
    assert row.status == "booked"
    assert CheckIn.objects.filter(appointment=row).exists() is (stage != "booked")
    assert (room is not None and room.admissions.exists()) is (stage in {"live", "closed"})
    assert (room is not None and room.ended_at is not None) is (stage == "closed")
    assert hasattr(row, "card") is (stage == "closed")
    assert Counsellor.objects.count() == Photo.objects.count() == 12
