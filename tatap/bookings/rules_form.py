"""The rules as a manager chooses them, and what is different between two versions in the same words."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tatap.bookings.models import Rules

DAY = 24 * 60
PAYING, CHANGING, LATE, LINE = (
    ("pay_within_minutes", "proof_opens_room"),
    ("move_until_hours", "refund_until_hours"),
    ("late_choice_minutes", "late_refund"),
    ("plan_after_minutes", "plan_caller", "plan_by", "lost_given", "lost_least_seconds"),
)


def length(minutes: int) -> str:
    """``45 minutes``, ``2 hours``, ``3 days``."""
    if minutes and minutes % DAY == 0:
        return ngettext("%(n)d day", "%(n)d days", minutes // DAY) % {"n": minutes // DAY}
    if minutes and minutes % 60 == 0:
        return ngettext("%(n)d hour", "%(n)d hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


def _before(hours: int) -> str:
    return _("%(length)s before it begins") % {"length": length(60 * hours)} if hours else _("Until it begins")


def _after(minutes: int) -> str:
    return _("After %(length)s") % {"length": length(minutes)}


def _at_least(seconds: int) -> str:
    if seconds == 0:
        return _("Every second counts")
    if seconds % 60 == 0:
        return length(seconds // 60)
    return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}


#: what is offered, and how it is said
STEPS: dict[str, tuple[tuple[int, ...], Any]] = {
    "pay_within_minutes": ((30, 60, 120, 180, 360, 720, DAY), length),
    "move_until_hours": ((0, 1, 2, 4, 6, 12, 24, 48, 72), _before),
    "refund_until_hours": ((0, 2, 6, 12, 24, 48, 72, 168), _before),
    "late_choice_minutes": ((5, 10, 15, 20, 30), _after),
    "plan_after_minutes": ((2, 3, 5, 10, 15), _after),
    "lost_least_seconds": ((0, 15, 30, 60, 120, 300), _at_least),
}


class RulesForm(forms.ModelForm[Rules]):
    class Meta:
        model = Rules
        fields = (*PAYING, *CHANGING, *LATE, *LINE)
        labels = {
            "pay_within_minutes": gettext_lazy("A seat is kept unpaid for"),
            "proof_opens_room": gettext_lazy("A session soon may begin on a proof that nobody has read yet"),
            "move_until_hours": gettext_lazy("A client may move a session until"),
            "refund_until_hours": gettext_lazy("Who cancels has all the money back until"),
            "late_choice_minutes": gettext_lazy("A client who waits may choose another time"),
            "late_refund": gettext_lazy("She may then have her money back as well"),
            "plan_after_minutes": gettext_lazy("Another way is tried"),
            "plan_caller": gettext_lazy("Who calls"),
            "plan_by": gettext_lazy("How"),
            "lost_given": gettext_lazy("Minutes that the line took"),
            "lost_least_seconds": gettext_lazy("Given back from"),
        }
        help_texts = {
            "proof_opens_room": gettext_lazy(
                "From twelve hours before the start, so that nobody has to be awake to confirm. The money is checked afterwards."
            ),
            "refund_until_hours": gettext_lazy("Where the practice cancels, always."),
            "plan_after_minutes": gettext_lazy("Where the two have agreed nothing else while preparing."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (steps, said) in STEPS.items():
            old, own = self.fields[name], getattr(self.instance, name)
            self.fields[name] = forms.TypedChoiceField(
                choices=[(step, said(step)) for step in sorted({*steps, own})],  # what was set by hand elsewhere stays
                coerce=int, label=old.label, help_text=old.help_text,
            )


def changes(before: Rules, after: Rules) -> list[tuple[str, str, str]]:
    """(what, how it was, how it is since)"""
    form = RulesForm(instance=after)
    return [
        (str(form.fields[name].label), _said(before, name), _said(after, name))
        for name in form.fields
        if getattr(before, name) != getattr(after, name)
    ]


def _said(rules: Rules, name: str) -> str:
    value = getattr(rules, name)
    if name in STEPS:
        return str(STEPS[name][1](value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(getattr(rules, f"get_{name}_display")())
