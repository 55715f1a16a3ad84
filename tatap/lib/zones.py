"""Indonesia's three zones and their names; none has summer time."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date

ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
DEFAULT = "Asia/Jakarta"
_ALIASES = {"Asia/Pontianak": "WIB"}


def zone_label(zone: str) -> str:
    """WIB, WITA or WIT; elsewhere the town's name out of the zone's."""
    return ZONES.get(zone) or _ALIASES.get(zone) or zone.rsplit("/", 1)[-1].replace("_", " ")


def local(moment: datetime, zone: str) -> datetime:
    """The same moment on that zone's clocks."""
    return moment.astimezone(ZoneInfo(zone))


def clock_time(moment: datetime, zone: str) -> str:
    """``19.00 WIB``; the space between hour and zone never breaks."""
    return f"{local(moment, zone):%H.%M}\u00a0{zone_label(zone)}"


def weekday(moment: datetime, zone: str, language: str) -> str:
    """``Selasa``; language: id or en."""
    return _weekday(local(moment, zone).date(), "en_GB" if language == "en" else "id")


@lru_cache(maxsize=2048)
def _weekday(day: date, locale: str) -> str:
    return str(format_date(day, "EEEE", locale=locale))
