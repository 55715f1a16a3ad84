// Which codecs are asked for first. Pure: lists in, lists out.

type Codec = { mimeType: string };

const AUDIO = ["audio/red", "audio/opus"]; // spoken redundancy first: Chromium ranks it below Opus by itself
const VIDEO = ["video/vp8"]; // the cheapest to make on an old phone

export function ranked<T extends Codec>(codecs: readonly T[], first: readonly string[]): T[] {
  const rank = ({ mimeType }: T): number => {
    const at = first.indexOf(mimeType.toLowerCase());
    return at < 0 ? first.length : at;
  };
  return [...codecs].sort((a, b) => rank(a) - rank(b));
}

export function prefer(transceiver: RTCRtpTransceiver): void {
  const kind = transceiver.receiver.track.kind;
  const able = typeof RTCRtpReceiver !== "undefined" ? RTCRtpReceiver.getCapabilities?.(kind) : null;
  if (!able || typeof transceiver.setCodecPreferences !== "function") return;
  try {
    transceiver.setCodecPreferences(ranked(able.codecs, kind === "audio" ? AUDIO : VIDEO));
  } catch {
    // A browser that refuses the list keeps its own order; the call works either way.
  }
}
