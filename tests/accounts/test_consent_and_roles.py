from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tatap.accounts import actions, queries
from tatap.accounts.models import Consent
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


def test_who_withdrew_a_required_consent_is_asked_before_the_next_booking_and_keeps_her_choice(
    client: Client, client_user: Any, counsellor: Any, free_service: Any, practice: Any
) -> None:
    from tatap.bookings import actions as bookings
    from tatap.bookings import queries as slots
    from tatap.bookings.models import Appointment
    from tatap.lib import clock

    now = clock.now()
    for text in queries.current_texts():
        actions.give_consent(person=client_user, text=text, language="id", now=now)
    required = next(row for row in client_user.consents.select_related("text") if row.text.required)
    actions.withdraw_consent(consent=required, by=client_user, now=now)
    bookings.refresh_openings(counsellor=counsellor, now=now)
    start = slots.next_slots(counsellor=counsellor, minutes=15, now=now, count=1)[0]
    client.force_login(client_user)
    asked = client.post("/pesan/nur/", {"service": free_service.pk, "start": start.isoformat()})
    assert asked.status_code == 302 and asked.url.startswith("/saya/persetujuan/?next=")
    assert not Appointment.objects.exists()
    back = client.post(asked.url, {"do": "give", "id": required.text_id})
    assert back.url.startswith("/pesan/nur/?service=") and "start=" in back.url
    assert client.post("/pesan/nur/", {"service": free_service.pk, "start": start.isoformat()}).status_code == 302
    assert Appointment.objects.get().status == "booked"


def test_the_way_on_stays_on_our_site(client: Client, client_user: Any, practice: Any) -> None:
    text = queries.current_texts()[0]
    client.force_login(client_user)
    answer = client.post("/saya/persetujuan/?next=https://elsewhere.example/", {"do": "give", "id": text.pk})
    assert answer.url == "/saya/persetujuan/"
