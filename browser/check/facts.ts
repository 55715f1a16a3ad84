// What a device and its line can do, and what follows from the figures. Pure.
import type { Opened } from "../call/media/problems.js";
import { LEVELS, type Level, type Path as Route } from "../line/rungs.js";

export type Verdict = "picture" | "voice" | "text";
export type Noise = "quiet" | "some" | "loud";
export type Light = "dark" | "fine" | "bright" | "behind";
export type Path = "yes" | "no" | "unknown";

export interface Line {
  rtt_ms: number;
  jitter_ms: number;
  /** Between 0 and 1: pings that did not come back in time. */
  loss: number;
  down_kbit: number;
  up_kbit: number;
  /** How the relay is reached; not there: no relay was asked. */
  route?: Route;
  /** How many are lost in a row, on average. */
  burst?: number;
}

export interface Facts {
  camera?: Opened;
  microphone?: Opened;
  noise?: Noise;
  noise_db?: number;
  light?: Light;
  luminance?: number;
  tone?: "heard" | "not_heard";
  path?: Path;
  line?: Line;
}

/** In three words, for lists: what the level of a forecast means. */
export const verdictOf = (level: Level): Verdict =>
  level === LEVELS.picture ? "picture" : level >= LEVELS.voice ? "voice" : "text";

/** From the median level of a quiet moment, in dB below full scale. */
export function noiseOf(decibels: number): Noise {
  return decibels < -50 ? "quiet" : decibels < -36 ? "some" : "loud";
}

/** From the mean brightness (0–255) of the picture's middle, where the face is, and of its rim. */
export function lightOf(middle: number, rim: number): Light {
  if (middle < 50) return rim > middle + 60 ? "behind" : "dark";
  if (rim > middle + 70) return "behind";
  return middle > 225 ? "bright" : "fine";
}

export type LineWord = "good" | "middling" | "weak" | "text";

export function lineWord(level: Level): LineWord {
  if (level >= LEVELS.small) return level === LEVELS.picture ? "good" : "middling";
  return level >= LEVELS.voice ? "weak" : "text";
}

const LATE = 150; // ms

/** Median round trip, mean change from one to the next, and the share that never came back. */
export function rounds(pings: readonly (number | null)[]): Pick<Line, "rtt_ms" | "jitter_ms" | "loss"> {
  const answered = pings.filter((ms): ms is number => ms !== null);
  // TCP sends again what is lost, a fifth of a second later at the soonest: a straggler is one that was lost.
  const late = LATE + 1.6 * ([...answered].sort((a, b) => a - b)[Math.floor((answered.length - 1) / 2)] ?? 0);
  const back = answered.filter((ms) => ms < late);
  const sorted = [...back].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 ? sorted[middle] : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
  const steps = back.slice(1).map((ms, i) => Math.abs(ms - (back[i] ?? ms)));
  return {
    rtt_ms: Math.round(median ?? 0),
    jitter_ms: Math.round(steps.length ? steps.reduce((a, b) => a + b, 0) / steps.length : 0),
    loss: pings.length ? (pings.length - back.length) / pings.length : 1,
  };
}
