import re
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tatap.accounts import queries
from tatap.accounts.models import Consent, User
from tatap.lib import clock
from tatap.notifications.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_limits_from_the_test_before() -> None:
    cache.clear()


def sign_up(client: Client, **more: Any) -> Any:
    consents = {f"consent_{text.pk}": "on" for text in queries.current_texts()}
    facts = {"email": "baru@example.org", "alias": "Embun", "zone": "Asia/Makassar", **consents, **more}
    return client.post(reverse("account_signup"), facts)


def code() -> str:
    found = re.search(r"^[A-Z0-9-]{6,9}$", Message.objects.latest("pk").text, re.MULTILINE)
    assert found is not None
    return found[0]


def test_an_account_without_a_password_in_two_steps(client: Client) -> None:
    assert sign_up(client).status_code == 302
    client.post(reverse("account_email_verification_sent"), {"code": code()})
    user = User.objects.get(email="baru@example.org")
    assert (user.alias, user.zone, user.role) == ("Embun", "Asia/Makassar", "client")
    assert Consent.objects.filter(person=user, withdrawn_at=None).count() == 3
    assert client.get(reverse("journey:sessions")).status_code == 200


def test_a_role_cannot_be_chosen(client: Client) -> None:
    sign_up(client, role="manager", is_staff="on")
    assert User.objects.get(email="baru@example.org").role == "client"


def test_without_a_consent_nothing_is_made_and_what_was_typed_stays(client: Client) -> None:
    answer = sign_up(client, **{f"consent_{queries.current_texts()[0].pk}": ""})
    assert User.objects.count() == 0
    assert 'value="Embun"' in answer.content.decode()


def test_the_letter_with_a_code_waits_in_the_outbox(client: Client) -> None:
    sign_up(client)
    letter = Message.objects.get()
    assert (letter.address, letter.subject, letter.done_at) == ("baru@example.org", "Kode Anda", None)
    assert "user " not in letter.text


def test_a_code_signs_in(client: Client, client_user: Any) -> None:
    client.post(reverse("account_request_login_code"), {"email": client_user.email})
    answer = client.post(reverse("account_confirm_login_code"), {"code": code()})
    assert answer["Location"] == reverse("journey:sessions")


def test_a_wrong_code_five_times_is_said_kindly(client: Client, client_user: Any) -> None:
    client.post(reverse("account_request_login_code"), {"email": client_user.email})
    answers = [client.post(reverse("account_confirm_login_code"), {"code": "WRONG1"}, follow=True) for _ in range(5)]
    assert "Ini bukan kode yang kami kirim" in answers[0].content.decode()
    assert "Mintalah yang baru" in answers[-1].content.decode()


def test_signing_out_leaves_nothing_on_a_shared_phone(client: Client, client_user: Any) -> None:
    client.force_login(client_user)
    answer = client.post(reverse("account_logout"))
    assert answer["Clear-Site-Data"] == '"cache", "storage"'


def test_signing_out_everywhere_ends_the_other_device_too(client_user: Any) -> None:
    one, two = Client(), Client()
    one.force_login(client_user)
    two.force_login(client_user)
    one.post(reverse("accounts:sign_out_everywhere"))
    assert two.get(reverse("accounts:settings")).status_code == 302


def test_pages_of_signing_in_open_in_both_languages(client: Client) -> None:
    for language, words in (("id", "Kirimi saya kode"), ("en", "Send me the code")):
        client.cookies["bahasa"] = language
        assert words in client.get(reverse("account_request_login_code")).content.decode()


@pytest.fixture
def bare_manager(db: None) -> Any:
    return User.objects.create_user("baru-manajer@example.org", role="manager")


def test_a_manager_sets_up_a_second_step_before_anything_else(client: Client, bare_manager: Any) -> None:
    client.force_login(bare_manager)
    assert client.get(reverse("accounts:people")).headers["Location"] == reverse("mfa_activate_totp")


def test_a_reset_lets_her_in_at_once_and_for_a_while(client: Client, counsellor: Any, manager: Any) -> None:
    client.force_login(manager)
    client.post(reverse("accounts:people"), {"person": counsellor.user.pk})
    user = User.objects.get(pk=counsellor.user.pk)
    assert queries.needs_second_factor(user) is False
    client.force_login(user)
    assert client.get(reverse("accounts:settings")).status_code == 200
    user.grace_until = clock.now() - timedelta(minutes=1)
    assert queries.needs_second_factor(user) is True


def test_settings_follow_the_person_and_not_the_cookie(client: Client, client_user: Any, now: datetime) -> None:
    client.force_login(client_user)
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    client_user.refresh_from_db()
    assert client_user.language == "en"
    client.cookies["bahasa"] = "id"
    assert "My account" in client.get(reverse("accounts:settings")).content.decode()


def test_setting_it_up_shows_recovery_codes_and_opens_the_house(
    client: Client, bare_manager: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    EmailAddress.objects.create(user=bare_manager, email=bare_manager.email, verified=True, primary=True)
    client.post(reverse("account_request_login_code"), {"email": bare_manager.email})
    client.post(reverse("account_confirm_login_code"), {"code": code()})
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    found = re.search(r'<code class="strong">(\w+)</code>', page)
    assert found is not None
    digits = format_hotp_value(hotp_value(found[1], int(time.time()) // 30))
    monkeypatch.setattr("django.db.transaction.on_commit", lambda function: function())  # the test never commits
    answer = client.post(reverse("mfa_activate_totp"), {"code": digits}, follow=True)
    assert answer.content.decode().count('<code class="strong">') == 10
    assert client.get(reverse("accounts:people")).status_code == 200


def test_the_second_step_is_asked_for_after_the_code(client: Client, counsellor: Any) -> None:
    client.post(reverse("account_request_login_code"), {"email": counsellor.user.email})
    answer = client.post(reverse("account_confirm_login_code"), {"code": code()}, follow=True)
    assert "Langkah kedua" in answer.content.decode()
    assert client.get(reverse("accounts:settings")).status_code == 302
