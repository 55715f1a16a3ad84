// The session's clock is the server's. Pure; times in ms since 1970, lengths in ms.

export interface Anchor {
  /** The server's time when `local` was read off this page's own stopwatch (performance.now). */
  server: number;
  local: number;
  starts: number;
  ends: number;
}

export type Phase = "before" | "opening" | "working" | "closing" | "over";

const MINUTE = 60_000;
export const CUES = [15, 10, 5] as const;

export const serverNow = (anchor: Anchor, local: number): number => anchor.server + (local - anchor.local);

/** As the server's rule has it: opening is the first eighth, closing the last fifth and at most ten minutes. */
export function phaseAt({ starts, ends }: Anchor, now: number): Phase {
  const length = ends - starts;
  if (now < starts) return "before";
  if (now >= ends) return "over";
  if (now < starts + length / 8) return "opening";
  return now >= ends - Math.min(length / 5, 10 * MINUTE) ? "closing" : "working";
}

/** How much of the session is past, between 0 and 1. */
export function share({ starts, ends }: Anchor, now: number): number {
  return Math.min(1, Math.max(0, (now - starts) / (ends - starts)));
}

/** Whole minutes to the start (before) or to the end; the last begun minute counts as one. */
export function minutesLeft(anchor: Anchor, now: number): number {
  const until = now < anchor.starts ? anchor.starts : anchor.ends;
  return Math.max(0, Math.ceil((until - now) / MINUTE));
}

/** The quiet word to the counsellor, in the minute after 15, 10 and 5 minutes are left. */
export function cueAt(anchor: Anchor, now: number): (typeof CUES)[number] | null {
  const left = (anchor.ends - now) / MINUTE;
  return CUES.find((cue) => left <= cue && left > cue - 1) ?? null;
}

/** Minutes after the start, for somebody who is not there yet. */
export const minutesLate = (anchor: Anchor, now: number): number =>
  Math.max(0, Math.floor((now - anchor.starts) / MINUTE));
