"""What the room's program sends over HTTP, read without trust."""

import json
import re
from datetime import UTC, datetime

from tatap.callroom.actions import HeldFor, Report

LARGEST = 32 * 1024  # bytes
MOST = 100  # reports at a time
KEY = re.compile(r"[A-Za-z0-9-]{1,40}")
LATEST = 4_102_444_800_000  # the year 2100, ms since 1970


def clean_line_reports(body: bytes) -> list[Report] | None:
    """``{"reports": [{"key", "from", "to"}]}`` with times in ms since 1970, or None where it is not ours."""
    try:
        got = json.loads(body) if len(body) <= LARGEST else None
    except (ValueError, RecursionError):
        return None
    rows = got.get("reports") if isinstance(got, dict) else None
    if not isinstance(rows, list) or len(rows) > MOST:
        return None
    found = [_report(row) for row in rows]
    return None if None in found else [item for item in found if item is not None]


def clean_held(body: bytes) -> list[HeldFor] | None:
    """``{"held": [{"key", "level", "seconds", "bytes"}]}``, or None where it is not ours."""
    try:
        got = json.loads(body) if len(body) <= LARGEST else None
    except (ValueError, RecursionError):
        return None
    rows = got.get("held") if isinstance(got, dict) else None
    if not isinstance(rows, list) or len(rows) > MOST:
        return None
    found = [_held(row) for row in rows]
    return None if None in found else [item for item in found if item is not None]


def _held(row: object) -> HeldFor | None:
    if not isinstance(row, dict) or not isinstance(row.get("key"), str) or not KEY.fullmatch(row["key"]):
        return None
    level, seconds, size = row.get("level"), row.get("seconds"), row.get("bytes")
    if type(level) is not int or type(seconds) is not int or type(size) is not int:
        return None
    if not (0 <= level <= 5 and 0 < seconds <= 3600 and 0 <= size < 1 << 40):
        return None
    return HeldFor(key=row["key"], level=level, seconds=seconds, size=size)


def _report(row: object) -> Report | None:
    if not isinstance(row, dict) or not isinstance(row.get("key"), str) or not KEY.fullmatch(row["key"]):
        return None
    start, end = row.get("from"), row.get("to")
    if type(start) is not int or type(end) is not int or not 0 < start < end < LATEST:
        return None
    return Report(key=row["key"], start=_moment(start), end=_moment(end))


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
