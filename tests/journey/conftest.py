from datetime import datetime
from typing import Any

import pytest


def agreed(person: Any, now: datetime) -> Any:
    """To what is asked of everybody who books."""
    from tatap.accounts import actions, queries

    for text in queries.current_texts():
        actions.give_consent(person=person, text=text, language="id", now=now)
    return person


@pytest.fixture
def client_user(client_user: Any, now: datetime) -> Any:
    return agreed(client_user, now)


@pytest.fixture
def other_client(other_client: Any, now: datetime) -> Any:
    return agreed(other_client, now)
