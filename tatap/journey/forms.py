from datetime import datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from tatap.counsellors.models import Counsellor, Service


class MomentField(forms.CharField):
    """A moment with its zone, as ISO 8601."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        moment = parse_datetime(text.replace(" ", "+")) if text else None
        if text and (moment is None or moment.tzinfo is None):
            raise forms.ValidationError(_("Choose one of the times."))
        return moment


class ChoiceForm(forms.Form):
    """What was chosen so far: the service, and perhaps the time."""

    service = forms.ModelChoiceField(queryset=Service.objects.none(), required=False)
    start = MomentField(required=False)

    def __init__(self, *args: Any, counsellor: Counsellor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = counsellor.services.filter(active=True)  # type: ignore[attr-defined]

    @property
    def chosen(self) -> tuple[Service | None, datetime | None]:
        self.is_valid()
        return self.cleaned_data.get("service"), self.cleaned_data.get("start")


class TimeForm(forms.Form):
    start = MomentField(error_messages={"required": _("Choose one of the times.")})
