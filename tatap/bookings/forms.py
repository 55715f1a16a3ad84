from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tatap.bookings.domain.slots import Hours, clash
from tatap.bookings.models import Calendar, TimeOff, WeeklyHours
from tatap.counsellors.models import Counsellor

DAYS = [
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")),
    (5, _("Saturday")), (6, _("Sunday")),
]
RESTS = [
    (0, _("None")), (5, _("5 minutes")), (10, _("10 minutes")), (15, _("15 minutes")), (20, _("20 minutes")),
    (30, _("30 minutes")), (45, _("45 minutes")), (60, _("1 hour")),
]
NOTICES = [
    (0, _("Until it begins")), (30, _("30 minutes before")), (60, _("1 hour before")), (120, _("2 hours before")),
    (240, _("4 hours before")), (720, _("12 hours before")), (1440, _("1 day before")), (2880, _("2 days before")),
]
STEPS = [
    (15, _("Every quarter of an hour")), (20, _("Every 20 minutes")), (30, _("Every half hour")),
    (60, _("Every full hour")),
]


class CalendarForm(forms.ModelForm[Calendar]):
    buffer_minutes = forms.TypedChoiceField(choices=RESTS, coerce=int, label=_("Rest after each session"))
    notice_minutes = forms.TypedChoiceField(choices=NOTICES, coerce=int, label=_("New bookings are possible"))
    step_minutes = forms.TypedChoiceField(choices=STEPS, coerce=int, label=_("Sessions may begin"))

    class Meta:
        model = Calendar
        fields = ("buffer_minutes", "notice_minutes", "step_minutes", "horizon_days")
        labels = {"horizon_days": _("How many days ahead one may book")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("buffer_minutes", "notice_minutes", "step_minutes"):
            own, field = getattr(self.instance, name), self.fields[name]
            offered = list(field.choices)  # type: ignore[attr-defined]
            if own not in dict(offered):  # set by hand elsewhere: it stays as it is unless changed here
                field.choices = sorted([*offered, (own, str(own))])  # type: ignore[attr-defined]

    def clean_horizon_days(self) -> int:
        days = int(self.cleaned_data["horizon_days"])
        if not 1 <= days <= 120:
            raise forms.ValidationError(_("Between 1 and 120 days."))
        return days


class HoursForm(forms.ModelForm[WeeklyHours]):
    """An end that is earlier than the beginning lies after midnight."""

    weekday = forms.TypedChoiceField(choices=DAYS, coerce=int, label=_("Day"))

    class Meta:
        model = WeeklyHours
        fields = ("weekday", "start", "end")
        labels = {"start": _("From"), "end": _("Until")}
        widgets = {
            "start": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "end": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def __init__(self, *args: Any, counsellor: Counsellor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.counsellor = counsellor

    def clean(self) -> dict[str, Any]:
        got = super().clean() or {}
        day, start, end = got.get("weekday"), got.get("start"), got.get("end")
        if day is None or start is None or end is None:
            return got
        if start == end and start.hour + start.minute:
            self.add_error("end", _("This ends when it begins."))
            return got
        others = [Hours(row.weekday, row.start, row.end) for row in self.counsellor.weekly_hours.all()]
        met = clash(Hours(day, start, end), others)
        if met is not None:
            self.add_error(
                "start",
                _("You already have %(day)s %(start)s–%(end)s. Take that away first, or choose hours beside it.")
                % {"day": dict(DAYS)[met.weekday], "start": f"{met.start:%H.%M}", "end": f"{met.end:%H.%M}"},
            )
        return got


class TimeOffForm(forms.ModelForm[TimeOff]):
    """Typed on the counsellor's own clocks."""

    class Meta:
        model = TimeOff
        fields = ("start", "end", "note")
        labels = {"start": _("From"), "end": _("Until"), "note": _("Note, for you alone")}
        widgets = {
            "start": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "end": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        }

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean(self) -> dict[str, Any]:
        got = super().clean() or {}
        start, end = got.get("start"), got.get("end")
        if start and end and end <= start:
            self.add_error("end", _("This must be later than the beginning."))
        elif end and end <= self.now:
            self.add_error("end", _("This is already over."))
        return got
