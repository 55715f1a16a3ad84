from typing import Any

import pytest

from tatap.preparation.forms import CheckInForm, clean_device_report

GIVEN = {
    "where": "Jl. Kaliurang, Sleman", "number": "0812 3456 7890", "emergency_person": "Kak Bagas",
    "emergency_number": "0812-1111", "alone": "yes", "headphones": "no", "consent": "on",
}


def test_a_whole_check_in_is_taken() -> None:
    assert CheckInForm(GIVEN).is_valid()


@pytest.mark.parametrize("name", list(GIVEN))
def test_each_answer_is_needed(name: str) -> None:
    form = CheckInForm({key: value for key, value in GIVEN.items() if key != name})
    assert list(form.errors) == [name]


@pytest.mark.parametrize("number", ["12", "nomor saya", "0812" * 9, "0812<b>"])
def test_what_is_no_telephone_number(number: str) -> None:
    assert list(CheckInForm({**GIVEN, "number": number}).errors) == ["number"]


def test_a_report_keeps_figures_and_short_words_alone() -> None:
    facts = {"rtt_ms": 48.12345, "loss": 0, "camera": "ok", "noise": "quiet", "who": "Kirana", "path": "x" * 21, "up_kbit": True}
    assert clean_device_report({"verdict": "voice", "facts": facts}) == (
        "voice", {"rtt_ms": 48.123, "loss": 0.0, "camera": "ok", "noise": "quiet"},
    )


@pytest.mark.parametrize("level", [6, -1, 2.5, "4", None])
def test_a_level_that_is_none_is_left_out(level: Any) -> None:
    assert clean_device_report({"verdict": "voice", "facts": {"level": level, "mb": 3}}) == ("voice", {"mb": 3.0})


@pytest.mark.parametrize("data", [None, [], {}, {"verdict": "video"}, {"verdict": ["voice"]}, "voice"])
def test_what_is_not_our_report(data: Any) -> None:
    assert clean_device_report(data) is None


def test_figures_that_are_none_are_left_out() -> None:
    facts = {"rtt_ms": float("nan"), "jitter_ms": float("inf"), "loss": "0", "light": 1e12}
    assert clean_device_report({"verdict": "text", "facts": facts}) == ("text", {})
