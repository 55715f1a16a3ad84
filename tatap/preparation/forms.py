from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tatap.preparation.domain.plan import USUAL, Caller, Plan, Way

NUMBER = r"^[0-9+ ().-]{6,25}$"
WRONG_NUMBER = _("This does not look like a telephone number. Digits and spaces are enough.")
WAYS = [
    (Way.PHONE.value, _("By telephone")),
    (Way.WHATSAPP.value, _("By WhatsApp")),
    (Way.PLATFORM.value, _("On another platform")),
]
CALLERS = [(Caller.COUNSELLOR.value, _("My counsellor calls me")), (Caller.CLIENT.value, _("I call my counsellor"))]
AFTER = (2, 5, 10)  # minutes
YES_NO = [("yes", _("Yes")), ("no", _("No"))]
FIGURES = ("rtt_ms", "jitter_ms", "loss", "down_kbit", "up_kbit", "noise_db", "light", "level", "mb", "burst")
LEVELS = (0, 1, 2, 3, 4, 5)  # text, spoken notes, voice, stills, small picture, picture
WORDS = {"camera": 20, "microphone": 20, "noise": 10, "path": 20, "route": 10, "by": 10, "where": 10, "fixes": 60}


class CheckInForm(forms.Form):
    where = forms.CharField(
        max_length=200, label=_("Where are you during the session"),
        help_text=_("Street and town. Only so that help can find you if something happens."),
    )
    number = forms.RegexField(
        NUMBER, label=_("A number to call if the line breaks"),
        error_messages={"invalid": WRONG_NUMBER},
    )
    emergency_person = forms.CharField(max_length=80, label=_("Someone you trust"), help_text=_("A name and who it is."))
    emergency_number = forms.RegexField(
        r"^[0-9+ ().-]{2,25}$", label=_("Their number"),
        error_messages={"invalid": WRONG_NUMBER},
    )
    alone = forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect, label=_("Can you be alone during the session"))
    headphones = forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect, label=_("Do you have headphones"))
    plan_caller = forms.ChoiceField(
        choices=CALLERS, widget=forms.RadioSelect, required=False, label=_("If the line is gone: who calls"),
        help_text=_("You both see this in the room as soon as the line is gone, also without internet."),
    )
    plan_after = forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect, required=False, label=_("After how long"))
    plan_by = forms.ChoiceField(choices=WAYS, widget=forms.RadioSelect, required=False, label=_("How you reach each other"))
    plan_where = forms.CharField(
        max_length=200, required=False, label=_("Which other platform"),
        help_text=_("Only for another platform: its address or its name, and yours there."),
    )
    consent = forms.BooleanField(
        label=_("I agree to this session by video"),
        help_text=_("Nothing is recorded, by nobody. I may stop at any time. If I am in danger, my counsellor may call the people named here."),
        error_messages={"required": _("Without this the session cannot begin.")},
    )

    def __init__(self, *args: Any, plan: Plan = USUAL, **kwargs: Any) -> None:
        """``plan``: what holds until something else is chosen."""
        super().__init__(*args, **kwargs)
        self.plan = plan
        caller, after, by = self.fields["plan_caller"], self.fields["plan_after"], self.fields["plan_by"]
        minutes = sorted({*AFTER, plan.after})
        after.choices = [(n, ngettext("%(n)s minute", "%(n)s minutes", n) % {"n": n}) for n in minutes]  # type: ignore[attr-defined]
        caller.initial, after.initial, by.initial = plan.caller, plan.after, plan.by
        if not plan.counsellor_number and plan.caller == Caller.COUNSELLOR:
            caller.choices = CALLERS[:1]  # type: ignore[attr-defined]  # nobody is asked to call a number that is not there

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        given["plan_caller"] = given.get("plan_caller") or self.plan.caller
        given["plan_after"] = given.get("plan_after") or self.plan.after
        given["plan_by"] = given.get("plan_by") or self.plan.by
        if given["plan_by"] == Way.PLATFORM and not given.get("plan_where") and "plan_where" not in self.errors:
            self.add_error("plan_where", _("Say which platform, so that you both look in the same place."))
        return given


class ReachForm(forms.Form):
    number = forms.RegexField(
        NUMBER, required=False, label=_("A number your clients may call if the line breaks"),
        help_text=_("Only clients who agree to call you see it, and only in the room. Leave it empty to call them yourself."),
        error_messages={"invalid": WRONG_NUMBER},
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
    if facts.get("level") not in LEVELS:
        facts.pop("level", None)
    for name, longest in WORDS.items():
        value = got.get(name)
        if isinstance(value, str) and len(value) <= longest:
            facts[name] = value
    return str(data["verdict"]), facts
