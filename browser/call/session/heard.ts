// When nothing of the other could be heard, as stretches in the session's own time. Pure; times in ms since 1970 on
// the server's clock. The server weighs them against the other side's and its own (callroom/domain/lost.py).
import type { Sample } from "../connection/sample.js";

export interface Stretch {
  from: number;
  to: number;
}

/** What must be known beside the sound itself. */
export interface Around {
  /** The other's microphone is on, as the other side told. */
  mic: boolean;
  /** Live voice is what is sent now; spoken notes and text pass another way. */
  live: boolean;
  /** The other has a seat, and we are in touch with the server that says so. */
  here: boolean;
  online: boolean;
  /** The other went out by the door. */
  left: boolean;
}

export const BREATH = 3000; // ms: what is shorter is no loss
const PIECE = 10_000; // ms: a long one is told in pieces, so that little goes with a tab that dies
const PLAYABLE = 0.05; // share of the sound played that was not made up
const TALKING = 4; // packets a second: fewer is the murmur that is sent in a pause

type Heard = Pick<Sample, "linkUp" | "audioPackets" | "totalSamples" | "concealed" | "seconds">;

/** Sound came and could be played. A long look (a page that was asleep) needs sound for all of it. */
export function hasSound({ linkUp, audioPackets, totalSamples, concealed, seconds }: Heard): boolean {
  if (!linkUp || audioPackets < Math.max(1, seconds)) return false;
  const madeUp = totalSamples > 0 && concealed / totalSamples > 1 - PLAYABLE;
  return !(madeUp && audioPackets / Math.max(seconds, 0.1) >= TALKING);
}

/** Nothing could reach us: no sound where there should be some, or, where nobody speaks aloud, no way for words. */
export function isDeaf(sample: Heard, around: Around): boolean {
  if (around.left || hasSound(sample)) return false;
  if (around.mic && around.live) return true;
  // Her seat is empty and nothing comes: it is no matter what her page said of its microphone while it went down.
  if (around.online && !around.here) return true;
  return !sample.linkUp && !(around.online && around.here);
}

export interface Ear {
  /** The last moment at which all was well; null before the first. */
  good: number | null;
  /** Since when nothing was heard, and from where on it is not told yet. */
  since: number | null;
  from: number | null;
}

export const LISTENING: Ear = { good: null, since: null, from: null };

/** One look further: the ear as it is then, and what is to be told now. */
export function listen(ear: Ear, now: number, deaf: boolean): { ear: Ear; told: Stretch[] } {
  if (!deaf) {
    const told = ear.since !== null && ear.from !== null && now - ear.since > BREATH ? [{ from: ear.from, to: now }] : [];
    return { ear: { good: now, since: null, from: null }, told };
  }
  const since = ear.since ?? ear.good ?? now;
  const from = ear.from ?? since;
  if (now - since <= BREATH || now - from < PIECE) return { ear: { ...ear, since, from }, told: [] };
  return { ear: { ...ear, since, from: now }, told: [{ from, to: now }] };
}

/** How long nothing has been heard, in ms. */
export const deafFor = (ear: Ear, now: number): number => (ear.since === null ? 0 : now - ear.since);
