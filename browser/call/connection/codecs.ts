// Which codecs and header extensions are asked for. Few: a description of 2.4 kB instead of 5.5 is a second at 50 kbit/s.

type Codec = { mimeType: string };

const AUDIO = ["audio/red", "audio/opus"]; // spoken redundancy first: Chromium ranks it below Opus by itself
const VIDEO = ["video/vp8", "video/rtx"]; // the cheapest to make on an old phone; rtx repairs it
const EXTENSIONS = ["sdes:mid", "transport-wide-cc", "video-orientation", "abs-send-time"];

/** The wanted ones in our order, or all in the browser's where it has not got the first of them. */
export function chosen<T extends Codec>(codecs: readonly T[], wanted: readonly string[]): T[] {
  const rank = ({ mimeType }: T): number => wanted.indexOf(mimeType.toLowerCase());
  const got = codecs.filter((codec) => rank(codec) >= 0).sort((a, b) => rank(a) - rank(b));
  return got.some(({ mimeType }) => /opus|vp8/i.test(mimeType)) ? got : [...codecs];
}

interface Extension {
  uri: string;
  direction: string;
}
interface Negotiable {
  getHeaderExtensionsToNegotiate?: () => Extension[];
  setHeaderExtensionsToNegotiate?: (extensions: Extension[]) => void;
}

export function prefer(transceiver: RTCRtpTransceiver): void {
  const kind = transceiver.receiver.track.kind;
  try {
    const able = typeof RTCRtpReceiver !== "undefined" ? RTCRtpReceiver.getCapabilities?.(kind) : null;
    if (able && typeof transceiver.setCodecPreferences === "function") {
      transceiver.setCodecPreferences(chosen(able.codecs, kind === "audio" ? AUDIO : VIDEO));
    }
    const extended = transceiver as RTCRtpTransceiver & Negotiable;
    const known = extended.getHeaderExtensionsToNegotiate?.();
    if (known) {
      const keep = ({ uri }: Extension) => EXTENSIONS.some((name) => uri.includes(name));
      extended.setHeaderExtensionsToNegotiate?.(known.map((e) => ({ ...e, direction: keep(e) ? "sendrecv" : "stopped" })));
    }
  } catch {
    // A browser that refuses the list keeps its own; the call works either way.
  }
}
