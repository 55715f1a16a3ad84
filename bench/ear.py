"""From mouth to ear, truly: how much later the other side hears what was said.

Both pages record how loud it is (every 512 samples, about 11 ms): the sender the track it sends, the receiver
the track it plays, each by an audio context of the same kind, so that what the recording itself costs cancels.
The clock is the machine's one. The delay is the shift at which the two loudness curves agree best, over the
whole stretch; callbench's microphone plays speech with pauses, which agrees at one shift only. It holds capture,
encoding, the network and the jitter buffer; it leaves out the microphone's and the loudspeaker's own delay."""

import math
from collections.abc import Sequence

LISTEN = """() => {
  if (window.__ear) { __ear.sent.length = __ear.heard.length = 0; return; }
  const context = new AudioContext({ latencyHint: "interactive" });
  const ear = (window.__ear = { sent: [], heard: [], context });
  const tap = (into) => {
    const node = context.createScriptProcessor(512, 1, 1);
    let source = null, played = null;
    node.onaudioprocess = (event) => {
      const samples = event.inputBuffer.getChannelData(0);
      let sum = 0;
      for (const sample of samples) sum += sample * sample;
      into.push([event.playbackTime * 1000, performance.timeOrigin + performance.now(), Math.sqrt(sum / samples.length)]);
    };
    node.connect(context.destination);
    return (track) => {
      if (track === played) return;
      source?.disconnect();
      played = track;
      source = track && context.createMediaStreamSource(new MediaStream([track]));
      source?.connect(node);
    };
  };
  const sent = tap(ear.sent), heard = tap(ear.heard);
  const follow = () => {
    let mine = null, theirs = null;
    for (const pc of __bench.pcs) {
      if (pc.connectionState === "closed") continue;
      for (const { track } of pc.getSenders()) if (track?.kind === "audio" && track.readyState === "live") mine = track;
      for (const { track } of pc.getReceivers()) if (track?.kind === "audio" && !track.muted) theirs = track;
    }
    sent(mine);
    heard(theirs);
  };
  follow();
  setInterval(follow, 500);
}"""
HEARD = "({ sent: window.__ear?.sent ?? [], heard: window.__ear?.heard ?? [] })"

Curve = Sequence[Sequence[float]]  # rows of (ms of the audio clock, ms since 1970 when it was told, loudness)
STEP = 10.0  # ms
SURE = 0.5  # correlation below which the two are not the same speech


def even(curve: Curve, *, start: float, end: float) -> list[float]:
    """Loudness every STEP ms from start to end (ms since 1970). The audio clock is set by the report that came
    with the least delay: the others only waited for the page's thread."""
    offset = min(told - at for at, told, _loud in curve)
    out, row = [], 0
    for n in range(int((end - start) / STEP)):
        moment = start + n * STEP - offset
        while row + 1 < len(curve) and curve[row + 1][0] <= moment:
            row += 1
        out.append(math.sqrt(curve[row][2]))
    return out


def delay_ms(sent: Curve, heard: Curve, *, longest: float = 6000) -> float | None:
    """None where too little was recorded or what was heard is not what was said."""
    if not sent or not heard:
        return None
    start = max(sent[0][1], heard[0][1])
    end = min(sent[-1][1], heard[-1][1])
    if end - start < 4000:
        return None
    said, ear = even(sent, start=start, end=end), even(heard, start=start, end=end)
    most = min(int(longest / STEP), len(said) // 2)
    best, at = max((agreement(said[: len(said) - shift], ear[shift:]), shift) for shift in range(most))
    return at * STEP if best >= SURE else None


def agreement(one: Sequence[float], other: Sequence[float]) -> float:
    """Pearson's correlation of two curves of one length; 0 where either is flat."""
    mean, mean_other = sum(one) / len(one), sum(other) / len(other)
    away = [value - mean for value in one]
    away_other = [value - mean_other for value in other]
    spread = math.sqrt(sum(a * a for a in away) * sum(b * b for b in away_other))
    return sum(a * b for a, b in zip(away, away_other, strict=True)) / spread if spread else 0.0
