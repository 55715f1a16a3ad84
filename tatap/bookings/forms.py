from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tatap.bookings.models import Calendar, TimeOff, WeeklyHours

DAYS = [
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")),
    (5, _("Saturday")), (6, _("Sunday")),
]


class CalendarForm(forms.ModelForm[Calendar]):
    class Meta:
        model = Calendar
        fields = ("buffer_minutes", "notice_minutes", "horizon_days", "step_minutes")
        labels = {
            "buffer_minutes": _("Minutes of rest after each session"),
            "notice_minutes": _("How many minutes ahead one must book"),
            "horizon_days": _("How many days ahead one may book"),
            "step_minutes": _("Starts every so many minutes"),
        }

    def clean_step_minutes(self) -> int:
        step = int(self.cleaned_data["step_minutes"])
        if step not in {5, 10, 15, 20, 30, 60}:
            raise forms.ValidationError(_("5, 10, 15, 20, 30 or 60 minutes."))
        return step

    def clean_horizon_days(self) -> int:
        days = int(self.cleaned_data["horizon_days"])
        if not 1 <= days <= 120:
            raise forms.ValidationError(_("Between 1 and 120 days."))
        return days


class HoursForm(forms.ModelForm[WeeklyHours]):
    weekday = forms.TypedChoiceField(choices=DAYS, coerce=int, label=_("Day"))

    class Meta:
        model = WeeklyHours
        fields = ("weekday", "start", "end")
        labels = {"start": _("From"), "end": _("Until")}
        widgets = {
            "start": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "end": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def clean(self) -> dict[str, Any]:
        got = super().clean() or {}
        if got.get("start") and got.get("start") == got.get("end"):
            self.add_error("end", _("This ends when it begins."))
        return got


class TimeOffForm(forms.ModelForm[TimeOff]):
    """Typed on the counsellor's own clocks."""

    class Meta:
        model = TimeOff
        fields = ("start", "end", "note")
        labels = {"start": _("From"), "end": _("Until"), "note": _("Note, for you alone")}
        widgets = {
            "start": forms.DateTimeInput(attrs={"type": "datetime-local"}),
            "end": forms.DateTimeInput(attrs={"type": "datetime-local"}),
        }

    def clean(self) -> dict[str, Any]:
        got = super().clean() or {}
        if got.get("start") and got.get("end") and got["end"] <= got["start"]:
            self.add_error("end", _("This must be later than the beginning."))
        return got
