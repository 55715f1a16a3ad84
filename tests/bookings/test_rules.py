"""The practice's rules: a change is a new version, and what is booked keeps its own."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tatap.audit.models import Event
from tatap.bookings import actions, rules
from tatap.bookings.models import Appointment, Rules
from tatap.bookings.rules_form import RulesForm, changes, length

PAGE = "/praktik/aturan/"


def filled(standing: Rules, **other: Any) -> dict[str, Any]:
    """What the page's form sends, with some of it chosen otherwise."""
    chosen = {**{name: getattr(standing, name) for name in rules.TERMS}, **other}
    return {"version": standing.version, **{name: value for name, value in chosen.items() if value is not False}}


@pytest.fixture
def desk(client: Client, manager: Any, practice: Any, rules: Any, monkeypatch: pytest.MonkeyPatch, now: datetime) -> Client:
    monkeypatch.setattr("tatap.lib.clock.now", lambda: now)
    client.force_login(manager)
    return client


def test_everything_the_rules_say_can_be_chosen(rules: Any) -> None:
    from tatap.bookings.rules import TERMS

    assert sorted(RulesForm(instance=rules).fields) == sorted(TERMS)


def test_a_change_is_a_new_version_and_what_is_booked_keeps_the_old(
    desk: Client, appointment: Any, other_client: Any, service: Any, rules: Any, now: datetime
) -> None:
    answer = desk.post(PAGE, filled(rules, refund_until_hours=48, late_refund=False))
    assert answer.status_code == 302
    new = actions.hold(client=other_client, service=service, starts_at=datetime(2026, 11, 26, 12, 0, tzinfo=UTC), now=now)
    old = Appointment.objects.select_related("rules").get(pk=appointment.pk)
    assert (old.rules.version, old.rules.refund_until_hours, old.rules.late_refund) == (1, 24, True)
    assert (new.rules.version, new.rules.refund_until_hours, new.rules.late_refund) == (2, 48, False)
    assert (new.rules.published_at, new.rules.pay_within_minutes) == (now, rules.pay_within_minutes)
    assert Event.objects.filter(verb="rules.published", subject="rules:2").count() == 1


def test_the_page_says_how_many_keep_an_earlier_version(desk: Client, appointment: Any, rules: Any) -> None:
    assert "1 sesi mendatang" not in desk.get(PAGE).content.decode()
    desk.post(PAGE, filled(rules, move_until_hours=24))
    page = desk.get(PAGE).content.decode()
    assert "1 sesi mendatang" in page
    assert "12 jam sebelum dimulai" in page and "1 hari sebelum dimulai" in page  # what was, and what is


def test_without_a_change_no_version_is_published(desk: Client, rules: Any) -> None:
    assert desk.post(PAGE, filled(rules)).status_code == 302
    assert Rules.objects.count() == 1


def test_what_is_chosen_and_not_published_is_booked_by_nobody(
    desk: Client, client_user: Any, service: Any, rules: Any, now: datetime
) -> None:
    actions.current_rules(now=now)  # now remembered for a minute
    assert desk.post(PAGE, {**filled(rules, late_refund=False), "plan_by": "pigeon"}).status_code == 422
    held = actions.hold(client=client_user, service=service, starts_at=datetime(2026, 11, 26, 12, 0, tzinfo=UTC), now=now)
    assert held.rules.late_refund is True


def test_two_who_choose_at_once_do_not_overwrite_each_other(desk: Client, rules: Any) -> None:
    desk.post(PAGE, filled(rules, move_until_hours=24))
    late = desk.post(PAGE, filled(rules, pay_within_minutes=30))
    page = late.content.decode()
    assert (late.status_code, Rules.objects.count()) == (422, 2)
    assert '<option value="30" selected>' in page  # what she chose
    assert 'name="version" value="2"' in page  # having seen it, she may publish it


def test_published_in_the_same_moment_one_is_told(rules: Any, manager: Any, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    from tatap.bookings import rules as book

    Rules.objects.create(version=2, published_at=now)
    monkeypatch.setattr(book, "standing", lambda now: rules)  # read a moment before
    with pytest.raises(book.PublishedMeanwhile):
        book.publish(terms={"pay_within_minutes": 30}, based_on=1, by=manager, now=now)


@pytest.mark.parametrize("wrong", [{"pay_within_minutes": "7"}, {"plan_by": "pigeon"}, {"late_choice_minutes": ""}])
def test_what_is_not_offered_is_refused(desk: Client, rules: Any, wrong: dict[str, str]) -> None:
    assert desk.post(PAGE, {**filled(rules), **wrong}).status_code == 422
    assert Rules.objects.count() == 1


def test_what_was_set_by_hand_stays_unless_it_is_changed(desk: Client, rules: Any) -> None:
    Rules.objects.filter(pk=rules.pk).update(pay_within_minutes=95)
    rules.refresh_from_db()
    desk.post(PAGE, filled(rules, late_refund=False))
    assert Rules.objects.get(version=2).pay_within_minutes == 95


def test_as_many_questions_for_three_versions_as_for_one(desk: Client, rules: Any, now: datetime) -> None:
    desk.get(PAGE)  # what stands around every page is remembered from then on
    counts = []
    for version in (2, 3, 4):
        Rules.objects.create(version=version, published_at=now, pay_within_minutes=30 * version)
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(PAGE).status_code == 200
        counts.append(len(asked))
    assert len(set(counts)) == 1


@pytest.mark.parametrize(("minutes", "said"), [(0, "0 minutes"), (1, "1 minute"), (60, "1 hour"), (90, "90 minutes"), (1440, "1 day"), (2880, "2 days")])
def test_a_length_is_said_in_its_largest_whole_unit(minutes: int, said: str) -> None:
    with translation.override("en"):
        assert length(minutes) == said


def test_only_what_differs_is_told() -> None:
    before = Rules(version=1, proof_opens_room=True)
    with translation.override("en"):
        assert changes(before, Rules(version=2, proof_opens_room=False)) == [
            ("A session soon may begin on a proof that nobody has read yet", "yes", "no")
        ]
