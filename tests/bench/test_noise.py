"""The product's own noise suppression leaves a quiet voice and crying alone; and its bench would tell if it did not."""

from pathlib import Path

import pytest

from bench.noise import DIST, RATE, SETTLED, figures, kept, lag, swallowed, worklet_page
from bench.noise_sounds import at_level, crying, loudness, pink, silence, speech


def test_levels_are_what_they_are_called() -> None:
    assert abs(loudness(pink(1, -50, 1)) + 50) < 0.1
    assert loudness(silence(0.1)) == -120.0


def test_kept_tells_what_was_taken_away(tmp_path: Path) -> None:
    said = speech(3, -42, 1, tmp_path)
    assert abs(kept(said, said)) < 0.01
    assert abs(kept(said, [s / 2 for s in said]) + 6) < 0.1
    cried, voiced = crying(6, -34, 1)
    gone = [0.0 if voice else s for s, voice in zip(cried, voiced, strict=True)]
    assert kept(cried, gone, where=voiced) < -60
    assert abs(kept(cried, gone, where=[not v for v in voiced])) < 0.5
    assert swallowed(cried, gone, where=voiced) == 100
    assert swallowed(cried, cried, where=voiced) == 0


def test_lag_finds_how_long_a_sound_is_held_back(tmp_path: Path) -> None:
    said = at_level(speech(4, -42, 1, tmp_path), -20)
    assert abs(lag(said, [0.0] * 640 + said) - 640) <= 4
    assert len(said) > (SETTLED + 1) * RATE


@pytest.mark.browser
def test_a_quiet_voice_and_sobs_survive_while_a_fan_goes(tmp_path: Path) -> None:
    assert (DIST / "filters" / "noise-worklet.js").exists(), "run node browser/build.mjs first"
    with worklet_page() as page:
        found = figures(page, tmp_path, 1)
    assert found["fan_reduction_db"] >= 25
    assert abs(found["quiet_speech_change_db"]) <= 1
    assert found["quiet_speech_snr20_change_db"] >= -1
    assert found["quiet_speech_snr10_change_db"] >= -2
    assert found["quiet_speech_swallowed_pct"] <= 2
    assert found["quiet_speech_snr10_swallowed_pct"] <= 10
    assert found["sobs_swallowed_pct"] <= 2
    assert found["sobs_kept_pct"] >= 90
    assert found["sobs_snr15_kept_pct"] >= 80
    assert found["soft_sobs_kept_pct"] >= 90
    assert found["delay_ms"] <= 30
    # Why it is off at first, and why its switch says so: the day this holds no longer, both may change.
    assert found["gasps_kept_pct"] < 50, "breaths survive now: think again about the default and its words"
