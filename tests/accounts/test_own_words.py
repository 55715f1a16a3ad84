"""The pages of the account that a library brings speak our words, in both languages, and do what they say."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tatap.notifications.models import Message

pytestmark = pytest.mark.django_db
PASSWORD = "teduh sekali sore ini"


@pytest.fixture(autouse=True)
def no_limits_from_the_test_before() -> None:
    cache.clear()


@pytest.fixture
def signed_in(client: Client, client_user: Any) -> Client:
    client_user.set_password(PASSWORD)
    client_user.save()
    client.post(reverse("account_login"), {"login": client_user.email, "password": PASSWORD})
    return client


def newest_code() -> str:
    found = re.search(r"^[A-Z0-9-]{6,9}$", Message.objects.latest("pk").text, re.MULTILINE)
    assert found is not None
    return found[0]


@pytest.mark.parametrize(
    ("name", "indonesian", "english"),
    [
        ("account_change_password", "Ganti kata sandi", "Change your password"),
        ("account_email", "Alamat surel Anda", "Your e-mail address"),
        ("account_reset_password", "Kata sandi baru", "A new password"),
        ("mfa_list_webauthn", "Kunci sandi saya", "My passkeys"),
    ],
)
def test_a_page_of_the_account_has_our_title(
    signed_in: Client, client_user: Any, name: str, indonesian: str, english: str
) -> None:
    assert f"<h1>{indonesian}</h1>" in signed_in.get(reverse(name)).content.decode()
    client_user.language = "en"
    client_user.save()
    assert f"<h1>{english}</h1>" in signed_in.get(reverse(name)).content.decode()


def test_a_new_address_holds_once_its_code_was_typed(signed_in: Client, client_user: Any) -> None:
    signed_in.post(reverse("account_email"), {"action_add": "", "email": "rumah@example.org"})
    client_user.refresh_from_db()
    assert client_user.email == "kirana@example.org"
    signed_in.post(reverse("account_email_verification_sent"), {"code": newest_code()})
    client_user.refresh_from_db()
    assert client_user.email == "rumah@example.org"
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["rumah@example.org"]


def test_a_wrong_old_password_is_said_at_its_field_and_changes_nothing(signed_in: Client, client_user: Any) -> None:
    answer = signed_in.post(
        reverse("account_change_password"),
        {"oldpassword": "bukan ini", "password1": "hujan sore di kota", "password2": "hujan sore di kota"},
    )
    assert 'aria-describedby="id_oldpassword-help id_oldpassword-error"' in answer.content.decode()
    client_user.refresh_from_db()
    assert client_user.check_password(PASSWORD)


def test_what_changes_signing_in_asks_who_it_is_and_then_leads_on(signed_in: Client) -> None:
    asked = signed_in.get(reverse("mfa_add_webauthn"), follow=True)
    assert "<h1>Masih Anda sendiri?</h1>" in asked.content.decode()
    onward = {"password": PASSWORD, "next": reverse("mfa_add_webauthn")}
    assert "<h1>Tambah kunci sandi</h1>" in signed_in.post(reverse("account_reauthenticate"), onward, follow=True).content.decode()


def test_a_letter_with_a_link_gives_a_new_password(client: Client, client_user: Any) -> None:
    client.post(reverse("account_reset_password"), {"email": client_user.email})
    found = re.search(r"/akun/password/reset/key/\S+", Message.objects.latest("pk").text)
    assert found is not None
    form = client.get(found[0], follow=True)
    client.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    client_user.refresh_from_db()
    assert client_user.check_password(PASSWORD)
    assert "Tautan ini sudah tidak berlaku" in Client().get(found[0], follow=True).content.decode()


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 11; SM-A127F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Linux; Android 9) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/23.0 Chrome/115.0 Mobile Safari/537.36", "Samsung Internet, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Windows"),
        ("curl", "Peramban yang tidak kami kenal"),
    ],
)
def test_a_device_is_named_as_one_would_say_it(user_agent: str, name: str) -> None:
    from tatap.accounts.templatetags.devices import device_of

    with translation.override("id"):
        assert device_of(user_agent) == name
