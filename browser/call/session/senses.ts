// Silence, frozen, gone, on the phone, muted: five things that look alike on a screen and mean quite different things to
// somebody who has just said the hardest sentence of her life. What a side knows of itself it tells; only silence, a
// picture that stands still and a line that is gone are read off what arrives. Pure.
import type { DeviceState, OwnState } from "../connection/protocol.js";
import type { Sample } from "../connection/sample.js";
import { LEVELS, type Level } from "./rungs.js";

export type Sense = "talking" | "silence" | "frozen" | "gone" | "phone" | "muted";

export interface Senses {
  sense: Sense;
  /** performance.now() when it became so. */
  since: number;
  /** For how many ms nothing at all came, no picture came, nothing was heard. */
  still: number;
  noFrame: number;
  quiet: number;
}

export interface Told {
  mic?: DeviceState;
  /** The other sends moving pictures, as far as is known. */
  moving: boolean;
}

export const NOTHING_YET: Senses = { sense: "talking", since: 0, still: 0, noFrame: 0, quiet: 0 };

const GONE = 1500; // ms without a byte
const FROZEN = 1400; // ms without a new picture, where moving ones are sent
const QUIET = 1400; // ms
const FAINT = 0.004; // root mean square of 1: below it nothing is said (−48 dB)

/** `glimpse`: half a second. */
export function sensed(before: Senses, glimpse: Sample, told: Told): Senses {
  const ms = glimpse.seconds * 1000;
  const still = glimpse.receivedBytes > 0 ? 0 : before.still + ms;
  const noFrame = !told.moving || glimpse.framesDecoded > 0 || still > 0 ? 0 : before.noFrame + ms;
  const loud = Math.sqrt(glimpse.audioEnergy / Math.max(0.1, glimpse.seconds));
  const quiet = loud > FAINT ? 0 : before.quiet + ms;
  const sense = senseOf(still, noFrame, quiet, told, glimpse.linkUp);
  return { sense, since: sense === before.sense ? before.since : glimpse.at, still, noFrame, quiet };
}

function senseOf(still: number, noFrame: number, quiet: number, told: Told, linkUp: boolean): Sense {
  if (still >= GONE || (!linkUp && still > 0)) return "gone";
  if (told.mic === "taken") return "phone";
  if (told.mic === "off") return "muted";
  if (noFrame >= FROZEN) return "frozen";
  return quiet >= QUIET ? "silence" : "talking";
}

export const LONG_SILENCE = 12_000; // ms; before that a silence needs no word

/** Whether the page has something to draw anew: another sense, a line gone for another while, a silence that got long. */
export function isNews(before: Senses, after: Senses, seconds: number): boolean {
  if (before.sense !== after.sense || after.sense === "gone") return true;
  return after.sense === "silence" && after.quiet > LONG_SILENCE && after.quiet - 1000 * seconds <= LONG_SILENCE;
}

/** Remembers from one glimpse to the next. */
export class Sensing {
  private senses = NOTHING_YET;

  /** The senses where the page has something to draw anew, else null. */
  take(half: Sample, other: OwnState | undefined, level: Level | null): Senses | null {
    const before = this.senses;
    const moving = other?.cam === "on" && (level ?? 0) >= LEVELS.small && other.hidden !== true;
    this.senses = sensed(before, half, { mic: other?.mic, moving });
    return isNews(before, this.senses, half.seconds) ? this.senses : null;
  }
}
