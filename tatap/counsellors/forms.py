from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tatap.counsellors.actions import PHOTO_LIMIT, free_slug
from tatap.counsellors.domain.windows import Part, When, windows
from tatap.counsellors.models import (
    LENGTHS,
    Counsellor,
    Gender,
    Licence,
    Profession,
    Service,
    Specialisation,
    Term,
)
from tatap.counsellors.queries import terms
from tatap.counsellors.search import Wish

SORTS = [("soonest", _("First free time")), ("experience", _("Experience")), ("tariff", _("Tariff"))]
PRICES = [
    ("", _("Any")), ("0", _("Free")), ("100000", _("Up to Rp100.000")), ("200000", _("Up to Rp200.000")),
    ("300000", _("Up to Rp300.000")),
]
WHEN = [(When.TODAY, _("Today")), (When.TOMORROW, _("Tomorrow")), (When.WEEKEND, _("At the weekend"))]
PARTS = [
    ("", _("Any time of day")), (Part.MORNING, _("Morning")), (Part.NOON, _("Midday")),
    (Part.AFTERNOON, _("Afternoon")), (Part.EVENING, _("Evening")),
]
HIGHEST_TARIFF = 10_000_000  # rupiah


class WishForm(forms.Form):
    """The filters. A value that makes no sense is left out, never an error: filters live in shared links."""

    all_optional = True  # so that it need not be said at each

    kata = forms.CharField(max_length=80, required=False, label=_("Search"))
    urut = forms.ChoiceField(choices=SORTS, required=False, label=_("Sort by"))
    kapan = forms.MultipleChoiceField(
        choices=WHEN, required=False, label=_("When"), widget=forms.CheckboxSelectMultiple
    )
    waktu = forms.ChoiceField(choices=PARTS, required=False, label=_("Time of day"))
    gender = forms.ChoiceField(choices=[("", _("Any")), *Gender.choices], required=False, label=_("Counsellor is"))
    bahasa = forms.ChoiceField(required=False, label=_("Language"))
    harga = forms.ChoiceField(choices=PRICES, required=False, label=_("Tariff"))
    profesi = forms.ChoiceField(choices=[("", _("Any")), *Profession.choices], required=False, label=_("Profession"))
    cara = forms.ChoiceField(required=False, label=_("Approach"))
    iman = forms.BooleanField(required=False, label=_("Speaks about faith"))
    hal = forms.MultipleChoiceField(required=False, label=_("What about"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: QueryDict, *, now: datetime) -> None:
        super().__init__(data)
        self.terms: dict[str, str] = {}
        offered = terms(now=now)
        self._offer("hal", offered.specialisations, plain=True)
        self._offer("bahasa", offered.languages)
        self._offer("cara", offered.approaches)

    def _offer(self, name: str, terms: Iterable[Term], *, plain: bool = False) -> None:
        choices = [(term.slug, term.plain if plain else term.name) for term in terms]
        self.terms |= dict(choices)
        any_ = [] if plain else [("", _("Any"))]
        self.fields[name].choices = [*any_, *choices]  # type: ignore[attr-defined]

    def _some(self, name: str) -> list[str]:
        assert isinstance(self.data, QueryDict)
        known = {value for value, _label in self.fields[name].choices}  # type: ignore[attr-defined]
        return [value for value in self.data.getlist(name) if value in known]

    def wish(self, *, now: datetime, zone: str) -> Wish:
        self.is_valid()
        got: dict[str, Any] = self.cleaned_data
        part = Part(got["waktu"]) if got.get("waktu") else None
        return Wish(
            concerns=self._some("hal"),
            words=got.get("kata") or "",
            profession=got.get("profesi") or "",
            gender=got.get("gender") or "",
            language=got.get("bahasa") or "",
            approach=got.get("cara") or "",
            faith=bool(got.get("iman")),
            price=int(got["harga"]) if got.get("harga") else None,
            windows=windows(when=[When(v) for v in self._some("kapan")], part=part, now=now, zone=zone),
            sort=got.get("urut") or "soonest",
            names=self.terms,
        )


class ProfileForm(forms.ModelForm[Counsellor]):
    photo_file = forms.FileField(
        required=False,
        label=_("Photo"),
        help_text=_("Optional. JPEG, PNG or WebP, at most 2 MB."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    photo_gone = forms.BooleanField(required=False, label=_("Show my initials instead of the photo"))

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

    def clean_years(self) -> int:
        years = int(self.cleaned_data["years"])
        if years > 70:
            raise forms.ValidationError(_("At most 70 years."))
        return years

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
        help_texts = {"expires_on": _("Leave it empty if it is for life.")}
        widgets = {"expires_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class ServiceForm(forms.ModelForm[Service]):
    minutes = forms.TypedChoiceField(
        choices=[(n, str(n)) for n in LENGTHS], coerce=int, initial=50, label=_("Minutes")
    )

    class Meta:
        model = Service
        fields = ("kind", "minutes", "tariff", "active")
        labels = {"kind": _("Service"), "tariff": _("Tariff in rupiah"), "active": _("Offered")}

    def clean_tariff(self) -> int:
        tariff = int(self.cleaned_data["tariff"])
        if tariff > HIGHEST_TARIFF:
            raise forms.ValidationError(_("At most Rp10.000.000."))
        return tariff


ServiceForms = forms.inlineformset_factory(
    Counsellor, Service, form=ServiceForm, extra=1, max_num=6, validate_max=True, can_delete=False
)


class TermForm(forms.ModelForm[Specialisation]):
    """The same for each list; a list without words as people say them leaves those fields out."""

    class Meta:
        fields = ("name_id", "name_en", "plain_id", "plain_en", "also", "position")
        labels = {
            "name_id": _("Name, in Indonesian"), "name_en": _("Name, in English"),
            "plain_id": _("As people say it, in Indonesian"), "plain_en": _("As people say it, in English"),
            "also": _("Other words by which it is searched"), "position": _("Place in the list"),
        }

    def has_changed(self) -> bool:
        """The empty row has a place in the list already; without a name it is still empty."""
        new = not self.instance.pk
        return super().has_changed() and not (new and not any(self[name].data for name in self.Meta.fields[:-1]))

    def save(self, commit: bool = True) -> Any:
        if not self.instance.slug:
            self.instance.slug = free_slug(type(self.instance), self.cleaned_data["name_en"])
        return super().save(commit)


class TermForms(forms.BaseModelFormSet[Any, Any]):
    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:
            if form.instance.pk and form.instance.counsellors.exists():
                word = {"name": form.instance.name}
                raise forms.ValidationError(_("A counsellor uses “%(name)s”. Change it, or ask her to leave it out first.") % word)


def term_forms(model: type[Term], data: QueryDict | None) -> Any:
    """Every term of a list, and one empty row first."""
    kind = forms.modelformset_factory(
        model, form=TermForm, formset=TermForms, fields=TermForm.Meta.fields, extra=1, can_delete=True, can_delete_extra=False
    )
    return kind(data, queryset=model._default_manager.order_by("position", "slug"), prefix="kata")
