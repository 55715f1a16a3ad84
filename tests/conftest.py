"""The fixed cast: a client and her counsellor, another client, another counsellor, the manager."""

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import hypothesis
import pytest

hypothesis.settings.register_profile("house", deadline=None)  # a busy machine is no finding
hypothesis.settings.load_profile("house")
NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)  # Tuesday, 12.00 WIB


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """Threads of a room close their connection after each piece of work, so that none outlives a test. SQLite's
    test database is a file, as in service: connections to one in memory share a cache, whose tables lock each
    other out at once ("database table is locked", no busy timeout, no WAL). It lies in memory all the same where
    the machine has a folder for that, since each commit waits for the disk."""
    from django.db import connections

    facts = connections.settings["default"]
    facts["CONN_MAX_AGE"] = 0
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="tatap-test-", dir=memory) as folder:
        if facts["ENGINE"] == "tatap.lib.sqlite3_fair":
            facts["TEST"]["NAME"] = f"{folder}/test.sqlite3"
        yield


@pytest.fixture(autouse=True)
def plain_static(settings: Any) -> None:
    from tatap.lib.remembered import Remembered

    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    Remembered.forget_all()
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


def make_user(email: str, **fields: Any) -> Any:
    from allauth.account.models import EmailAddress

    from tatap.accounts.models import User

    user = User.objects.create_user(email, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


@pytest.fixture
def practice(db: None) -> Any:
    from tatap.accounts.models import Practice

    return Practice.objects.create(name="Ruang Teduh", town="Yogyakarta")


@pytest.fixture
def client_user(db: None) -> Any:
    return make_user("kirana@example.org", alias="Kirana", role="client")


@pytest.fixture
def other_client(db: None) -> Any:
    return make_user("samudra@example.org", alias="Samudra", role="client")


@pytest.fixture
def manager(db: None) -> Any:
    return with_second_factor(make_user("manajer@example.org", alias="Manajer", role="manager"))


def with_second_factor(user: Any) -> Any:
    """Counsellors and managers must have one before any page opens."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(user, generate_totp_secret())
    return user


def make_counsellor(slug: str, manager: Any, **fields: Any) -> Any:
    from tatap.bookings import actions as bookings
    from tatap.bookings.models import Calendar, WeeklyHours
    from tatap.counsellors.models import Counsellor, Licence, Service

    user = with_second_factor(
        make_user(f"{slug}@example.org", alias=slug.title(), role="counsellor", zone=fields.pop("zone", "Asia/Makassar"))
    )
    facts = {
        "name": f"{slug.title()}, M.Psi.",
        "short_name": f"Bu {slug.title()}",
        "profession": "clinical_psychologist",
        "gender": "female",
        "years": 11,
    }
    person = Counsellor.objects.create(user=user, slug=slug, **{**facts, **fields})
    Licence.objects.create(
        counsellor=person, kind="SILP", number=f"SILP-{slug}", expires_on=date(2028, 3, 3), checked_by=manager, checked_at=NOW
    )
    Service.objects.create(counsellor=person, kind="individual", minutes=50, tariff=200_000)
    Service.objects.create(counsellor=person, kind="introduction", minutes=15, tariff=0)
    Calendar.objects.create(counsellor=person)
    for weekday in range(7):
        WeeklyHours.objects.create(counsellor=person, weekday=weekday, start=time(9), end=time(21))
    bookings.refresh_openings(counsellor=person, now=NOW)
    return person


@pytest.fixture
def rules(db: None) -> Any:
    from tatap.bookings.models import Rules

    return Rules.objects.get_or_create(version=1, defaults={"published_at": NOW - timedelta(days=30)})[0]


@pytest.fixture
def counsellor(manager: Any, rules: Any) -> Any:
    return make_counsellor("nur", manager)


@pytest.fixture
def other_counsellor(manager: Any, rules: Any) -> Any:
    return make_counsellor("sari", manager, zone="Asia/Jakarta")


@pytest.fixture
def service(counsellor: Any) -> Any:
    return counsellor.services.get(kind="individual")


@pytest.fixture
def free_service(counsellor: Any) -> Any:
    return counsellor.services.get(kind="introduction")


@pytest.fixture
def appointment(client_user: Any, counsellor: Any, service: Any, rules: Any) -> Any:
    """Booked and confirmed: tomorrow 20.00 WITA, 19.00 WIB."""
    from tatap.bookings import actions

    held = actions.hold(
        client=client_user, service=service, starts_at=datetime(2026, 11, 25, 12, 0, tzinfo=UTC), now=NOW
    )
    actions.confirm(appointment=held, by=None, now=NOW)
    held.refresh_from_db()
    return held
