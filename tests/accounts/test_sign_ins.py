from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tatap.accounts import sign_ins
from tatap.accounts.sign_ins import SignIn

pytestmark = pytest.mark.django_db


def key_of(person: Any) -> str:
    browser = Client()
    browser.force_login(person)
    return str(browser.session.session_key)


def standing(person: Any) -> SignIn:
    found = sign_ins.standing(key=key_of(person), user_id=person.pk)
    assert found is not None
    return found


def test_standing_is_what_a_page_would_let_in(client_user: Any, other_client: Any) -> None:
    key = key_of(client_user)
    assert sign_ins.standing(key=key, user_id=client_user.pk) is not None
    assert sign_ins.standing(key=key, user_id=other_client.pk) is None
    assert sign_ins.standing(key="", user_id=client_user.pk) is None
    client_user.set_password("kalimat panjang yang baru")
    client_user.save()
    assert sign_ins.standing(key=key, user_id=client_user.pk) is None


def test_standing_survives_a_new_secret_key_and_leaves_the_cookie_as_it_is(client_user: Any, settings: Any) -> None:
    key = key_of(client_user)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "x" * 60, [settings.SECRET_KEY]
    found = sign_ins.standing(key=key, user_id=client_user.pk)
    assert found is not None
    assert sign_ins.ended([found]) == set()
    assert Session.objects.filter(session_key=key).exists()


def test_a_session_that_grew_old_ends_no_call(client_user: Any, now: Any) -> None:
    mine = standing(client_user)
    Session.objects.filter(session_key=mine.key).update(expire_date=now - timedelta(days=400))
    assert sign_ins.ended([mine]) == set()


def test_ended_are_those_whose_session_person_or_password_is_gone(
    client_user: Any, other_client: Any, manager: Any, django_assert_num_queries: Any
) -> None:
    stays, gone, barred, changed = (standing(p) for p in (client_user, client_user, other_client, manager))
    Session.objects.filter(session_key=gone.key).delete()
    other_client.is_active = False
    other_client.save()
    manager.set_password("kalimat panjang yang baru")
    manager.save()
    with django_assert_num_queries(2):
        assert sign_ins.ended({stays, gone, barred, changed}) == {gone, barred, changed}


def test_many_are_looked_up_by_the_hundred(client_user: Any, monkeypatch: Any, django_assert_num_queries: Any) -> None:
    held = [standing(client_user) for _ in range(3)]
    monkeypatch.setattr(sign_ins, "AT_ONCE", 2)
    with django_assert_num_queries(4):
        assert sign_ins.ended(held) == set()
