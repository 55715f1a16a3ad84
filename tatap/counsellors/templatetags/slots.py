"""A free time as a link. Written here and not as a template, since a page of the directory has three dozen."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tatap.counsellors.models import Counsellor, Service
from tatap.lib import zones

register = template.Library()
WHOLE = '<a class="slot" href="{}?{}"><span>{}</span><b>{} <i>{}</i></b><span class="vh"> {}</span></a>'
BARE = '<a class="slot" href="{}?{}"><span><span class="vh">{}</span></span><b>{} <i>{}</i></b><span class="vh"> {}</span></a>'


@register.simple_tag(takes_context=True)
def slot(context: Any, person: Counsellor, service: Service, start: datetime, bare: bool = False) -> SafeString:
    """Leads to the booking with the choice made. ``bare``: the day stands above already, so only a screen reader
    hears it again."""
    zone = str(getattr(context.get("request"), "zone", zones.DEFAULT))
    return format_html(
        BARE if bare else WHOLE,
        reverse("journey:book", args=[person.slug]),
        urlencode({"service": service.pk, "start": start.isoformat()}),
        zones.weekday(start, zone, get_language() or "id"),
        f"{zones.local(start, zone):%H.%M}",
        zones.zone_label(zone),
        _("with %(name)s") % {"name": person.short_name},
    )
