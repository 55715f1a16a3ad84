import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from tatap.audit.models import Event
from tatap.bookings import queries as bookings
from tatap.callroom import bus
from tatap.closing import actions
from tatap.closing.casenotes.actions import save_note
from tatap.closing.casenotes.models import Note
from tatap.closing.models import Addition, Card
from tatap.lib import clock

READERS = ["closing:card", "closing:card_state"]
NOTES = ["closing:casenotes", "closing:casenotes_save"]


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch: Any, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.fixture
def card(appointment: Any, counsellor: Any, now: datetime) -> Card:
    return actions.save_card(
        appointment=appointment, by=counsellor.user, revision=0, points=["Menjaga Ayah tidak harus sendirian."],
        tasks=[{"text": "Minta Kak Bagas berjaga"}], next_start=None, now=now,
    )


def address(name: str, appointment: Any) -> str:
    return reverse(name, args=[appointment.code])


def post(client: Any, url: str, data: Any) -> Any:
    return client.post(url, json.dumps(data), content_type="application/json")


@pytest.mark.parametrize("name", [*READERS, *NOTES])
def test_strangers_find_nothing(
    client: Any, appointment: Any, card: Card, other_client: Any, other_counsellor: Any, manager: Any, name: str
) -> None:
    assert client.get(address(name, appointment)).status_code == 302
    for stranger in (other_client, other_counsellor.user, manager):
        client.force_login(stranger)
        assert client.get(address(name, appointment)).status_code == 404


@pytest.mark.parametrize("name", ["closing:card_save", "closing:accept", "closing:add", *NOTES])
def test_strangers_change_nothing(
    client: Any, appointment: Any, card: Card, other_client: Any, other_counsellor: Any, manager: Any, name: str
) -> None:
    for stranger in (other_client, other_counsellor.user, manager):
        client.force_login(stranger)
        assert post(client, address(name, appointment), {"revision": 1, "text": "x"}).status_code == 404
    assert (Card.objects.get().revision, Addition.objects.count(), Note.objects.count()) == (1, 0, 0)


def test_each_of_the_two_has_her_own_part(client: Any, appointment: Any, card: Card, client_user: Any, counsellor: Any) -> None:
    client.force_login(client_user)
    for name in ("closing:card_save", *NOTES):
        assert post(client, address(name, appointment), {"revision": 1}).status_code == 404
    client.force_login(counsellor.user)
    for name in ("closing:accept", "closing:add"):
        assert post(client, address(name, appointment), {"text": "x"}).status_code == 404


def test_a_note_is_in_no_response_but_its_authors(
    client: Any, appointment: Any, card: Card, client_user: Any, counsellor: Any, now: datetime
) -> None:
    save_note(appointment=appointment, by=counsellor.user, body="CATATAN PRIBADI", revision=0, now=now)
    client.force_login(client_user)
    for name in READERS:
        assert "CATATAN PRIBADI" not in client.get(address(name, appointment)).content.decode()
    client.force_login(counsellor.user)
    assert "CATATAN PRIBADI" in client.get(address("closing:casenotes", appointment)).content.decode()


def test_both_read_the_card(client: Any, appointment: Any, card: Card, client_user: Any, counsellor: Any) -> None:
    for person in (client_user, counsellor.user):
        client.force_login(person)
        page = client.get(address("closing:card", appointment)).content.decode()
        assert "Menjaga Ayah tidak harus sendirian." in page
        assert "Minta Kak Bagas berjaga" in page


def test_a_counsellors_reading_is_shown_to_the_client(
    client: Any, appointment: Any, card: Card, client_user: Any, counsellor: Any
) -> None:
    client.force_login(counsellor.user)
    client.get(address("closing:card", appointment))
    assert Event.objects.get(verb="card.opened").about == str(client_user.pk)


def test_before_it_is_begun_the_page_says_when(client: Any, appointment: Any, client_user: Any) -> None:
    client.force_login(client_user)
    response = client.get(address("closing:card", appointment))
    assert (response.status_code, Card.objects.count()) == (200, 0)


def test_the_state_as_the_room_reads_it(client: Any, appointment: Any, card: Card, client_user: Any) -> None:
    client.force_login(client_user)
    state = client.get(address("closing:card_state", appointment)).json()
    task = card.current_tasks[0]
    assert state["tasks"] == [{"id": str(task.pk), "text": task.text, "due_on": "2026-12-02"}]
    assert (state["revision"], state["points"], state["next"], state["accepted_at"], state["opened"]) == (
        1, ["Menjaga Ayah tidak harus sendirian."], None, None, True,
    )
    assert state["offers"][-1] == {"start": "2026-12-02T12:00:00+00:00", "label": "Rabu, 2 Desember 19.00\u00a0WIB"}


def test_it_opens_by_itself_ten_minutes_before_the_end(
    client: Any, appointment: Any, counsellor: Any, monkeypatch: Any
) -> None:
    client.force_login(counsellor.user)
    for minutes, opened in ((10.1, False), (10, True)):
        monkeypatch.setattr(clock, "now", lambda m=minutes: appointment.ends_at - timedelta(minutes=m))
        assert client.get(address("closing:card_state", appointment)).json()["opened"] is opened


def test_saving_returns_the_state_and_tells_the_room(
    client: Any, appointment: Any, counsellor: Any, monkeypatch: Any
) -> None:
    frames: list[Any] = []
    monkeypatch.setattr(bus, "publish", lambda code, frame: frames.append((code, frame)))
    client.force_login(counsellor.user)
    free = bookings.nearest_slots(
        counsellor=counsellor, minutes=50, around=appointment.starts_at + timedelta(days=7), now=clock.now(), count=1
    )[0]
    sent = {
        "revision": 0, "points": ["satu"], "next": free.isoformat(),
        "tasks": [{"id": "", "text": "coba", "due_on": "2026-11-27"}],
    }
    got = post(client, address("closing:card_save", appointment), sent).json()
    assert (got["revision"], got["points"], got["next"]["start"]) == (1, ["satu"], free.isoformat())
    assert frames == [(appointment.code, {"t": "card", "revision": 1})]


def test_an_older_revision_gets_the_present_state(client: Any, appointment: Any, card: Card, counsellor: Any) -> None:
    client.force_login(counsellor.user)
    response = post(client, address("closing:card_save", appointment), {"revision": 0, "points": ["lain"], "tasks": []})
    assert (response.status_code, response.json()["points"]) == (409, ["Menjaga Ayah tidak harus sendirian."])


@pytest.mark.parametrize(
    "body",
    [
        "nonsense", "[]", '{"revision": "x"}', '{"revision": -1}', '{"tasks": ["x"]}', '{"tasks": 3}',
        '{"next": "besok"}', '{"next": "2026-12-01T10:00"}', '{"points": 5}', "[" * 100_000,
        '{"tasks": [{"text": "a", "due_on": "kapan"}]}', '{"revision": 99999999999}',
    ],
)
def test_what_is_not_a_card_is_refused(client: Any, appointment: Any, counsellor: Any, body: str) -> None:
    client.force_login(counsellor.user)
    response = client.post(address("closing:card_save", appointment), body, content_type="application/json")
    assert response.status_code == 422
    assert not Card.objects.exists()


def test_the_client_accepts_on_the_page(client: Any, appointment: Any, card: Card, client_user: Any, now: datetime) -> None:
    client.force_login(client_user)
    response = client.post(address("closing:accept", appointment), {"revision": "1"})
    assert (response.status_code, Card.objects.get().accepted_at) == (302, now)


def test_accepting_an_older_state_shows_the_present_one(
    client: Any, appointment: Any, card: Card, client_user: Any
) -> None:
    client.force_login(client_user)
    assert client.post(address("closing:accept", appointment), {"revision": "0"}).status_code == 409
    assert post(client, address("closing:accept", appointment), {"revision": 0}).status_code == 409
    assert post(client, address("closing:accept", appointment), {}).json()["accepted_at"] is not None


def test_the_client_adds_her_words(client: Any, appointment: Any, card: Card, client_user: Any) -> None:
    client.force_login(client_user)
    assert client.post(address("closing:add", appointment), {"text": "Saya lega."}).status_code == 302
    state = post(client, address("closing:add", appointment), {"text": "Dan capek."}).json()
    assert [(item["by"], item["text"]) for item in state["additions"]] == [
        (client_user.pk, "Saya lega."), (client_user.pk, "Dan capek."),
    ]


def test_words_that_are_too_long_stay_in_the_field(client: Any, appointment: Any, card: Card, client_user: Any) -> None:
    client.force_login(client_user)
    response = client.post(address("closing:add", appointment), {"text": "a" * 1001})
    assert response.status_code == 422
    assert "a" * 1001 in response.content.decode()


def test_a_note_saved_over_another_window_loses_neither_text(
    client: Any, appointment: Any, counsellor: Any, now: datetime
) -> None:
    client.force_login(counsellor.user)
    url = address("closing:casenotes", appointment)
    assert client.post(url, {"revision": "0", "body": "jendela satu"}).status_code == 302
    response = client.post(url, {"revision": "0", "body": "jendela dua"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "jendela satu" in page and "jendela dua" in page
    assert client.post(url, {"revision": "1", "body": "jendela dua"}).status_code == 302


def test_the_rooms_autosave_of_a_note(client: Any, appointment: Any, counsellor: Any) -> None:
    client.force_login(counsellor.user)
    url = address("closing:casenotes_save", appointment)
    assert client.get(url).json() == {"revision": 0, "text": ""}
    assert post(client, url, {"revision": 0, "text": "a"}).json() == {"revision": 1, "text": "a"}
    conflict = post(client, url, {"revision": 0, "text": "b"})
    assert (conflict.status_code, conflict.json()) == (409, {"revision": 1, "text": "a"})
    assert post(client, url, {"revision": 1, "text": "a" * 50_001}).status_code == 422


def test_nobody_keeps_a_copy_on_the_way(client: Any, appointment: Any, card: Card, counsellor: Any) -> None:
    client.force_login(counsellor.user)
    for name in [*READERS, *NOTES]:
        assert "no-store" in client.get(address(name, appointment))["Cache-Control"]


def test_the_next_time_is_two_clicks_away(
    client: Any, appointment: Any, counsellor: Any, client_user: Any, now: datetime
) -> None:
    free = appointment.starts_at + timedelta(days=7)
    actions.save_card(
        appointment=appointment, by=counsellor.user, revision=0, points=["a"], tasks=[], next_start=free, now=now
    )
    client.force_login(client_user)
    page = client.get(address("closing:card", appointment)).content.decode()
    assert f"{reverse('journey:book', args=['nur'])}?service={appointment.service_id}&amp;start=2026-12-02T" in page


def test_the_card_takes_as_many_queries_whatever_it_holds(
    client: Any, appointment: Any, card: Card, counsellor: Any, client_user: Any, now: datetime
) -> None:
    counts = []
    client.force_login(client_user)
    client.get(address("closing:card", appointment))
    for many in (1, 3):
        card.refresh_from_db()
        actions.save_card(
            appointment=appointment, by=counsellor.user, revision=card.revision, points=["a"] * many,
            tasks=[{"text": f"t{i}"} for i in range(many)], next_start=None, now=now,
        )
        for i in range(many):
            actions.add_words(appointment=appointment, by=client_user, text=f"kata {many} {i}", now=now)
        counts.append(queries_of(lambda: client.get(address("closing:card", appointment))))
    assert counts[0] == counts[1]


def queries_of(call: Any) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as caught:
        assert call().status_code == 200
    return len(caught)
