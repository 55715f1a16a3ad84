from datetime import UTC, datetime
from typing import Any

from tatap.meetings.domain.relays import Entrance
from tatap.meetings.providers.tatap import credential, ice_servers


def test_the_published_vector() -> None:
    assert credential(secret="turn-secret", username="1700003600:usr42") == "O1ChuEznFJE0LgTD+js+GwS5P5E="


def test_without_a_relay_no_foreign_server_is_named(settings: Any) -> None:
    settings.STUN_URL = ""
    assert ice_servers(session_id="x", now=datetime(2026, 1, 1, tzinfo=UTC), minutes=50, relays=[])["iceServers"] == []


def test_a_password_lives_for_the_session_and_half_an_hour() -> None:
    relay = Entrance(("turn:relay.example:3478",), "turn-secret")
    made = ice_servers(session_id="usr42", now=datetime.fromtimestamp(1_700_000_000, UTC), minutes=50, relays=[relay])
    assert made["ttl"] == 80 * 60
    assert made["iceServers"][-1]["username"] == "1700004800:usr42"
