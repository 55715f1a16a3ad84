"""What the noise suppression of a call takes away and what it leaves: `python -m bench.noise`.

Made sounds (`bench/noise_sounds.py`) go through the product's own worklet in headless Chromium, under the product's
content security policy, in an OfflineAudioContext: nothing depends on how busy the machine is, and two runs agree."""

import argparse
import base64
import functools
import http.server
import os
import struct
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.noise_sounds import RATE, Sound, at_level, crying, loudness, mixed, pink, speech
from bench.report import report, say

DIST = Path(__file__).resolve().parents[1] / "tatap" / "static" / "dist"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"
SECONDS = 10.0
SETTLED = 2.0  # s until the model has heard the room
QUIET, SOB = -42.0, -34.0  # dB: speech under one's breath, crying at arm's length

RENDER = """async ([text, rate]) => {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const samples = new Float32Array(bytes.buffer);
  const context = new OfflineAudioContext(1, samples.length, rate);
  await context.audioWorklet.addModule("/filters/noise-worklet.js");
  const wasmBinary = await (await fetch("/filters/rnnoise_simd.wasm")).arrayBuffer();
  const node = new AudioWorkletNode(context, "tatap-rnnoise", { processorOptions: { maxChannels: 1, wasmBinary } });
  await new Promise((done, failed) => {
    node.port.onmessage = ({ data }) => data === "stands" && done();
    setTimeout(() => failed(new Error("the model did not stand within 20 s")), 20_000);
  });
  const buffer = context.createBuffer(1, samples.length, rate);
  buffer.copyToChannel(samples, 0);
  const source = context.createBufferSource();
  source.buffer = buffer;
  source.connect(node).connect(context.destination);
  source.start();
  const out = (await context.startRendering()).getChannelData(0);
  const raw = new Uint8Array(out.buffer, out.byteOffset, out.byteLength);
  let binary = "";
  for (let i = 0; i < raw.length; i += 32768) binary += String.fromCharCode(...raw.subarray(i, i + 32768));
  return btoa(binary);
}"""


class _Files(http.server.SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what is fetched is of no interest."""


@contextmanager
def worklet_page() -> Iterator[Page]:
    """A page of the product's built files, under its policy."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Files, directory=str(DIST)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/filters/")
            yield page
            browser.close()
    finally:
        server.shutdown()
        server.server_close()


def suppressed(page: Page, sound: Sound) -> Sound:
    text = base64.b64encode(struct.pack(f"<{len(sound)}f", *sound)).decode()
    raw = base64.b64decode(page.evaluate(RENDER, [text, RATE]))
    return list(struct.unpack(f"<{len(raw) // 4}f", raw))


def lag(before: Sound, after: Sound) -> int:
    """Samples by which the worklet holds the sound back: where both agree best."""
    start, length = int(SETTLED * RATE), RATE
    part = before[start : start + length : 3]
    return max(range(0, 2000, 4), key=lambda n: abs(sum(a * b for a, b in zip(part, after[start + n : start + n + length : 3], strict=False))))


def kept(before: Sound, after: Sound, *, where: list[bool] | None = None) -> float:
    """Change of level in dB over what is loud in ``before``, by blocks of 10 ms after SETTLED."""
    size, into, out = 480, 0.0, 0.0
    blocks = range(int(SETTLED * RATE), min(len(before), len(after)) - size, size)
    peak = max(loudness(before[i : i + size]) for i in blocks)
    for i in blocks:
        block = before[i : i + size]
        if loudness(block) < peak - 30 or (where is not None and not all(where[i : i + size])):
            continue
        into += sum(s * s for s in block)
        out += sum(s * s for s in after[i : i + size])
    return loudness([(out / into) ** 0.5]) if into and out else -120.0


def swallowed(before: Sound, after: Sound, *, where: list[bool] | None = None) -> float:
    """Percent of the blocks of 10 ms with sound in them (within 30 dB of the loudest) that came out more than 10 dB
    lower. The change of level is ruled by what is loud; this counts a faint syllable as much as a cry."""
    size = 480
    starts = range(int(SETTLED * RATE), min(len(before), len(after)) - size, size)
    levels = {i: loudness(before[i : i + size]) for i in starts if where is None or all(where[i : i + size])}
    heard = [i for i in levels if levels[i] > max(levels.values()) - 30]
    return 100 * sum(loudness(after[i : i + size]) < levels[i] - 10 for i in heard) / max(1, len(heard))


def figures(page: Page, scratch: Path, seed: int) -> dict[str, float]:
    fan = pink(SECONDS, -50, seed)
    said = speech(SECONDS, QUIET, seed, scratch)
    cried, voiced = crying(SECONDS, SOB, seed)
    after = suppressed(page, said)
    held = lag(said, after)
    found = {"delay_ms": 1000 * held / RATE}
    found["fan_reduction_db"] = loudness(fan[int(SETTLED * RATE) :]) - loudness(suppressed(page, fan)[int(SETTLED * RATE) :])
    found["quiet_speech_change_db"] = kept(said, after[held:])
    found["quiet_speech_swallowed_pct"] = swallowed(said, after[held:])
    for snr in (20, 10, 5):
        heard = suppressed(page, mixed(said, pink(SECONDS, QUIET - snr, seed + snr)))[held:]
        found[f"quiet_speech_snr{snr}_change_db"] = kept(said, heard)
        found[f"quiet_speech_snr{snr}_swallowed_pct"] = swallowed(said, heard)
    after = suppressed(page, cried)[held:]
    breath = [not v for v in voiced]
    found["sobs_kept_pct"] = 100 * 10 ** (kept(cried, after, where=voiced) / 10)
    found["gasps_kept_pct"] = 100 * 10 ** (kept(cried, after, where=breath) / 10)
    found["sobs_swallowed_pct"] = swallowed(cried, after, where=voiced)
    after = suppressed(page, mixed(cried, pink(SECONDS, SOB - 15, seed + 15)))[held:]
    found["sobs_snr15_kept_pct"] = 100 * 10 ** (kept(cried, after, where=voiced) / 10)
    found["gasps_snr15_kept_pct"] = 100 * 10 ** (kept(cried, after, where=breath) / 10)
    found["soft_sobs_kept_pct"] = 100 * 10 ** (kept(soft := at_level(cried, SOB - 16), suppressed(page, soft)[held:], where=voiced) / 10)
    return {name: round(value, 1) for name, value in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    if not (DIST / "filters" / "noise-worklet.js").exists():
        sys.exit("The browser's part is not built: run node browser/build.mjs first.")
    rows = []
    with tempfile.TemporaryDirectory(prefix="noise-") as folder, worklet_page() as page:
        for run in range(options.runs):
            rows.append(figures(page, Path(folder), options.seed + run))
            say(f"run {run + 1}: {rows[-1]}")
    middle = {name: sorted(row[name] for row in rows)[len(rows) // 2] for name in rows[0]}
    report("noise", middle, runs=len(rows))


if __name__ == "__main__":
    main()
