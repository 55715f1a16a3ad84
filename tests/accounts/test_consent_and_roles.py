from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tatap.accounts import actions, queries
from tatap.accounts.models import Consent, Invitation
from tatap.audit.models import Event

pytestmark = pytest.mark.django_db


def test_given_twice_stands_once(client_user: Any, now: datetime) -> None:
    text = queries.current_texts()[0]
    first = actions.give_consent(person=client_user, text=text, language="id", now=now)
    assert actions.give_consent(person=client_user, text=text, language="id", now=now) == first


def test_withdrawn_is_kept_with_its_moment_and_missing_again(client_user: Any, now: datetime) -> None:
    text = queries.current_texts()[0]
    given = actions.give_consent(person=client_user, text=text, language="id", now=now)
    actions.withdraw_consent(consent=given, by=client_user, now=now)
    assert Consent.objects.get().withdrawn_at == now
    assert text in queries.missing_consents(client_user)
    assert Event.objects.filter(verb="consent.withdrawn").count() == 1


def test_nobody_withdraws_for_another(client: Client, client_user: Any, other_client: Any, now: datetime) -> None:
    text = queries.current_texts()[0]
    given = actions.give_consent(person=client_user, text=text, language="id", now=now)
    client.force_login(other_client)
    answer = client.post(reverse("accounts:consent"), {"id": given.pk, "do": "withdraw"})
    assert (answer.status_code, Consent.objects.get().withdrawn_at) == (404, None)


def test_an_invitation_counts_for_its_address_alone(
    client: Client, client_user: Any, other_client: Any, now: datetime
) -> None:
    invitation = Invitation.objects.create(email=client_user.email.upper(), role="counsellor", created_at=now)
    page = reverse("accounts:invitation", args=[invitation.token])
    client.force_login(other_client)
    assert client.post(page).status_code == 404
    client.force_login(client_user)
    client.post(page)
    client_user.refresh_from_db()
    assert client_user.role == "counsellor"
    assert client.post(page).status_code == 302  # her second step comes first now


def test_an_invitation_counts_once(client_user: Any, now: datetime) -> None:
    invitation = Invitation.objects.create(email=client_user.email, role="manager", created_at=now, accepted_at=now)
    actions.accept_invitation(invitation=invitation, person=client_user, now=now)
    assert client_user.role == "client"


@pytest.mark.parametrize("who", ["client_user", "counsellor"])
def test_only_a_manager_resets_a_second_step(client: Client, request: pytest.FixtureRequest, who: str) -> None:
    person = request.getfixturevalue(who)
    client.force_login(getattr(person, "user", person))
    assert client.post(reverse("accounts:people"), {"person": 1}).status_code == 404


def test_history_is_neither_changed_nor_deleted(client_user: Any, now: datetime) -> None:
    actions.give_consent(person=client_user, text=queries.current_texts()[0], language="id", now=now)
    event = Event.objects.get()
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()
