"""Audit verbs as sentences; a verb without one is shown as it stands, so that nothing is hidden."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()


def _sentences() -> dict[str, str]:
    return {
        "card.opened": _("Opened the card"),
        "card.begun": _("Began the card"),
        "card.saved": _("Wrote in the card"),
        "note.begun": _("Began a private note of the session"),
        "checkin.seen": _("Read what you gave before the session"),
        "room.admitted": _("Let you into the session"),
        "room.ended": _("Ended the session"),
        "proof.seen": _("Looked at your proof of payment"),
        "payment.accepted": _("Confirmed your payment"),
        "payment.refused": _("Did not accept your proof of payment"),
        "refund.paid": _("Paid your money back"),
        "refund.not_due": _("Saw that no money is owed back"),
        "appointment.held": _("Kept a time for you"),
        "appointment.released": _("Let a time go that was not paid"),
        "appointment.confirmed": _("Confirmed your appointment"),
        "appointment.moved": _("Moved your appointment"),
        "appointment.cancelled": _("Cancelled your appointment"),
        "appointment.extended": _("Made your session longer"),
        "credit.given": _("Put lost minutes to your credit"),
        "credit.paid_out": _("Transferred your credit back"),
        "licence.checked": _("Checked your licence"),
        "licence.doubted": _("Took the check of your licence back"),
        "practice.hide_addresses": _("Changed whether internet addresses are hidden"),
        "absence.refunded": _("Gave your money back, since nobody came"),
        "absence.settled": _("Settled a session to which nobody came"),
        "second_factor.reset": _("Reset your second sign-in step"),
    }


@register.filter
def verb_in_words(verb: str) -> str:
    return _sentences().get(verb, verb)


@register.filter
def role_in_words(role: str) -> str:
    words = {"counsellor": _("counsellor"), "manager": _("manager"), "client": _("client"), "system": _("the program")}
    return words.get(role, role)


@register.filter
def subject_code(subject: str) -> str:
    return subject.partition(":")[2]
