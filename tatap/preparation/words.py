"""The sentences that the page's program shows."""

from django.utils.translation import gettext as _


def words(other: str = "") -> dict[str, str]:
    return {"saved": _("Saved.")}
