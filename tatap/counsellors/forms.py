from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tatap.counsellors.actions import PHOTO_LIMIT
from tatap.counsellors.models import (
    Approach,
    Counsellor,
    Gender,
    Language,
    Licence,
    Profession,
    Service,
    Specialisation,
)
from tatap.counsellors.queries import Wish

SORTS = [("soonest", _("First free time")), ("experience", _("Experience")), ("tariff", _("Tariff"))]
PRICES = [("", _("Any")), ("0", _("Free")), ("100000", "≤ Rp100.000"), ("200000", "≤ Rp200.000")]


class WishForm(forms.Form):
    """The filters. A value that makes no sense is left out, never an error: filters live in shared links."""

    hal = forms.ModelMultipleChoiceField(
        Specialisation.objects.all(), to_field_name="slug", required=False, label=_("What about"),
        widget=forms.CheckboxSelectMultiple,
    )
    kata = forms.CharField(max_length=80, required=False, label=_("Search"))
    profesi = forms.ChoiceField(choices=[("", _("Any")), *Profession.choices], required=False, label=_("Profession"))
    gender = forms.ChoiceField(choices=[("", _("Any")), *Gender.choices], required=False, label=_("Counsellor is"))
    bahasa = forms.ModelChoiceField(
        Language.objects.all(), to_field_name="slug", required=False, label=_("Language"), empty_label=_("Any")
    )
    cara = forms.ModelChoiceField(
        Approach.objects.all(), to_field_name="slug", required=False, label=_("Approach"), empty_label=_("Any")
    )
    iman = forms.BooleanField(required=False, label=_("Speaks about faith"))
    harga = forms.ChoiceField(choices=PRICES, required=False, label=_("Tariff"))
    urut = forms.ChoiceField(choices=SORTS, required=False, label=_("Sort by"))

    def wish(self) -> Wish:
        self.is_valid()
        got: dict[str, Any] = self.cleaned_data
        return Wish(
            concerns=[term.slug for term in got.get("hal") or []],
            words=got.get("kata") or "",
            profession=got.get("profesi") or "",
            gender=got.get("gender") or "",
            language=got["bahasa"].slug if got.get("bahasa") else "",
            approach=got["cara"].slug if got.get("cara") else "",
            faith=bool(got.get("iman")),
            price=int(got["harga"]) if got.get("harga") else None,
            sort=got.get("urut") or "soonest",
        )


class ProfileForm(forms.ModelForm[Counsellor]):
    photo_file = forms.FileField(required=False, label=_("Photo"), help_text=_("Optional. JPEG, PNG or WebP, at most 2 MB."))

    class Meta:
        model = Counsellor
        fields = (
            "name", "short_name", "profession", "gender", "town", "years", "education", "says_id", "says_en",
            "about_id", "about_en", "faith", "specialisations", "approaches", "languages", "accepting",
        )
        labels = {
            "name": _("Name with title"), "short_name": _("As clients call you"), "profession": _("Profession"),
            "gender": _("You are"), "town": _("Town"), "years": _("Years of experience"),
            "education": _("Education"), "says_id": _("One sentence to your reader, in Indonesian"),
            "says_en": _("One sentence to your reader, in English"), "about_id": _("About you, in Indonesian"),
            "about_en": _("About you, in English"), "faith": _("Faith you speak from, if you wish"),
            "specialisations": _("What you help with"), "approaches": _("How you work"),
            "languages": _("Languages"), "accepting": _("New bookings are welcome"),
        }
        widgets = {
            "specialisations": forms.CheckboxSelectMultiple, "approaches": forms.CheckboxSelectMultiple,
            "languages": forms.CheckboxSelectMultiple,
        }

    def clean_photo_file(self) -> Any:
        upload = self.cleaned_data.get("photo_file")
        if upload and upload.size > PHOTO_LIMIT:
            raise forms.ValidationError(_("This photo is larger than 2 MB. Choose a smaller one."))
        return upload


class LicenceForm(forms.ModelForm[Licence]):
    class Meta:
        model = Licence
        fields = ("kind", "number", "expires_on")
        labels = {"kind": _("Kind"), "number": _("Number"), "expires_on": _("Valid until")}
        widgets = {"expires_on": forms.DateInput(attrs={"type": "date"})}


SERVICE_LABELS: dict[str, Any] = {
    "kind": _("Service"), "minutes": _("Minutes"), "tariff": _("Tariff in rupiah"), "active": _("Offered")
}
ServiceForms = forms.inlineformset_factory(
    Counsellor, Service, fields=("kind", "minutes", "tariff", "active"), extra=1, max_num=6, can_delete=False,
    labels=SERVICE_LABELS,
)
