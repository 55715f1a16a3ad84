"""The causes that bench.senses brings about in a page, each as near to what really happens as a page allows.

The page's own microphone and camera (callbench's speech, Chromium's test picture) pass through a gain and a gate that
the page knows nothing of. ``quiet``: the voice stops, the room's faint noise stays. ``no_frames``: the camera delivers
no picture, sound goes on. ``mic_held``, ``mic_and_camera_held``: as in a telephone call, the track falls silent, says
``muted`` and fires ``mute``, and ``unmute`` at its end. ``mic_ended``: the track ends for good, as when a headset is
pulled; at its end the person presses "continue". ``outage``: netlab drops every packet of that side. ``button``: the
product's own mute button. A real telephone call cannot be made in a headless browser: these two events are what it looks like
from inside a page."""

import array
import time
import wave
from pathlib import Path
from typing import Any

from bench import beside  # noqa: F401  (puts callbench on the path)
from bench.senses_figures import shortened

from callbench.bench import voice  # type: ignore[import-not-found]

LONGEST_PAUSE = 0.95  # s: a longer one is a silence within a conversation (Jefferson 1989: about a second is the most)
PAUSE = 130  # of 32767 (-48 dB), above the recording's own noise

#: before the page's own scripts; callbench's probe has come before it
TOOLS = """(() => {
  const now = () => performance.timeOrigin + performance.now();
  const ROOM = 0.0016; // -56 dB, as of a quiet room with a fan
  const cause = (window.__cause = { voice: null, sound: null, picture: null, feeding: true });
  const devices = navigator.mediaDevices;
  const real = devices.getUserMedia.bind(devices);

  function throughGain(device) {
    const context = new AudioContext();
    const gain = context.createGain(), end = context.createMediaStreamDestination();
    context.createMediaStreamSource(new MediaStream([device])).connect(gain).connect(end);
    const noise = context.createBuffer(1, context.sampleRate, context.sampleRate);
    const samples = noise.getChannelData(0);
    for (let i = 0; i < samples.length; i++) samples[i] = (Math.random() * 2 - 1) * ROOM * Math.sqrt(3);
    const room = new AudioBufferSourceNode(context, { buffer: noise, loop: true });
    room.connect(end);
    room.start();
    const track = end.stream.getAudioTracks()[0];
    Object.assign(cause, { voice: gain.gain, sound: held(track) });
    return closing(track, () => { device.stop(); context.close(); });
  }

  function throughGate(device) {
    const { readable } = new MediaStreamTrackProcessor({ track: device });
    const track = new MediaStreamTrackGenerator({ kind: "video" });
    const gate = new TransformStream({
      transform(frame, out) { if (cause.feeding) out.enqueue(frame); else frame.close(); },
    });
    readable.pipeThrough(gate).pipeTo(track.writable).catch(() => device.stop());
    cause.picture = held(track);
    return closing(track, () => device.stop());
  }

  function closing(track, close) {
    const stop = track.stop.bind(track);
    track.stop = () => { stop(); close(); };
    return track;
  }

  // As the browser does it when the system takes a device: the attribute and the event, and nothing comes any more.
  function held(track) {
    let muted = false;
    Object.defineProperty(track, "muted", { get: () => muted });
    return {
      hold(on) { muted = on; track.dispatchEvent(new Event(on ? "mute" : "unmute")); },
      end() { track.stop(); track.dispatchEvent(new Event("ended")); },
    };
  }

  devices.getUserMedia = async (wished) => {
    const stream = await real(wished);
    const sound = stream.getAudioTracks().map(throughGain), picture = stream.getVideoTracks().map(throughGate);
    return new MediaStream([...sound, ...picture]);
  };

  const speak = (on) => cause.voice.setValueAtTime(on ? 1 : 0, 0);
  const holdMic = (on) => { speak(!on); cause.sound.hold(on); };
  Object.assign(cause, {
    quiet(on) { const at = now(); speak(!on); return at; },
    no_frames(on) { cause.feeding = !on; return now(); },
    mic_held(on) { holdMic(on); return now(); },
    mic_and_camera_held(on) { cause.feeding = !on; holdMic(on); cause.picture.hold(on); return now(); },
    mic_ended() { cause.sound.end(); return now(); },
  });
  addEventListener("click", () => { cause.clicked = now(); }, true);

  // What is shown of the other, from here on.
  const seen = (window.__senses = []);
  new MutationObserver(() => {
    const { sense } = document.documentElement.dataset;
    if (seen.at(-1)?.[1] !== sense) seen.push([now(), sense]);
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-sense"] });
})()"""

SHOWS = "(sense) => document.documentElement.dataset.sense === sense"
CLICKED = "__cause.clicked"
TOUCHED = {"button": "[data-controls] [data-toggle-mic]", "mic_ended": "[data-reopen]"}
OUT = 60.0  # s; ended by hand


def speech(folder: Path) -> Path:
    """callbench's speech, without its longest pauses, as a file for the browser's microphone."""
    with wave.open(voice(str(folder / "voice.wav"), seconds=40)) as recorded:
        rate, samples = recorded.getframerate(), array.array("h", recorded.readframes(recorded.getnframes()))
    kept = array.array("h", shortened(samples, rate=rate, longest=LONGEST_PAUSE, faint=PAUSE))
    file = folder / "speech.wav"
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(kept.tobytes())
    return file


def begin(cause: str, lab: Any, side: str, page: Any) -> float:
    """When it began, in ms since 1970."""
    if cause == "outage":
        lab.set(side, down=True)
        return time.time() * 1000
    if cause == "button":
        return touched(page, cause)
    return float(page.evaluate("(name) => __cause[name](true)", cause))


def end(cause: str, lab: Any, side: str, page: Any) -> float:
    if cause == "outage":
        lab.set(side, down=False)
        return time.time() * 1000
    if cause in TOUCHED:
        return touched(page, cause)
    return float(page.evaluate("(name) => __cause[name](false)", cause))


def touched(page: Any, cause: str) -> float:
    page.click(TOUCHED[cause], timeout=5000)
    return float(page.evaluate(CLICKED))
