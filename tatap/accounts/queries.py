from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet
from django.db.models.signals import post_save

from tatap.accounts.models import ConsentText, Practice, Role, User
from tatap.lib.remembered import Remembered

WITH_SECOND_FACTOR = {Role.COUNSELLOR.value, Role.MANAGER.value}
#: for what stands around a page; whoever changes it reads the row itself
PRACTICE = Remembered(lambda: Practice.objects.first())
post_save.connect(PRACTICE.forget, sender=Practice)


def needs_second_factor(user: Any) -> bool:
    """Counsellors and managers, until they have set one up or while a manager's grace runs."""
    if not user.is_authenticated or user.role not in WITH_SECOND_FACTOR:
        return False
    if user.grace_until is not None:
        from tatap.lib import clock

        if clock.now() < user.grace_until:
            return False
    return not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def current_texts() -> list[ConsentText]:
    """The newest version of each kind, in the order in which the kinds first appeared."""
    newest: dict[str, ConsentText] = {}
    for text in ConsentText.objects.order_by("published_at", "pk"):
        newest[text.kind] = text
    return list(newest.values())


def missing_consents(person: User) -> list[ConsentText]:
    given = set(person.consents.filter(withdrawn_at__isnull=True).values_list("text_id", flat=True))
    return [text for text in current_texts() if text.required and text.pk not in given]


def people() -> QuerySet[User]:
    return User.objects.order_by("role", "email")
