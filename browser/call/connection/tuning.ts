// What our senders may send: how much, how large, how often. Sound always goes before picture.
import type { Voice } from "./sdp.js";

export interface Picture {
  kbit: number;
  /** Shrunk by this factor on each side. */
  scale: number;
  fps: number;
}

/** null: that kind is not sent at all. */
export interface Media {
  voice: Voice | null;
  picture: Picture | null;
  /** Whether the browser finds out by itself what the line takes. Both sides do or neither: who does not measure does not
   * report either, and without reports the other's estimate decays to nothing. */
  measured: boolean;
}

/** Until the ladder has measured: what a rural 3G line bears. */
export const FIRST: Media = {
  voice: { kbit: 20, ptime: 60, red: true, dtx: false, nack: true },
  picture: { kbit: 150, scale: 2, fps: 15 },
  measured: true,
};

export function encoding(kind: "audio" | "video", { voice, picture }: Media): RTCRtpEncodingParameters {
  if (kind === "audio") {
    return { active: voice !== null, maxBitrate: (voice?.kbit ?? 6) * 1000, priority: "high", networkPriority: "high" };
  }
  const { kbit, scale, fps } = picture ?? { kbit: 50, scale: 4, fps: 10 };
  return {
    active: picture !== null, maxBitrate: kbit * 1000, scaleResolutionDownBy: scale, maxFramerate: fps,
    priority: "low", networkPriority: "low",
  };
}

type Wished = RTCRtpSendParameters & { degradationPreference?: string };

export async function tune(sender: RTCRtpSender, kind: "audio" | "video", media: Media): Promise<void> {
  const parameters = sender.getParameters() as Wished;
  const first = parameters.encodings?.[0];
  if (!first) return;
  const wanted = encoding(kind, media);
  const same = Object.entries(wanted).every(([name, value]) => first[name as keyof RTCRtpEncodingParameters] === value);
  if (same) return;
  Object.assign(first, wanted);
  // A face is read from its movement: rather smaller than slower.
  if (kind === "video") parameters.degradationPreference = "maintain-framerate";
  await sender.setParameters(parameters);
}
