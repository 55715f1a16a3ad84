from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
FIGURES = ("rtt_ms", "jitter_ms", "loss", "down_kbit", "up_kbit", "noise_db", "light")
WORDS = {"camera": 20, "microphone": 20, "noise": 10, "path": 20}


class CheckInForm(forms.Form):
    where = forms.CharField(
        max_length=200, label=_("Where are you during the session"),
        help_text=_("Street and town. Only so that help can find you if something happens."),
    )
    number = forms.RegexField(
        r"^[0-9+ ().-]{6,25}$", label=_("A number to call if the line breaks"),
        error_messages={"invalid": _("This does not look like a telephone number. Digits and spaces are enough.")},
    )
    emergency_person = forms.CharField(max_length=80, label=_("Someone you trust"), help_text=_("A name and who it is."))
    emergency_number = forms.RegexField(
        r"^[0-9+ ().-]{2,25}$", label=_("Their number"),
        error_messages={"invalid": _("This does not look like a telephone number. Digits and spaces are enough.")},
    )
    alone = forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect, label=_("Can you be alone during the session"))
    headphones = forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect, label=_("Do you have headphones"))
    consent = forms.BooleanField(
        label=_("I agree to this session by video"),
        help_text=_("Nothing is recorded, by nobody. I may stop at any time. If I am in danger, my counsellor may call the people named here."),
        error_messages={"required": _("Without this the session cannot begin.")},
    )


def clean_device_report(data: Any) -> tuple[str, dict[str, Any]] | None:
    """(verdict, facts) out of a browser's report, or None where it is not one of ours."""
    if not isinstance(data, dict) or data.get("verdict") not in ("picture", "voice", "text"):
        return None
    facts_given = data.get("facts")
    got: dict[str, Any] = facts_given if isinstance(facts_given, dict) else {}
    facts: dict[str, Any] = {}
    for name in FIGURES:
        value = got.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9:
            facts[name] = round(float(value), 3)
    for name, longest in WORDS.items():
        value = got.get(name)
        if isinstance(value, str) and len(value) <= longest:
            facts[name] = value
    return str(data["verdict"]), facts
