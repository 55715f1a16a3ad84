// What a device and its line can do, and what follows from the figures. Pure.
import type { Opened } from "../call/media/problems.js";

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

// Rates in kbit/s with headroom over what a call was measured to need: a small picture and voice 250 each way,
// voice with its redundancy 40, voice at its barest 16.
const PICTURE_KBIT = 300;
const VOICE_KBIT = 24;

/** Text where no path for media exists, whatever the line; unknown figures count against nothing. */
export function verdictOf({ path, line, microphone, camera }: Facts): Verdict {
  if (path === "no") return "text";
  if (!line) return "voice";
  const rate = Math.min(line.down_kbit, line.up_kbit);
  if (rate < VOICE_KBIT || line.loss > 0.3 || line.rtt_ms > 2500) return "text";
  const noCamera = camera !== undefined && camera !== "on";
  if (noCamera && microphone !== undefined && microphone !== "on" && line.down_kbit < PICTURE_KBIT) return "text";
  if (rate < PICTURE_KBIT || line.loss > 0.08 || line.rtt_ms > 800 || line.jitter_ms > 250) return "voice";
  return "picture";
}

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

export function lineWord(facts: Facts): LineWord {
  if (!facts.line) return "middling";
  const verdict = verdictOf({ path: "yes", line: facts.line });
  if (verdict === "text") return "text";
  if (verdict === "picture") return "good";
  return Math.min(facts.line.down_kbit, facts.line.up_kbit) < 64 ? "weak" : "middling";
}


/** Median round trip, mean change from one to the next, and the share that never came back. */
export function rounds(pings: readonly (number | null)[]): Pick<Line, "rtt_ms" | "jitter_ms" | "loss"> {
  const back = pings.filter((ms): ms is number => ms !== null);
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

export const kbit = (bytes: number, ms: number): number => (ms > 0 ? Math.round((bytes * 8) / ms) : 0);

/** What is posted: figures and single words, as the server's form has them. */
export function report(facts: Facts): { verdict: Verdict; facts: Record<string, number | string> } {
  const { line, camera, microphone, noise, noise_db, luminance, path } = facts;
  const given: Record<string, number | string | undefined> = { ...line, camera, microphone, noise, noise_db, light: luminance, path };
  const told = Object.entries(given).filter((entry): entry is [string, number | string] => entry[1] !== undefined);
  return { verdict: verdictOf(facts), facts: Object.fromEntries(told) };
}
