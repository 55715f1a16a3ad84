// The rungs of the ladder and what each sends. Pure. Figures: design notes measured on emulated networks, see
// docs/adr and bench.quality.
import type { Path } from "../connection/sample.js";
import type { Voice } from "../connection/sdp.js";
import type { Media } from "../connection/tuning.js";

/** As people are told: text, spoken notes, voice, stills beside voice, small picture, picture. */
export type Level = 0 | 1 | 2 | 3 | 4 | 5;

export const LEVELS = { text: 0, notes: 1, voice: 2, stills: 3, small: 4, picture: 5 } as const;

export interface Rung {
  name: "text" | "notes" | "thin" | "lean" | "plain" | "stills" | "small" | "picture";
  level: Level;
  /** kbit/s of whole packets that the path must take for this to be begun. */
  needs: number;
  /** The least on which it is kept. */
  holds: number;
}

export const RUNGS: readonly Rung[] = [
  { name: "text", level: 0, needs: 0, holds: 0 },
  { name: "notes", level: 1, needs: 1, holds: 0 },
  { name: "thin", level: 2, needs: 12, holds: 10 },
  { name: "lean", level: 2, needs: 25, holds: 19 },
  { name: "plain", level: 2, needs: 36, holds: 28 },
  { name: "stills", level: 3, needs: 40, holds: 34 },
  { name: "small", level: 4, needs: 125, holds: 75 },
  { name: "picture", level: 5, needs: 520, holds: 260 },
];
export const NOTES = 1;
export const THIN = 2;
export const SMALL = 6;
export const TOP = RUNGS.length - 1;

export const rungAt = (index: number): Rung => RUNGS[Math.max(0, Math.min(TOP, index))] as Rung;
export const levelAt = (index: number): Level => rungAt(index).level;

/** The highest rung of a level. */
export const topOf = (level: Level): number => RUNGS.reduce((top, rung, i) => (rung.level <= level ? i : top), 0);

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
  small: { kbit: 20, ptime: 60, red: true, dtx: true },
  picture: { kbit: 32, ptime: 20, red: true, dtx: false },
} as const satisfies Record<string, Voice>;

/** What "plain" voice and its headers take at most. */
const VOICE_KBIT = 33;

/** `rate`: what the path takes, in kbit/s; null where it is not known. Over TCP nothing is lost, so nothing is sent twice. */
export function sendingAt(index: number, rate: number | null, path: Path): Sending {
  const { name } = rungAt(index);
  const nothing: Sending = { voice: null, picture: null, stills: 0, notes: false };
  if (name === "text") return nothing;
  if (name === "notes") return { ...nothing, notes: true };
  const voice: Voice = path === "relay-tcp" ? { ...VOICES[name], red: false } : VOICES[name];
  switch (name) {
    case "stills":
      return { ...nothing, voice, stills: clamp(((rate ?? 50) - VOICE_KBIT) * 31 * 0.9, 150, 1100) };
    case "small": {
      // The browser goes below that by itself where it must; it does not know that the voice comes first.
      const kbit = clamp(0.5 * (rate ?? 300), 70, 150);
      return { ...nothing, voice, picture: { kbit, scale: kbit < 80 ? 3 : 2, fps: 15 } };
    }
    case "picture":
      return { ...nothing, voice, picture: { kbit: 1500, scale: 1, fps: 30 } };
    default:
      return { ...nothing, voice };
  }
}

const clamp = (value: number, low: number, high: number): number => Math.round(Math.max(low, Math.min(high, value)));

const MB_PER_KBIT_HOUR = 3600 / 8 / 1000;

/** About what an hour takes at a level, both ways, in MB: to be told before somebody chooses it. */
export function mbPerHour(level: Level): number {
  const kbit = { 0: 1, 1: 8, 2: 26, 3: 38, 4: 190, 5: 900 }[level];
  return Math.max(1, Math.round(2 * kbit * MB_PER_KBIT_HOUR));
}
