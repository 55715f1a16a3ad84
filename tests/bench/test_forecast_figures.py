from typing import Any

from bench.forecast_figures import BURST, drawn, figures


def row(foreseen: int, held: int, told: float = 10, moved: float = 10) -> dict[str, Any]:
    return {"foreseen": foreseen, "held": held, "mb_foreseen": [told] * 6, "mb_held": moved}


def test_shares_of_levels_and_of_mb() -> None:
    rows = [row(4, 4), row(4, 4, told=12.4), row(4, 5, told=12.6), row(2, 4, told=7.4)]
    assert figures(rows) == {
        "runs": 4, "level_exact_share": 0.5, "level_within_one_share": 0.75, "commonest_share": 0.75,
        "mb_within_25pct_share": 0.5,
    }


def test_nothing_seen_is_told_as_nothing() -> None:
    assert set(figures([]).values()) == {0, None}


def test_a_draw_is_the_same_whatever_came_before_and_within_its_bounds() -> None:
    many = [drawn(7, number) for number in range(400)]
    assert many[3] == drawn(7, 3) and many[3] != drawn(8, 3)
    assert all(12 <= one["rate_kbit"] <= 3000 and 20 <= one["delay_ms"] <= 600 and 0 <= one["loss"] <= 0.1 for one in many)
    assert 0.25 < sum(one["burst"] == BURST for one in many) / 400 < 0.42
    assert 0.4 < sum(one["rate_kbit"] < 190 for one in many) / 400 < 0.6  # half below the middle of the logarithm
