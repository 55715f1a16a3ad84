"""Days and hours as a reader sees them: her zone unless another is given, the zone always named."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel.dates import format_date
from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tatap.lib import zones

register = template.Library()


def _zone(context: Any, zone: str) -> str:
    if zone:
        return zone
    request = context.get("request")
    return str(getattr(request, "zone", zones.DEFAULT))


def _locale() -> str:
    return "en_GB" if get_language() == "en" else "id"


@register.simple_tag(takes_context=True)
def day(context: Any, moment: datetime, zone: str = "", form: str = "EEEE, d MMMM") -> str:
    """``Selasa, 24 November``; ``form``: by CLDR's letters, as ``d MMMM y`` where the year matters."""
    return _day(zones.local(moment, _zone(context, zone)).date(), form, _locale())


@lru_cache(maxsize=2048)
def _day(day: date, form: str, locale: str) -> str:
    return str(format_date(day, form, locale=locale))


@register.simple_tag(takes_context=True)
def hour(context: Any, moment: datetime, zone: str = "") -> str:
    """``19.00 WIB``."""
    return zones.clock_time(moment, _zone(context, zone))


@register.simple_tag(takes_context=True)
def hours(context: Any, start: datetime, end: datetime, zone: str = "") -> str:
    """``19.00–19.50``: for lists that name their zone once."""
    where = _zone(context, zone)
    return f"{zones.local(start, where):%H.%M}–{zones.local(end, where):%H.%M}"


@register.simple_tag(takes_context=True)
def clock(context: Any, moment: datetime, zone: str = "") -> str:
    """``19.00``: where the zone stands right beside it in smaller type."""
    return f"{zones.local(moment, _zone(context, zone)):%H.%M}"


@register.filter
def by_part(moments: list[datetime], zone: str) -> list[tuple[str, list[datetime]]]:
    """One day's times under the parts of the day as people name them; parts without a time are left out."""
    names = ((11, _("Morning")), (15, _("Midday")), (18, _("Afternoon")), (24, _("Evening")))
    parts: dict[str, list[datetime]] = {}
    for moment in moments:
        name = next(name for end, name in names if zones.local(moment, zone).hour < end)
        parts.setdefault(name, []).append(moment)
    return list(parts.items())


@register.filter
def weekday(moment: datetime, zone: str) -> str:
    return zones.weekday(moment, zone, get_language() or "id")


@register.filter
def hour_in(moment: datetime, zone: str) -> str:
    return zones.clock_time(moment, zone)


@register.filter
def zone_name(zone: str) -> str:
    return zones.zone_label(zone)
