"""A browser's long name for itself, as a person would say it."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()

# The order counts: most browsers also claim to be the ones further down.
BROWSERS = (
    ("SamsungBrowser", "Samsung Internet"), ("EdgA", "Edge"), ("Edg", "Edge"), ("OPR", "Opera"), ("UCBrowser", "UC Browser"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"), ("Linux", "Linux"),
)


@register.filter
def device_of(user_agent: str) -> str:
    """``Chrome, Android``."""
    browser = next((name for mark, name in BROWSERS if f"{mark}/" in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return ", ".join(name for name in (browser, system) if name) or _("A browser we do not know")
