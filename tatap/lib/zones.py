"""Indonesia's three zones and their names; none has summer time."""

from datetime import datetime
from zoneinfo import ZoneInfo

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
