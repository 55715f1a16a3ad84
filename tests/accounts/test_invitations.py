"""Somebody is invited to work in the practice."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tatap.accounts import invitations
from tatap.accounts.models import Invitation
from tatap.audit.models import Event
from tatap.notifications import tasks
from tatap.notifications.models import Message

pytestmark = pytest.mark.django_db
PAGE = "/praktik/undangan/"
NEW = {"do": "invite", "email": "Sekar@Example.org", "name": "Sekar", "language": "id"}


def invite(now: datetime, email: str = "sekar@example.org", **more: Any) -> Invitation:
    return invitations.invite(**{"email": email, "name": "Sekar", "language": "id", "by": None, "now": now, **more})


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> datetime:
    monkeypatch.setattr("tatap.lib.clock.now", lambda: now)
    return now


def address(row: Invitation) -> str:
    return reverse("accounts:invitation", args=[row.token])


def test_an_invited_person_gets_a_letter_with_the_link(client: Client, manager: Any, practice: Any, at: datetime) -> None:
    client.force_login(manager)
    assert client.post(PAGE, NEW).status_code == 302
    row, letter = Invitation.objects.get(), Message.objects.get()
    assert (row.email, row.role, row.name, letter.address) == ("sekar@example.org", "counsellor", "Sekar", "sekar@example.org")
    assert address(row) in letter.text and "Ruang Teduh" in letter.subject
    assert Event.objects.get(verb="invitation.sent").actor == str(manager.pk)


def test_the_letter_is_in_the_language_that_was_chosen(practice: Any, now: datetime) -> None:
    invite(now, language="en")
    assert "invites you" in Message.objects.get().text


def test_the_link_is_not_kept_once_it_is_sent(practice: Any, now: datetime) -> None:
    invite(now)
    tasks.deliver(Message.objects.get(), now)
    assert Message.objects.get().text == ""


def test_one_address_is_invited_once_and_what_was_typed_is_kept(client: Client, manager: Any, practice: Any, at: datetime) -> None:
    invite(at)
    client.force_login(manager)
    again = client.post(PAGE, {**NEW, "name": "Sekar Ayu"})
    assert (again.status_code, Invitation.objects.count()) == (422, 1)
    assert 'value="Sekar Ayu"' in again.content.decode()


@pytest.mark.parametrize(("who", "status"), [("counsellor", 422), ("client_user", 302)])
def test_who_works_here_already_is_not_invited_but_a_client_may_be(
    client: Client, manager: Any, practice: Any, request: pytest.FixtureRequest, who: str, status: int
) -> None:
    person = request.getfixturevalue(who)
    client.force_login(manager)
    assert client.post(PAGE, {**NEW, "email": getattr(person, "user", person).email}).status_code == status


@pytest.mark.parametrize("email", ["", "bukan alamat"])
def test_without_an_address_nothing_is_sent(client: Client, manager: Any, practice: Any, email: str) -> None:
    client.force_login(manager)
    assert client.post(PAGE, {**NEW, "email": email}).status_code == 422
    assert not Message.objects.exists()


def test_sent_again_the_same_link_stands_anew(client: Client, manager: Any, practice: Any, at: datetime) -> None:
    row = invite(at - timedelta(days=31))
    assert client.get(address(row)).status_code == 404
    client.force_login(manager)
    client.post(PAGE, {"do": "again", "invitation": row.pk})
    client.post(PAGE, {"do": "again", "invitation": row.pk})  # the button pressed twice
    assert [address(row) in letter.text for letter in Message.objects.all()] == [True, True]
    client.logout()
    assert client.get(address(row)).status_code == 200


def test_withdrawn_it_leads_nowhere_and_the_address_may_be_invited_anew(
    client: Client, manager: Any, client_user: Any, practice: Any, at: datetime
) -> None:
    row = invite(at, client_user.email)
    client.force_login(manager)
    client.post(PAGE, {"do": "withdraw", "invitation": row.pk})
    assert client.post(PAGE, {"do": "again", "invitation": row.pk}).status_code == 404
    assert invite(at, client_user.email).pk != row.pk
    client.force_login(client_user)
    assert client.post(address(row)).status_code == 404
    invitations.accept(invitation=row, person=client_user, now=at)
    assert client_user.role == "client"


def test_it_counts_for_its_address_alone(
    client: Client, client_user: Any, other_client: Any, practice: Any, at: datetime
) -> None:
    row = invite(at, client_user.email.upper())
    client.force_login(other_client)
    assert (client.get(address(row)).status_code, client.post(address(row)).status_code) == (404, 404)
    client.force_login(client_user)
    assert client.post(address(row)).status_code == 302
    client_user.refresh_from_db()
    assert (client_user.role, client_user.alias) == ("counsellor", "Kirana")
    assert client.get(address(row)).status_code == 302  # the old letter, and her second step comes first now


def test_it_counts_once(client_user: Any, now: datetime) -> None:
    row = invite(now, client_user.email)
    invitations.accept(invitation=row, person=client_user, now=now)
    client_user.role = "client"
    invitations.accept(invitation=row, person=client_user, now=now)
    assert client_user.role == "client"


def test_who_has_no_name_yet_gets_the_one_she_was_invited_by(client_user: Any, now: datetime) -> None:
    client_user.alias = ""
    invitations.accept(invitation=invite(now, client_user.email), person=client_user, now=now)
    assert client_user.alias == "Sekar"


def test_without_an_account_the_page_leads_to_one_and_back(client: Client, practice: Any, at: datetime) -> None:
    row = invite(at)
    page = client.get(address(row)).content.decode()
    assert f"/akun/signup/?email=sekar%40example.org&amp;next={address(row)}" in page
    form = client.get(f"/akun/signup/?email=sekar%40example.org&next={address(row)}").content.decode()
    assert 'value="sekar@example.org"' in form and f'value="{address(row)}"' in form
    assert client.post(address(row))["Location"].startswith("/akun/login/?next=")
    assert Invitation.objects.get().accepted_at is None


def test_the_list_says_what_became_of_each_letter_with_as_many_questions_for_three_as_for_one(
    client: Client, manager: Any, practice: Any, at: datetime
) -> None:
    client.force_login(manager)
    client.get(PAGE)  # what stands around every page is remembered from then on
    invite(at, "a@example.org")
    with CaptureQueriesContext(connection) as one:
        assert "dalam perjalanan" in client.get(PAGE).content.decode()
    lost = invite(at, "b@example.org")
    invite(at - timedelta(days=31), "c@example.org")
    Message.objects.filter(key=invitations.letter_key(lost)).update(failed_at=at)
    with CaptureQueriesContext(connection) as three:
        page = client.get(PAGE).content.decode()
    assert len(three) == len(one)
    assert "tidak dapat diantar" in page and "sudah berakhir" in page
