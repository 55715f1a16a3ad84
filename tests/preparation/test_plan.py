import pytest

from tatap.preparation.domain.plan import Plan, Shown, dialled, international, shown

MINE, HERS = "0812 0000-1122", "+62 812 9999 000"


@pytest.mark.parametrize(
    ("typed", "plain", "abroad"),
    [
        ("0812 0000-1122", "081200001122", "6281200001122"),
        ("+62 (812) 0000.1122", "+6281200001122", "6281200001122"),
        ("0062 812 0000 1122", "006281200001122", "6281200001122"),
        ("62812", "62812", "62812"),
        ("  ", "", ""),
        ("٠٨١٢", "", ""),
    ],
)
def test_numbers_as_they_are_dialled(typed: str, plain: str, abroad: str) -> None:
    assert (dialled(typed), international(typed)) == (plain, abroad)


def test_the_one_who_calls_sees_the_others_number_and_the_other_her_own() -> None:
    plan = Plan("counsellor", 5, "phone", client_number=MINE, counsellor_number=HERS)
    assert shown(plan, role="counsellor") == Shown(True, 5, "phone", "", MINE, "tel:081200001122")
    assert shown(plan, role="client") == Shown(False, 5, "phone", "", MINE, "")


def test_the_client_calls_by_whatsapp() -> None:
    plan = Plan("client", 2, "whatsapp", client_number=MINE, counsellor_number=HERS)
    assert shown(plan, role="client") == Shown(True, 2, "whatsapp", "", HERS, "https://wa.me/628129999000")
    assert shown(plan, role="counsellor") == Shown(False, 2, "whatsapp", "", HERS, "")


def test_without_her_number_the_counsellor_calls() -> None:
    plan = Plan("client", 5, "phone", client_number=MINE)
    assert (shown(plan, role="client").calls, shown(plan, role="counsellor").calls) == (False, True)


def test_without_any_number_there_is_nothing_to_tap() -> None:
    assert shown(Plan("counsellor", 5, "phone"), role="counsellor").href == ""


@pytest.mark.parametrize(
    ("where", "href"),
    [("https://meet.example/abc", "https://meet.example/abc"), ("Skype: bu.nur", ""), ("javascript:alert(1)", "")],
)
def test_another_platform_is_the_same_for_both(where: str, href: str) -> None:
    plan = Plan("client", 5, "platform", where, client_number=MINE)
    assert [shown(plan, role=role) for role in ("client", "counsellor")] == [
        Shown(True, 5, "platform", where, "", href), Shown(False, 5, "platform", where, "", href)
    ]
