"""How bench.senses scores what a page showed."""

from typing import Any

import pytest

from bench import senses_figures as figures


def row(state: str = "silence", seen: Any = ((1500, "silence"), (2600, "talking")), own: Any = (), **more: Any) -> dict[str, Any]:
    found = {"net": "good", "state": state, "limit": 2040, "held": 2340, "seen": [list(s) for s in seen], "own": [list(s) for s in own]}
    return found | more


def test_every_ten_injections_hold_each_state_once_on_each_side() -> None:
    for block in range(3):
        made = [figures.planned(7, "good", n) for n in range(10 * block, 10 * block + 10)]
        assert {(one["state"], one["side"]) for one in made} == {(state, side) for state in figures.STATES for side in "ab"}
        assert all(one["cause"] in figures.CAUSES[one["state"]] for one in made)
    order = [figures.planned(7, "good", n)["state"] for n in range(30)]
    assert order[:10] != order[10:20], "no fixed order"
    assert order == [figures.planned(7, "good", n)["state"] for n in range(30)]
    assert order != [figures.planned(8, "good", n)["state"] for n in range(30)]


@pytest.mark.parametrize(("count", "after"), [(500, [49, 99, 149, 199, 249, 299, 349, 399, 449, 499]), (75, [49, 74]), (10, [9])])
def test_there_is_ordinary_speech_between_and_at_the_end(count: int, after: list[int]) -> None:
    assert figures.stretches(count) == after


def test_the_whole_holds_ten_minutes_of_ordinary_speech() -> None:
    assert 60 * len(figures.stretches(500)) >= 600


@pytest.mark.parametrize(
    ("name", "seen", "hit", "after", "back", "strays"),
    [
        ("seen in time", [(1500, "silence"), (2600, "talking")], True, 1500, 260, []),
        ("seen late", [(2100, "silence"), (2600, "talking")], False, 2100, 260, []),
        ("seen after it was over", [(2400, "silence"), (2600, "talking")], False, None, None, []),
        ("not seen", [], False, None, None, []),
        ("seen as another", [(1500, "gone"), (2600, "talking")], False, None, None, ["gone"]),
        ("first as another", [(900, "gone"), (1500, "silence"), (2600, "talking")], True, 1500, 260, ["gone"]),
        ("lost before it was over", [(1500, "silence"), (2000, "talking")], True, 1500, None, ["lost"]),
        ("another while it ends", [(1500, "silence"), (2500, "frozen"), (3000, "talking")], True, 1500, 660, ["frozen"]),
        ("once more", [(1500, "silence"), (2500, "talking"), (2800, "silence")], True, 1500, 160, ["again"]),
    ],
)
def test_an_injection_is_scored(name: str, seen: Any, hit: bool, after: Any, back: Any, strays: list[str]) -> None:
    made = row(seen=seen)
    assert figures.is_hit(made) is hit, name
    assert (figures.told_after(made), figures.back_after(made), figures.strays(made)) == (after, back, strays), name


def test_the_page_it_was_done_to_must_go_on_hearing_the_other_but_where_the_line_is_gone() -> None:
    own = [(1500, "silence"), (2600, "talking")]
    assert figures.strays(row("muted", [(300, "muted"), (2600, "talking")], own)) == ["own silence"]
    assert figures.strays(row("gone", [(1500, "gone"), (2600, "talking")], own)) == []


def test_figures_of_a_network() -> None:
    rows = [row(), row(seen=[]), row("muted", [(300, "muted"), (2600, "talking")])]
    rows += [{"net": "good", "stretch": n, "seconds": 60, "alarms": [[5, "a", "gone"]] * n} for n in range(2)]
    found = figures.figures(rows, ["good"])
    assert found["senses_recall_silence_good"] == 0.5
    assert found["senses_p95_ms_silence_good"] is None, "one of two was never shown"
    assert (found["senses_recall_muted_good"], found["senses_p95_ms_muted_good"]) == (1, 300)
    assert found["senses_recall_gone_good"] is None
    assert (found["senses_false_per_10min_good"], found["senses_steady_min_good"]) == (5, 2)
    assert found["senses_injections_good"] == 3
    assert set(found) == set(figures.names(["good"]))


def test_no_speech_is_not_speech_without_alarms() -> None:
    assert figures.figures([row()], ["good"])["senses_false_per_10min_good"] is None


def test_long_pauses_are_shortened_and_short_ones_kept() -> None:
    loud, faint = [500] * 100, [3] * 100  # 0.1 s each
    speech = loud + 5 * faint + loud + 20 * faint + loud
    found = figures.shortened(speech, rate=1000, longest=1.1, faint=130)
    assert len(found) == len(speech) - 900
    assert found[:700] == speech[:700]


def test_a_part_goes_on_after_what_stands_in_the_file() -> None:
    from argparse import Namespace

    from bench.senses import Run

    done: list[dict[str, Any]] = [row(seed=1, number=n) for n in range(9)] + [row(seed=2, number=9), row(seed=1, number=9, net="4g")]
    run = Run(Namespace(minutes=0, rows=None, seed=1, per_state=2), done)
    assert run.left("good") == [("injection", 9), ("stretch", 9)]
    run.add({"seed": 1, "net": "good", "stretch": 9, "seconds": 60, "alarms": []})
    run.add(row(seed=1, number=9))
    assert run.left("good") == []
