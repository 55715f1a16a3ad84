from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tatap.accounts import actions, queries
from tatap.accounts.models import LANGUAGES, ConsentText, Practice, User, Zone
from tatap.lib import clock


class SignupForm(forms.Form):
    """What we ask beyond the address: an alias if wished, the zone, and each consent by itself."""

    field_order = ("email", "password1", "alias", "zone")

    alias = forms.CharField(
        max_length=40, required=False, label=_("What may we call you"), help_text=_("Any name that feels right. Others see only this.")
    )
    zone = forms.ChoiceField(choices=Zone.choices, initial=Zone.WIB.value, label=_("Your time zone"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for text in queries.current_texts():
            self.fields[f"consent_{text.pk}"] = ConsentField(text)

    def signup(self, request: Any, user: User) -> None:
        user.alias = self.cleaned_data["alias"]
        user.zone = self.cleaned_data["zone"]
        user.language = get_language() or "id"
        user.save(update_fields=["alias", "zone", "language"])
        for text in queries.current_texts():
            if self.cleaned_data.get(f"consent_{text.pk}"):
                actions.give_consent(person=user, text=text, language=user.language, now=clock.now())


class ConsentField(forms.BooleanField):
    def __init__(self, text: ConsentText) -> None:
        english = get_language() == "en"
        super().__init__(
            required=text.required,
            label=text.title_en if english else text.title_id,
            help_text=text.text_en if english else text.text_id,
            error_messages={"required": _("Without this one we cannot offer sessions. You can withdraw it later.")},
        )


class SettingsForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ("alias", "language", "zone", "hide_address")
        labels = {
            "alias": _("What may we call you"), "language": _("Language"), "zone": _("Your time zone"),
            "hide_address": _("Hide my internet address from the other side"),
        }
        help_texts = {
            "alias": _("Any name that feels right. Others see only this."),
            "hide_address": _(
                "In a call the two devices usually speak directly and so learn each other's internet address, which "
                "can tell the town and the provider. With this, sound and picture go through the practice's relay "
                "for both of you. It may take a little longer."
            ),
        }

    def __init__(self, *args: Any, relay: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not relay:
            self.fields["hide_address"].help_text = _(
                "This practice has no relay, so the address cannot be hidden at present. Your wish is kept and counts as "
                "soon as there is one."
            )


class PracticeConnectionForm(forms.ModelForm[Practice]):
    class Meta:
        model = Practice
        fields = ("hide_addresses",)
        labels = {"hide_addresses": _("Hide internet addresses in every session")}
        help_texts = {
            "hide_addresses": _(
                "All sound and picture then goes through the relay, which carries up to 2 GB for an hour with a good "
                "picture. Otherwise each person decides in their own account."
            )
        }


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), help_text=_("She signs in with it. Only who reads its letters can accept."))
    name = forms.CharField(max_length=40, required=False, label=_("Name"), help_text=_("As you call her. She can change it."))
    language = forms.ChoiceField(choices=LANGUAGES, initial="id", label=_("Language of the letter"))
