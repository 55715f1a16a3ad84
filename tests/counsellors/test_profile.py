import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tatap.audit.models import Event
from tatap.bookings import actions as bookings
from tatap.counsellors import actions
from tatap.counsellors.models import Counsellor, Licence
from tatap.lib import clock
from tests.conftest import make_user, with_second_factor


def picture(kind: str = "JPEG", size: tuple[int, int] = (900, 1200), noise: int = 60) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, noise).convert("RGB").save(out, kind)
    return out.getvalue()


def form(person: Counsellor, **changed: Any) -> dict[str, Any]:
    rows = list(person.services.all())
    data = {
        "name": person.name, "short_name": person.short_name, "profession": person.profession,
        "gender": person.gender, "years": person.years, "accepting": "on",
        "layanan-TOTAL_FORMS": len(rows), "layanan-INITIAL_FORMS": len(rows),
    }
    for n, row in enumerate(rows):
        data |= {
            f"layanan-{n}-id": row.pk, f"layanan-{n}-kind": row.kind, f"layanan-{n}-minutes": row.minutes,
            f"layanan-{n}-tariff": row.tariff, f"layanan-{n}-active": "on",
        }
    return data | changed


@pytest.fixture
def signed_in(client: Client, counsellor: Any, practice: Any) -> Client:
    client.force_login(counsellor.user)
    return client


def test_a_photo_is_kept_small_in_two_sizes(counsellor: Any, now: Any) -> None:
    actions.set_photo(counsellor=counsellor, content=picture(), by=counsellor.user, now=now)
    assert Image.open(io.BytesIO(counsellor.picture.large)).size == (320, 320)
    assert Image.open(io.BytesIO(counsellor.picture.small)).size == (128, 152)
    assert len(counsellor.picture.small) <= 5_000


@pytest.mark.parametrize("content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\xff\xd8\xff\xe0 broken", picture("GIF")])
def test_only_photos_are_photos(counsellor: Any, now: Any, content: bytes) -> None:
    with pytest.raises(actions.NotAPhoto):
        actions.set_photo(counsellor=counsellor, content=content, by=counsellor.user, now=now)


def test_a_photo_by_another_name_is_told_by_its_content(signed_in: Client, counsellor: Any) -> None:
    upload = SimpleUploadedFile("me.jpg", b"%PDF-1.7 not a photo", "image/jpeg")
    answer = signed_in.post("/praktik/profil/", form(counsellor, photo_file=upload, town="Parepare"))
    assert answer.status_code == 422
    assert "Parepare" in answer.content.decode()


def test_a_huge_photo_is_refused(signed_in: Client, counsellor: Any) -> None:
    upload = SimpleUploadedFile("me.jpg", b"x" * (actions.PHOTO_LIMIT + 1), "image/jpeg")
    assert signed_in.post("/praktik/profil/", form(counsellor, photo_file=upload)).status_code == 422


def test_a_photo_is_shown_and_taken_away(signed_in: Client, counsellor: Any) -> None:
    upload = SimpleUploadedFile("me.png", picture("PNG", (400, 400)), "image/png")
    assert signed_in.post("/praktik/profil/", form(counsellor, photo_file=upload)).status_code == 302
    assert signed_in.get("/konselor/nur/foto").headers["Content-Type"] == "image/webp"
    signed_in.post("/praktik/profil/", form(counsellor, photo_gone="on"))
    assert signed_in.get("/konselor/nur/foto").status_code == 404


def test_saving_the_profile_changes_it_and_is_written_down(signed_in: Client, counsellor: Any) -> None:
    data = form(counsellor, town="Makassar", **{"layanan-0-tariff": "125000"})
    assert signed_in.post("/praktik/profil/", data).status_code == 302
    counsellor.refresh_from_db()
    assert (counsellor.town, counsellor.services.first().tariff) == ("Makassar", 125_000)
    assert Event.objects.filter(verb="profile.changed").count() == 1


def test_a_mistake_saves_nothing_and_keeps_what_was_typed(signed_in: Client, counsellor: Any) -> None:
    data = form(counsellor, town="Makassar", **{"layanan-0-minutes": "33"})
    answer = signed_in.post("/praktik/profil/", data)
    counsellor.refresh_from_db()
    assert (answer.status_code, counsellor.town) == (422, "")
    assert 'value="Makassar"' in answer.content.decode()


def test_a_new_licence_waits_to_be_checked(signed_in: Client, counsellor: Any) -> None:
    signed_in.post("/praktik/profil/", form(counsellor, **{"izin-kind": "STR", "izin-number": "STR-9", "izin-expires_on": "2030-01-31"}))
    assert Licence.objects.get(number="STR-9").checked_at is None


def test_who_was_invited_begins_a_profile_that_nobody_sees(client: Client, practice: Any) -> None:
    user = with_second_factor(make_user("baru@example.org", alias="Kak Baru", role="counsellor"))
    client.force_login(user)
    assert client.get("/praktik/profil/").status_code == 200
    client.logout()
    assert client.get("/konselor/kak-baru/").status_code == 404


def test_a_lapsed_licence_hides_the_profile_everywhere(client: Client, counsellor: Any, practice: Any) -> None:
    bookings.refresh_openings(counsellor=counsellor, now=clock.now())
    actions.set_photo(counsellor=counsellor, content=picture(), by=counsellor.user, now=clock.now())
    pages = ["/konselor/nur/", "/konselor/nur/foto", "/pesan/nur/"]
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]
    counsellor.licences.update(expires_on="2026-01-01")
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]
    assert "/konselor/nur/" not in client.get("/konselor/").content.decode()
    assert "/pesan/nur/" not in client.get("/").content.decode()


def test_the_profile_shows_a_week_of_free_times(client: Client, counsellor: Any, practice: Any) -> None:
    bookings.refresh_openings(counsellor=counsellor, now=clock.now())
    page = client.get("/konselor/nur/").content.decode()
    assert page.count("/pesan/nur/?service=") > 20


def test_the_manager_checks_and_takes_the_check_back(client: Client, counsellor: Any, manager: Any, practice: Any) -> None:
    licence = counsellor.licences.get()
    client.force_login(manager)
    client.post("/praktik/izin/", {"do": "doubt", "licence": licence.pk})
    assert Licence.objects.get(pk=licence.pk).checked_by is None
    assert client.get("/konselor/nur/").status_code == 404
    client.post("/praktik/izin/", {"do": "check", "licence": licence.pk})
    assert Licence.objects.get(pk=licence.pk).checked_by == manager
    assert list(Event.objects.order_by("id").values_list("verb", flat=True)) == ["licence.doubted", "licence.checked"]


@pytest.mark.parametrize("number", ["", "x", "999", "-1"])
def test_a_licence_that_is_not_there(client: Client, manager: Any, practice: Any, number: str) -> None:
    client.force_login(manager)
    assert client.post("/praktik/izin/", {"licence": number}).status_code == 404


def test_strangers(client: Client, client_user: Any, counsellor: Any, manager: Any, practice: Any) -> None:
    """(anonymous, client, counsellor, manager)"""
    expected = {"/praktik/profil/": [302, 404, 200, 404], "/praktik/izin/": [302, 404, 404, 200], "/praktik/jam/": [302, 404, 200, 404]}
    for page, answers in expected.items():
        got = []
        for person in (None, client_user, counsellor.user, manager):
            client.logout()
            if person:
                client.force_login(person)
            got.append(client.get(page).status_code)
        assert (page, got) == (page, answers)


def test_a_counsellor_changes_only_her_own_services(signed_in: Client, counsellor: Any, other_counsellor: Any) -> None:
    theirs = other_counsellor.services.first()
    signed_in.post("/praktik/profil/", form(counsellor, **{"layanan-0-id": theirs.pk, "layanan-0-tariff": "1"}))
    theirs.refresh_from_db()
    assert theirs.tariff == 200_000


def test_twelve_photo_cards_are_light(client: Client, manager: Any, rules: Any, practice: Any, now: Any) -> None:
    """The page and its photos; the styles, the letters and the script have the rest of 150 kB."""
    from tests.conftest import make_counsellor

    for n in range(12):
        person = make_counsellor(f"konselor-{n}", manager)
        actions.set_photo(counsellor=person, content=picture("JPEG", (600, 600)), by=person.user, now=now)
    weight = len(client.get("/konselor/").content)
    for n in range(12):
        weight += len(client.get(f"/konselor/konselor-{n}/foto").content)
    assert weight < 110_000
