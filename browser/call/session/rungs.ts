// What each rung of the ladder sends. Pure.
import { rungAt, smallPicture, stillsBytes, type Path } from "../../line/rungs.js";
import type { Voice } from "../connection/sdp.js";
import type { Media } from "../connection/tuning.js";

export * from "../../line/rungs.js";

export interface Sending extends Media {
  /** Bytes of stills each 250 ms; 0: none. */
  stills: number;
  notes: boolean;
}

const VOICES = {
  thin: { kbit: 6, ptime: 120, red: false, dtx: true },
  lean: { kbit: 6, ptime: 120, red: true, dtx: true },
  plain: { kbit: 12, ptime: 60, red: true, dtx: true },
  stills: { kbit: 12, ptime: 60, red: true, dtx: true },
  small: { kbit: 20, ptime: 60, red: true, dtx: false },
  picture: { kbit: 32, ptime: 20, red: true, dtx: false },
} as const satisfies Record<string, Omit<Voice, "nack">>;

/** ms of round trip from which on what is sent again comes too late, and takes a twentieth of a thin line with it. */
export const FAR = 400;

/** `rate`: what the path takes, in kbit/s; `base`: its least round trip in ms; null where they are not known. Over TCP
 * nothing is lost, so nothing is sent twice. */
export function sendingAt(index: number, rate: number | null, path: Path, base: number | null = null): Sending {
  const { name } = rungAt(index);
  const nothing: Sending = { voice: null, picture: null, stills: 0, notes: false, measured: false };
  if (name === "text") return nothing;
  if (name === "notes") return { ...nothing, notes: true };
  const nack = base === null || base < FAR;
  const voice: Voice = path === "relay-tcp" ? { ...VOICES[name], red: false, nack } : { ...VOICES[name], nack };
  switch (name) {
    case "stills":
      return { ...nothing, voice, stills: stillsBytes(rate) };
    case "small": {
      const kbit = smallPicture(rate);
      const thin = kbit < 80;
      return { ...nothing, voice, picture: { kbit, scale: thin ? 3 : 2, fps: thin ? 15 : 20 } };
    }
    case "picture":
      return { ...nothing, voice, picture: { kbit: 1500, scale: 1, fps: 30 }, measured: true };
    default:
      return { ...nothing, voice };
  }
}
