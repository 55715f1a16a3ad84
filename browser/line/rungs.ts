// What a line can be asked to carry, and what each level needs of it: one source for the call's ladder and for the
// forecast before it. Pure. Figures: design notes measured on emulated networks, see docs/adr and bench.quality.
import { HEADERS } from "./dispersion.js";

/** How the two reach each other. */
export type Path = "direct" | "relay" | "relay-tcp";

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
export const PLAIN = 4;
export const SMALL = 6;
export const TOP = RUNGS.length - 1;

export const rungAt = (index: number): Rung => RUNGS[Math.max(0, Math.min(TOP, index))] as Rung;
export const levelAt = (index: number): Level => rungAt(index).level;

/** The highest rung of a level. */
export const topOf = (level: Level): number => RUNGS.reduce((top, rung, i) => (rung.level <= level ? i : top), 0);

export const clamp = (value: number, low: number, high: number): number => Math.round(Math.max(low, Math.min(high, value)));

/** Times as much is asked for over TCP: what is lost there holds up what follows. */
const OVER_TCP = 1.5;

export const needs = (index: number, path: Path): number => rungAt(index).needs * (path === "relay-tcp" ? OVER_TCP : 1);

/** The highest rung that a rate in kbit/s is enough for. */
export function rungFor(rate: number, path: Path): number {
  let fits = NOTES;
  for (let i = THIN; i <= TOP; i++) if (needs(i, path) <= rate) fits = i;
  return fits;
}

/** Share of sound lost that a rung above the thinnest is not kept at. */
export const LOSS_BORNE = 0.16;

export const MB_PER_KBIT_HOUR = 3600 / 8 / 1000;

const CARRIED = { text: 1, notes: 8, thin: 11, lean: 17, plain: 27 } as const;
const VOICE_BESIDE = 35; // kbit/s beside a picture
const ON_TOP = 1.1; // headers, and what is sent again

/** At this many kbit/s a small picture of 20 a second mostly fits into one packet: with two, twice as many wait for one
 * that was lost to be sent again. */
const ONE_PACKET = 110;

/** kbit/s that a small picture is sent with. */
export const smallPicture = (rate: number | null): number => clamp(0.45 * (rate ?? 300), 60, ONE_PACKET);

/** What "plain" voice and its headers take at most, in kbit/s. */
const VOICE_KBIT = 33;

/** Of what is left beside the voice: reports, the room's socket and the browser's own looks at the line want some too. */
const STILLS_SHARE = 0.6;

/** Bytes of stills each 250 ms. */
export const stillsBytes = (rate: number | null): number => clamp(((rate ?? 50) - VOICE_KBIT) * 31 * STILLS_SHARE, 150, 1100);

/** A still on its way: about what it weighs (media/still.ts), how soon the next follows (session/stills-desk.ts), and what
 * is around each of its parts (session/stills.ts). */
const STILL = { bytes: 2400, after: 1.65, part: 545, around: HEADERS + 5 };

/** kbit/s of stills: as many as are allowed, and no more than are taken. */
const stillsKbit = (rate: number | null): number =>
  (Math.min(4 * stillsBytes(rate), STILL.bytes / STILL.after) * (1 + STILL.around / STILL.part) * 8) / 1000;

/** About what a rung takes in one direction where the path lets `rate` through, in kbit/s of whole packets. */
export function kbitAt(index: number, rate: number | null): number {
  const { name } = rungAt(index);
  if (name === "small") return VOICE_BESIDE + ON_TOP * smallPicture(rate);
  if (name === "stills") return CARRIED.plain + stillsKbit(rate);
  if (name === "picture") return VOICE_BESIDE + Math.min(1500, 0.75 * (rate ?? 1200));
  return CARRIED[name];
}

/** About what an hour takes at a level, both ways, in MB: to be told before somebody chooses it. */
export function mbPerHour(level: Level): number {
  const kbit = { 0: 1, 1: 8, 2: 26, 3: 38, 4: 190, 5: 900 }[level];
  return Math.max(1, Math.round(2 * kbit * MB_PER_KBIT_HOUR));
}
