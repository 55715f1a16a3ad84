from typing import Any

import pytest
from django.test import Client

from tatap.audit.models import Event
from tatap.counsellors.models import Language, Specialisation


@pytest.fixture
def managing(client: Client, manager: Any, practice: Any) -> Client:
    client.force_login(manager)
    return client


def rows(model: Any, *, first: dict[str, str] | None = None, last: dict[str, str] | None = None) -> dict[str, str]:
    """The page's form as it stands, with the first row changed or a new one (the last) filled in."""
    terms = list(model.objects.order_by("position", "slug"))
    data = {"kata-TOTAL_FORMS": str(len(terms) + 1), "kata-INITIAL_FORMS": str(len(terms))}
    for n, term in enumerate(terms):
        data |= {f"kata-{n}-id": str(term.pk)} | {
            f"kata-{n}-{name}": str(getattr(term, name)) for name in ("name_id", "name_en", "plain_id", "plain_en", "also", "position")
        }
    data |= {f"kata-0-{name}": value for name, value in (first or {}).items()}
    if last:
        data |= {f"kata-{len(terms)}-{name}": value for name, value in {"position": "99", **last}.items()}
    return data


def test_a_new_word_is_found_in_the_directory_at_once(managing: Client) -> None:
    assert "Gelisah memikirkan gawai" not in managing.get("/konselor/").content.decode()
    new = {"name_id": "Kecanduan gawai", "name_en": "Screen habits", "plain_id": "Gelisah memikirkan gawai", "plain_en": "Always on my phone"}
    assert managing.post("/praktik/kata/?daftar=hal", rows(Specialisation, last=new)).status_code == 302
    assert Specialisation.objects.get(name_en="Screen habits").slug == "screen-habits"
    assert "Gelisah memikirkan gawai" in managing.get("/konselor/").content.decode()
    assert Event.objects.filter(verb="terms.changed", subject="terms:hal").count() == 1


def test_a_word_is_changed_and_keeps_its_address(managing: Client) -> None:
    before = Language.objects.order_by("position", "slug")[0]
    answer = managing.post("/praktik/kata/?daftar=bahasa", rows(Language, first={"name_id": "Bahasa kita"}))
    assert answer.status_code == 302
    after = Language.objects.get(pk=before.pk)
    assert (after.name_id, after.slug) == ("Bahasa kita", before.slug)


def test_a_word_in_use_is_not_removed(managing: Client, counsellor: Any) -> None:
    used = Specialisation.objects.order_by("position", "slug")[0]
    counsellor.specialisations.add(used)
    count = Specialisation.objects.count()
    answer = managing.post("/praktik/kata/?daftar=hal", rows(Specialisation, first={"DELETE": "on"}))
    assert answer.status_code == 422
    assert Specialisation.objects.count() == count
    counsellor.specialisations.clear()
    assert managing.post("/praktik/kata/?daftar=hal", rows(Specialisation, first={"DELETE": "on"})).status_code == 302
    assert Specialisation.objects.count() == count - 1


def test_a_word_without_a_name_is_said_so_and_the_rest_is_kept(managing: Client) -> None:
    answer = managing.post("/praktik/kata/?daftar=hal", rows(Specialisation, first={"name_id": "", "name_en": "Kept as typed"}))
    assert answer.status_code == 422
    assert 'value="Kept as typed"' in answer.content.decode()
