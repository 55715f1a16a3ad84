"""Starts within an opening; the same arithmetic that bookings decides by."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def starts(begin: datetime, end: datetime, *, minutes: int, step: int) -> list[datetime]:
    """Starts on the step (minutes, counted from full hours) at which a session of that length fits."""
    stride, length = timedelta(minutes=step), timedelta(minutes=minutes)
    moment = _EPOCH + -(-(begin - _EPOCH) // stride) * stride
    found = []
    while moment + length <= end:
        found.append(moment)
        moment += stride
    return found
