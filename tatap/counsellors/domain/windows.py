"""When a reader would like to meet, as stretches of time on her own clocks. Moments are aware; ends are
exclusive."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

AHEAD = 14  # days looked at


class When(StrEnum):
    TODAY = "hari-ini"
    TOMORROW = "besok"
    WEEKEND = "akhir-pekan"


class Part(StrEnum):
    MORNING = "pagi"
    NOON = "siang"
    AFTERNOON = "sore"
    EVENING = "malam"


HOURS = {Part.MORNING: (4, 11), Part.NOON: (11, 15), Part.AFTERNOON: (15, 18), Part.EVENING: (18, 24)}


def windows(
    *, when: Collection[When], part: Part | None, now: datetime, zone: str
) -> list[tuple[datetime, datetime]]:
    """Empty where nothing was wished: any time is welcome."""
    if not when and part is None:
        return []
    where = ZoneInfo(zone)
    today = now.astimezone(where).date()
    days = [today + timedelta(days=n) for n in range(AHEAD)]
    chosen = [day for day in days if not when or _meant(day, today, when)]
    first, last = HOURS[part] if part else (0, 24)
    return [(_at(day, first, where), _at(day, last, where)) for day in chosen]


def _meant(day: date, today: date, when: Collection[When]) -> bool:
    if When.TODAY in when and day == today:
        return True
    if When.TOMORROW in when and day == today + timedelta(days=1):
        return True
    weekend = day.weekday() >= 5 and day - today < timedelta(days=7)
    return When.WEEKEND in when and weekend


def _at(day: date, hour: int, where: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), where) + timedelta(hours=hour)
