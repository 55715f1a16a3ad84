"""What the call benches make of what they saw."""

import pytest

from bench import call_figures as figures


def test_median_counts_what_did_not_happen_as_worse_than_anything_seen() -> None:
    assert figures.median([3, 1, 2]) == 2
    assert figures.median([1, 2, 3, 4]) == 2.5
    assert figures.median([100, None, 200]) == 200
    assert figures.median([100, None]) is None
    assert figures.median([None, None, 1]) is None
    assert figures.median([]) is None


def test_ratio_needs_both() -> None:
    assert figures.ratio(3, 2) == 1.5
    assert figures.ratio(None, 2) is None
    assert figures.ratio(3, None) is None
    assert figures.ratio(3, 0) is None


def test_the_worse_side_counts_and_a_side_without_anything_is_not_forgotten() -> None:
    assert figures.worse([0.2, 1.5]) == 1.5
    assert figures.worse([15, 12], low_is_bad=True) == 12
    assert figures.worse([0.2, None]) is None
    assert figures.worse([]) is None


@pytest.mark.parametrize(
    ("net", "name", "sides"), [("2g", "2g", "a"), ("2g_both", "2g", "ab"), ("64k_600ms_10pct", "64k_600ms_10pct", "a")]
)
def test_a_network_says_by_its_name_who_has_it(net: str, name: str, sides: str) -> None:
    assert figures.weak_sides(net) == (name, sides)


@pytest.mark.parametrize(
    ("net", "name", "way"),
    [("2g", "2g", ""), ("2g_tcp", "2g", "_tcp"), ("3g_rural_relay_both", "3g_rural", "_relay"), ("64k_600ms_10pct", "64k_600ms_10pct", "")],
)
def test_a_network_says_by_its_name_which_way_is_open(net: str, name: str, way: str) -> None:
    assert figures.path(net) == (name, way)


def test_every_named_figure_is_there_and_the_missing_are_told() -> None:
    told: list[str] = []
    found = figures.complete({"b": 1.23456, "more": 2.0}, ["a", "b"], told.append, "no lab")
    assert found == {"a": None, "b": 1.235, "more": 2.0}
    assert list(found) == ["a", "b", "more"]
    assert told == ["not measured (no lab): a"]
    figures.complete({"a": 0.0}, ["a"], told.append, "no lab")
    assert len(told) == 1, "a figure of 0 is a figure"
    figures.complete({}, ["fps_2g", "fps_4g"], told.append, "no lab", ["2g"])
    assert told[1:] == ["not asked for, so null: all that ends in _2g", "not measured (no lab): fps_4g"]


LADDER = [(0, 5), (10_000, 3), (20_000, 2), (50_000, 3)]


def test_the_level_held_is_the_one_in_the_middle_by_time() -> None:
    assert figures.level_held(LADDER, start=0, end=60_000) == 2, "half of the time was spent there"
    assert figures.level_held(LADDER, start=0, end=12_000) == 5
    assert figures.level_held(LADDER, start=22_000, end=48_000) == 2
    assert figures.level_held([], start=0, end=60_000) is None


def test_level_changes_are_those_within_the_stretch_to_another_level() -> None:
    assert figures.level_changes_per_min(LADDER, start=0, end=60_000) == 3
    assert figures.level_changes_per_min(LADDER, start=15_000, end=45_000) == 2
    assert figures.level_changes_per_min([(0, 5), (10, 5)], start=0, end=60_000) == 0
    assert figures.level_changes_per_min([], start=0, end=60_000) is None


def test_megabytes_an_hour() -> None:
    assert figures.mb_per_hour(1_000_000, 36) == 100


def test_chat_is_scored_on_both_sides() -> None:
    written = ["one", "two", "three"]
    whole = {"chat_lost": 0, "chat_twice": 0, "chat_disordered": 0}
    assert figures.chat_score(written, [["hello", *written], written]) == whole
    assert figures.chat_score(written, [written, ["one", "three"]])["chat_lost"] == 1
    assert figures.chat_score(written, [[*written, "one"], written])["chat_twice"] == 1
    assert figures.chat_score(written, [written, ["two", "one", "three"]])["chat_disordered"] == 1


def test_waiting_at_the_door_again_is_counted() -> None:
    assert figures.times_sent_out(["connecting", "waiting", "in"]) == 0
    assert figures.times_sent_out(["waiting", "in", "connecting", "in"]) == 0
    assert figures.times_sent_out(["waiting", "in", "waiting", "in", "connecting", "waiting"]) == 2


def test_the_same_speech_later_is_found_and_other_sounds_are_not() -> None:
    import random

    from bench import ear

    rng = random.Random(7)
    loud = [rng.random() if rng.random() > 0.4 else 0.0 for _n in range(100)]  # a loudness for each fifth of a second

    def recorded(delay: float, late: float = 0.0) -> list[tuple[float, float, float]]:
        """12 s in blocks of 10 ms; the audio clock began at 500 ms; each block is told up to ``late`` ms later."""
        rows = []
        for n in range(1200):
            at = n * 10.0
            heard = int((at - delay) // 200)
            rows.append((at + 500, at + 1_000_000 + rng.random() * late, loud[heard] if heard >= 0 else 0.0))
        return rows

    for delay in (0, 340, 1200):
        found = ear.delay_ms(recorded(0), recorded(delay, late=30))
        assert found is not None and abs(found - delay) <= 20
    noise = [(at, told, rng.random()) for at, told, _loud in recorded(0)]
    assert ear.delay_ms(recorded(0), noise) is None
    assert ear.delay_ms(recorded(0), []) is None


def test_quality_tells_no_invented_sound_where_no_voice_is_sent() -> None:
    from bench import quality

    seen = {"audio_concealed_pct": 40.0, "video_fps": 0.0, "rtt_ms": 700.0}
    notes, voice = [(0.0, 1)], [(0.0, 2)]
    assert quality.side_figures(seen, notes, (0, 1000))["invented_pct"] is None
    assert quality.side_figures(seen, voice, (0, 1000))["invented_pct"] == 40
    assert quality.side_figures(seen, [], (0, 1000)) == {
        "invented_pct": 40.0, "fps": 0.0, "rtt_ms": 700.0, "level": None, "level_changes_per_min": None,
    }


def test_quality_takes_the_worse_side() -> None:
    from bench import quality

    a = {"invented_pct": 1.0, "fps": 15.0, "level": 5, "level_changes_per_min": 2.0}
    b = {"invented_pct": 3.0, "fps": 20.0, "level": 4, "level_changes_per_min": 0.0}
    assert quality.of_both(a, b) == {"invented_pct": 3.0, "fps": 15.0, "level": 4, "level_changes_per_min": 2.0}


def test_quality_names_each_figure_once() -> None:
    from bench import quality

    wanted = quality.names(["ours", "bare", "livekit"])
    assert len(wanted) == len(set(wanted))
    assert {"invented_pct_2g_both", "bare_fps_burst", "livekit_fps_2g", "mouth_to_ear_ms_16k", "notes_ratio_8k"} <= set(wanted)
    assert not any(name.startswith("livekit") for name in quality.names(["ours", "bare"]))


def test_join_takes_each_contender_at_its_own_picture() -> None:
    from bench import join

    times = {"a_first_frame": 300.0, "b_first_frame": 400.0}
    assert join.pictures(times, mode="", ours=True) == {"ours_ms": 300.0, "counsellor_ms": 400.0}
    assert join.pictures(times, mode="warm", ours=False) == {"bare_ms": 300.0}
    assert join.pictures({**times, "a_first_frame": -600.0}, mode="linked", ours=False) == {"bare_ms_linked": 400.0}
    seen: join.Seen = {"ours_ms_2g": [600.0, 500.0, 700.0], "bare_ms_linked_2g": [500.0, 400.0, None]}
    found = join.figures_of(seen)
    assert found["ratio_linked_2g"] == 1.2
    assert found["ratio_loopback"] is None
    assert set(join.FIGURES) <= set(found)
