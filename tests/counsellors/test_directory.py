from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tatap.bookings import actions as bookings
from tatap.bookings.models import Calendar, WeeklyHours
from tatap.counsellors.domain.windows import Part, When, windows
from tatap.counsellors.models import Counsellor, Language, Specialisation
from tatap.counsellors.search import Wish, cards, search, telling
from tests.conftest import make_counsellor

WIB = "Asia/Jakarta"


def open_up(person: Counsellor, now: datetime) -> Counsellor:
    bookings.refresh_openings(counsellor=person, now=now)
    return person


def found(wish: Wish, now: datetime) -> list[str]:
    return [person.slug for person in search(wish, now=now)]


@pytest.fixture
def two(counsellor: Any, other_counsellor: Any, now: datetime) -> list[Counsellor]:
    counsellor.specialisations.set(Specialisation.objects.filter(slug__in=["sleep", "grief"]))
    other_counsellor.specialisations.set(Specialisation.objects.filter(slug="work"))
    return [open_up(counsellor, now), open_up(other_counsellor, now)]


def test_who_has_no_checked_licence_is_not_shown(two: list[Counsellor], now: datetime) -> None:
    two[0].licences.update(checked_at=None, checked_by=None)
    assert found(Wish(), now) == ["sari"]


@pytest.mark.parametrize(("last", "slugs"), [(date(2026, 11, 24), ["nur", "sari"]), (date(2026, 11, 23), ["sari"])])
def test_a_licence_counts_until_its_last_day(two: list[Counsellor], now: datetime, last: date, slugs: list[str]) -> None:
    two[0].licences.update(expires_on=last)
    assert sorted(found(Wish(), now)) == slugs


def test_who_takes_no_bookings_is_not_shown(two: list[Counsellor], now: datetime) -> None:
    Counsellor.objects.filter(slug="nur").update(accepting=False)
    assert found(Wish(), now) == ["sari"]


@pytest.mark.parametrize(
    "wish",
    [
        Wish(concerns=["sleep"]),
        Wish(concerns=["sleep", "grief"]),
        Wish(words="susah tidur"),
        Wish(words="saya ga bisa tidur"),
        Wish(words="insomnia"),
        Wish(words="Nur M.Psi"),
        Wish(gender="female", profession="clinical_psychologist", concerns=["grief"]),
    ],
)
def test_a_wish_finds_whom_it_describes(two: list[Counsellor], now: datetime, wish: Wish) -> None:
    assert found(wish, now) == ["nur"]


def test_a_language_approach_or_faith_narrows(two: list[Counsellor], now: datetime) -> None:
    two[1].languages.set(Language.objects.filter(slug="minang"))
    Counsellor.objects.filter(slug="nur").update(faith="Islami")
    assert found(Wish(language="minang"), now) == ["sari"]
    assert found(Wish(faith=True), now) == ["nur"]
    assert found(Wish(approach="cbt"), now) == []


def test_a_price_counts_what_is_still_offered(two: list[Counsellor], now: datetime) -> None:
    two[1].services.filter(kind="individual").update(tariff=75_000)
    assert found(Wish(price=100_000), now) == ["sari"]
    two[1].services.update(active=False)
    assert found(Wish(price=100_000), now) == []


def test_the_first_free_time_decides_the_order(two: list[Counsellor], client_user: Any, now: datetime) -> None:
    Calendar.objects.filter(counsellor=two[0]).update(notice_minutes=600)
    open_up(two[0], now)
    assert found(Wish(), now) == ["sari", "nur"]


def test_a_gap_too_short_for_a_session_is_no_free_time(two: list[Counsellor], now: datetime) -> None:
    two[0].weekly_hours.all().delete()
    WeeklyHours.objects.create(counsellor=two[0], weekday=1, start="16:00", end="16:40")
    open_up(two[0], now)
    assert found(Wish(), now) == ["sari", "nur"]
    assert [card.times for card in cards(list(search(Wish(), now=now)), Wish(), now=now)][1] == []


def test_other_orders(two: list[Counsellor], now: datetime) -> None:
    Counsellor.objects.filter(slug="sari").update(years=20)
    two[0].services.filter(kind="individual").update(tariff=50_000)
    assert found(Wish(sort="experience"), now) == ["sari", "nur"]
    assert found(Wish(sort="tariff"), now) == ["nur", "sari"]


def test_a_card_shows_the_next_three_times_after_the_notice(two: list[Counsellor], now: datetime) -> None:
    card = cards([two[0]], Wish(), now=now)[0]
    first = now + timedelta(hours=2)
    assert card.times == [first, first + timedelta(minutes=30), first + timedelta(minutes=60)]


def test_a_card_says_why_in_the_readers_words(two: list[Counsellor], now: datetime) -> None:
    assert cards([two[0]], Wish(concerns=["sleep", "work"]), now=now)[0].why == ["Susah tidur"]


def test_a_part_of_the_day_is_the_readers_own(two: list[Counsellor], now: datetime) -> None:
    tonight = Wish(windows=windows(when=[When.TODAY], part=Part.EVENING, now=now, zone=WIB))
    two[0].weekly_hours.update(end="19:00")  # WITA: 18.00 WIB
    open_up(two[0], now)
    assert found(tonight, now) == ["sari"]
    assert cards([two[1]], tonight, now=now)[0].times[0] == datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def test_windows_are_empty_without_a_wish(now: datetime) -> None:
    assert windows(when=[], part=None, now=now, zone=WIB) == []


def test_tomorrow_is_one_whole_day(now: datetime) -> None:
    start = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
    assert windows(when=[When.TOMORROW], part=None, now=now, zone=WIB) == [(start, start + timedelta(days=1))]


def test_the_weekend_is_the_next_one(now: datetime) -> None:
    days = [a.day for a, _b in windows(when=[When.WEEKEND], part=Part.MORNING, now=now, zone=WIB)]
    assert days == [28, 29]


def test_words_that_say_nothing_are_left_out_unless_there_are_no_others() -> None:
    assert telling("Saya ga bisa tidur") == ["tidur"]
    assert telling("saya mau") == ["saya", "mau"]


def test_the_page_answers_with_links_to_book(client: Client, two: list[Counsellor], practice: Any) -> None:
    answer = client.get("/konselor/?hal=sleep")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "1 orang." in page
    assert "/konselor/nur/" in page and "/konselor/sari/" not in page


def test_a_filter_that_makes_no_sense_is_left_out(client: Client, two: list[Counsellor], practice: Any) -> None:
    answer = client.get("/konselor/?hal=nonsense&gender=x&harga=abc&kapan=kapan&waktu=z&bahasa=q&hal_ke=99&urut=;")
    assert answer.status_code == 200
    assert "2 orang." in answer.content.decode()


def test_nobody_found_says_what_to_do_next(client: Client, two: list[Counsellor], practice: Any) -> None:
    page = client.get("/konselor/?kata=zzzz").content.decode()
    assert "0 orang." in page
    assert 'href="/konselor/"' in page


@pytest.mark.parametrize("address", ["/konselor/", "/konselor/?hal=sleep&bahasa=minang&kapan=besok&waktu=sore&kata=tidur"])
def test_the_page_asks_as_often_for_three_as_for_one(
    client: Client, client_user: Any, manager: Any, rules: Any, practice: Any, now: datetime,
    django_assert_max_num_queries: Any, address: str,
) -> None:
    def counted() -> int:
        client.get(address)
        with django_assert_max_num_queries(12) as captured:
            client.get(address)
        return len(captured)

    client.force_login(client_user)
    terms = Specialisation.objects.filter(slug="sleep"), Language.objects.filter(slug="minang")
    seen = []
    for slug in ("satu", "dua", "tiga"):
        person = make_counsellor(slug, manager)
        person.specialisations.set(terms[0])
        person.languages.set(terms[1])
        bookings.refresh_openings(counsellor=person, now=datetime.now(UTC))
        seen.append(counted())
    assert seen[0] == seen[2]


def test_a_changed_filter_brings_only_who_was_found(client: Client, two: list[Counsellor], practice: Any) -> None:
    """Sent by htmx. The count is put into the line that is read out; the address keeps what is filled in."""
    answer = client.get("/konselor/?kata=&gender=female&hal=sleep&urut=", headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "<html" not in page and 'id="filters"' not in page
    assert 'id="dir-count" hx-swap-oob="innerHTML"' in page and "1 " in page.split('id="dir-count"')[1]
    assert answer.headers["HX-Push-Url"] == "/konselor/?gender=female&hal=sleep"
    assert "HX-Request" in answer.headers["Vary"]


def test_filters_work_as_a_plain_form(client: Client, two: list[Counsellor], practice: Any) -> None:
    page = client.get("/konselor/?hal=sleep").content.decode()
    assert "/konselor/nur/" in page and "/konselor/sari/" not in page
    assert 'value="sleep" id="id_hal_' in page.replace("checked ", "") and "checked" in page.split('value="sleep"')[1][:80]


def test_a_page_that_no_wish_was_made_on_is_the_next_ones_too(client: Client, two: list[Counsellor], practice: Any) -> None:
    client.get("/konselor/?gender=male")
    assert 'value="male" selected' not in client.get("/konselor/").content.decode()
