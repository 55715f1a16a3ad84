"""What a microphone hears in a session, made with a seed: quiet speech, crying, a fan. 48 kHz, one channel, floats.

The speech is espeak-ng's Indonesian where that is installed, else a made voice of glides, formants and pauses; the
crying is always made: sobs (voiced bursts that fall and tremble), gasps (breath alone) and a low whimper."""

import array
import math
import random
import shutil
import subprocess
import wave
from pathlib import Path

RATE = 48_000
Sound = list[float]

SENTENCES = (
    "Saya tidak tahu harus mulai dari mana. Sudah lama saya tidak bisa tidur. "
    "Di rumah tidak ada yang tahu. Saya takut mereka kecewa. Kadang saya hanya ingin semuanya berhenti sebentar."
)


def loudness(sound: Sound) -> float:
    """Root mean square in dB below full scale; silence is -120."""
    power = sum(s * s for s in sound) / max(1, len(sound))
    return 10 * math.log10(power) if power > 1e-12 else -120.0


def at_level(sound: Sound, level: float) -> Sound:
    """The same sound, so loud that what is not pause in it measures ``level``."""
    heard = [s for block in _loud_blocks(sound) for s in block]
    gain = 10 ** ((level - loudness(heard)) / 20)
    return [gain * s for s in sound]


def _loud_blocks(sound: Sound, size: int = 480) -> list[Sound]:
    blocks = [sound[i : i + size] for i in range(0, len(sound) - size + 1, size)]
    peak = max(loudness(block) for block in blocks)
    return [block for block in blocks if loudness(block) > peak - 30]


def mixed(*sounds: Sound) -> Sound:
    return [sum(values) for values in zip(*sounds, strict=False)]


def silence(seconds: float) -> Sound:
    return [0.0] * int(seconds * RATE)


def pink(seconds: float, level: float, seed: int) -> Sound:
    """Steady noise as of a fan, -3 dB an octave (Paul Kellet's filter)."""
    rng, out = random.Random(seed), []
    b0 = b1 = b2 = 0.0
    for _ in range(int(seconds * RATE)):
        white = rng.gauss(0, 1)
        b0 = 0.99765 * b0 + white * 0.0990460
        b1 = 0.96300 * b1 + white * 0.2965164
        b2 = 0.57000 * b2 + white * 1.0526913
        out.append(b0 + b1 + b2 + white * 0.1848)
    gain = 10 ** ((level - loudness(out)) / 20)
    return [gain * s for s in out]


class _Formants:
    """A throat: resonances over a buzz or a breath."""

    def __init__(self, *places: tuple[float, float, float]) -> None:
        self.filters = [[*self._filter(hertz, width), gain, 0.0, 0.0] for hertz, width, gain in places]

    @staticmethod
    def _filter(hertz: float, width: float) -> tuple[float, float]:
        r = math.exp(-math.pi * width / RATE)
        return 2 * r * math.cos(2 * math.pi * hertz / RATE), -r * r

    def __call__(self, sample: float) -> float:
        total = 0.0
        for state in self.filters:
            y = (1 + state[1]) * sample * 0.3 + state[0] * state[3] + state[1] * state[4]
            state[4], state[3] = state[3], y
            total += state[2] * y
        return total


VOWELS = {
    "a": ((750, 90, 1.0), (1250, 110, 0.6), (2600, 160, 0.25)),
    "i": ((320, 60, 1.0), (2300, 120, 0.4), (3000, 180, 0.25)),
    "u": ((350, 60, 1.0), (750, 90, 0.5), (2500, 160, 0.1)),
    "e": ((500, 70, 1.0), (1900, 110, 0.5), (2600, 160, 0.25)),
}


def _voiced(seconds: float, pitch: tuple[float, float], vowel: str, rng: random.Random, *, breath: float, tremor: float = 0.0) -> Sound:
    """One stretch of voice: the pitch goes from one to the other, with the tremor of a crying throat (6 Hz)."""
    throat, out, phase = _Formants(*VOWELS[vowel]), [], 0.0
    length = int(seconds * RATE)
    for i in range(length):
        part = i / length
        wobble = 1 + tremor * math.sin(2 * math.pi * 6 * i / RATE)
        phase = (phase + (pitch[0] + (pitch[1] - pitch[0]) * part) * wobble * (1 + 0.01 * rng.gauss(0, 1)) / RATE) % 1
        buzz = 2 * (1 - phase) ** 3 - 0.5  # a glottis closes suddenly and opens slowly
        shape = math.sin(math.pi * min(1, part * 1.1)) ** 0.6 if part < 0.9 else math.sin(math.pi * 0.99) ** 0.6 * (1 - part) * 10
        out.append(shape * wobble * throat((1 - breath) * buzz + breath * rng.gauss(0, 0.6)))
    return out


def _breath(seconds: float, rng: random.Random) -> Sound:
    """A gasp drawn in: breath alone, rising."""
    throat, length = _Formants((1600, 700, 1.0), (2800, 900, 0.8), (4500, 1400, 0.5)), int(seconds * RATE)
    return [math.sin(math.pi * (i / length) ** 1.5) * throat(rng.gauss(0, 0.5)) for i in range(length)]


def crying(seconds: float, level: float, seed: int) -> tuple[Sound, list[bool]]:
    """The sound, and for each sample whether the voice (True) or breath and pause (False) is in it."""
    rng, out, voiced = random.Random(seed), [], []
    while len(out) < seconds * RATE:
        parts: list[tuple[Sound, bool]] = [(at_level(_breath(rng.uniform(0.3, 0.5), rng), -12), False)]
        for _ in range(rng.randint(2, 4)):
            high = rng.uniform(330, 520)
            sob = _voiced(rng.uniform(0.18, 0.4), (high, high * 0.7), rng.choice("aue"), rng, breath=0.35, tremor=0.05)
            parts += [(at_level(sob, 0), True), (silence(rng.uniform(0.06, 0.15)), False)]
        low = rng.uniform(250, 340)
        whimper = _voiced(rng.uniform(0.5, 0.9), (low, low * 0.9), "u", rng, breath=0.2, tremor=0.04)
        parts += [(at_level(whimper, -6), True), (silence(rng.uniform(0.4, 0.9)), False)]
        for sound, voice in parts:
            out += sound
            voiced += [voice] * len(sound)
    length = int(seconds * RATE)
    return at_level(out[:length], level), voiced[:length]


def speech(seconds: float, level: float, seed: int, scratch: Path) -> Sound:
    said = _espeak(scratch / "speech.wav") or _made_speech(seconds, seed)
    while len(said) < seconds * RATE:
        said = said + said
    return at_level(said[: int(seconds * RATE)], level)


def _made_speech(seconds: float, seed: int) -> Sound:
    rng, out = random.Random(seed), []
    while len(out) < seconds * RATE:
        for _ in range(rng.randint(5, 9)):
            pitch = rng.uniform(150, 230)
            out += at_level(_breath(rng.uniform(0.04, 0.09), rng), -18)
            out += at_level(_voiced(rng.uniform(0.12, 0.24), (pitch, pitch * 0.9), rng.choice("aiue"), rng, breath=0.1), rng.uniform(-6, 0))
        out += silence(rng.uniform(0.4, 0.9))
    return out


def _espeak(path: Path) -> Sound | None:
    program = shutil.which("espeak-ng")
    if program is None:
        return None
    subprocess.run([program, "-v", "id", "-s", "140", "-w", str(path), SENTENCES], check=True, timeout=60)
    with wave.open(str(path)) as said:
        rate, samples = said.getframerate(), array.array("h", said.readframes(said.getnframes()))
    step = rate / RATE
    return [_between(samples, i * step) / 32768 for i in range(int((len(samples) - 1) / step))]


def _between(samples: "array.array[int]", at: float) -> float:
    low = int(at)
    return samples[low] + (samples[low + 1] - samples[low]) * (at - low)
