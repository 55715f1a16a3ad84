"""What bench.recovery makes of what callbench and the pages told."""

from bench import recovery

BACK = {"a_audio": 800.0, "b_audio": 1200.0, "a_video": 900.0, "b_video": 1500.0, "a_video_steady": 2000.0, "b_video_steady": None}


def test_the_slower_side_counts_in_seconds() -> None:
    assert recovery.seconds_of("move", BACK) == {"sound_s_move": 1.2, "picture_s_move": 1.5}
    assert recovery.seconds_of("outage90", BACK) == {"back_s_outage90": 1.2}


def test_a_side_that_did_not_come_back_is_not_forgotten() -> None:
    assert recovery.seconds_of("outage5", BACK) == {"sound_s_outage5": 1.2, "smooth_picture_s_outage5": None}
    assert recovery.seconds_of("move", {}) == {"sound_s_move": None, "picture_s_move": None}


def test_figures_are_medians_and_totals_of_ours_alone() -> None:
    def row(sound: float | None, clicks: int = 0) -> dict[str, float | int | None]:
        calm = {"chat_lost": 0, "chat_twice": 1, "chat_disordered": 0, "readmissions": 0}
        return {"back_s_outage90": sound, "clicks": clicks, **calm}

    found = recovery.figures_of(
        {
            ("ours", "2g", "outage90"): [row(3.0), row(5.0), row(None, clicks=1), {}],
            ("bare", "2g", "outage90"): [{"back_s_outage90": 9.0}],
        }
    )
    assert found["back_s_outage90_2g"] is None, "two of four never came back"
    assert found["bare_back_s_outage90_2g"] == 9
    assert (found["clicks"], found["chat_twice"], found["chat_lost"]) == (1, 3, 0)


def test_totals_of_no_call_are_not_zero() -> None:
    assert recovery.figures_of({("ours", "2g", "move"): [{}]})["chat_lost"] is None


def test_every_figure_has_a_name_of_its_own() -> None:
    wanted = recovery.names()
    assert len(wanted) == len(set(wanted))
    assert {"sound_s_move_3g_rural", "smooth_picture_s_outage5_2g", "back_s_outage300_good", "readmissions"} <= set(wanted)
