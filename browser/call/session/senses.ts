// Silence, frozen, gone, on the phone, muted: five things that look alike on a screen and mean quite different things to
// somebody who has just said the hardest sentence of her life. What a side knows of itself it tells; only silence, a
// picture that stands still and a line that is gone are read off what arrives. Pure. bench.senses says how well.
import type { DeviceState, OwnState } from "../connection/protocol.js";
import type { Sample } from "../connection/sample.js";
import { LEVELS, type Level } from "./rungs.js";

export type Sense = "talking" | "silence" | "frozen" | "gone" | "phone" | "muted";

/** What a voice is like. */
export interface Heard {
  /** For how many ms nothing was heard. */
  quiet: number;
  /** How loud the room is while nothing is said, as far as is known; root mean square of 1. */
  room: number;
}

export interface Senses extends Heard {
  sense: Sense;
  /** performance.now() when it became so. */
  since: number;
  /** For how many ms nothing at all came, no picture came. */
  still: number;
  noFrame: number;
}

export interface Told {
  mic?: DeviceState;
  /** The other side says of its own microphone that nothing is said. It knows before we could hear it. */
  quiet?: boolean;
  /** The other sends moving pictures, live voice, as far as is known. */
  moving: boolean;
  voice: boolean;
}

const GONE = 1200; // ms without a byte
const IDLE_GONE = 8000; // ms, where nothing is sent all the while
const FROZEN = 1200; // ms without a new picture, where moving ones are sent
const AGAIN = 1500; // ms more for the first picture over a line that is back: it may have to be asked for
// ms: what is longer than a second is no pause within a conversation but a silence (Jefferson's standard maximum). Four
// glimpses and a little less, as none is of an exact length; what waits to be played comes on top.
const QUIET = 950;
// Of 1, and of the loudest within each hundredth of a second, as browsers count it; speech is at 0.05 and more.
const FAINT = 0.004; // below it nothing is said, in a room without a sound
const ABOVE_ROOM = 2.2; // times as loud as the room: somebody speaks
const NOTHING = 0.0005; // not even a room: what was sent has not come yet, or is held back
const LOUDEST_ROOM = 0.006; // so that the quietest voice is not taken for the room
const RISE = 0.08; // share a second by which the room is thought louder until the next pause tells

export const NOTHING_YET: Senses = { sense: "talking", since: 0, still: 0, noFrame: 0, quiet: 0, room: FAINT / ABOVE_ROOM };

/** `glimpse`: what the connection did in the quarter of a second since the last. */
export function sensed(before: Senses, glimpse: Sample, told: Told): Senses {
  const still = glimpse.receivedBytes > 0 ? 0 : before.still + glimpse.seconds * 1000;
  const noFrame = missing(before, glimpse, told, still);
  const audible = still === 0 && told.voice && (told.mic ?? "on") === "on";
  const { quiet, room } = listened(before, glimpse.audioEnergy, glimpse.seconds, audible);
  const sense = senseOf(still, noFrame, quiet, told, glimpse.linkUp);
  return { sense, since: sense === before.sense ? before.since : glimpse.at, still, noFrame, quiet, room };
}

/** `energy`: as Sample has it. */
function listened({ quiet, room }: Heard, energy: number, seconds: number, audible: boolean): Heard {
  if (!audible) return { quiet: 0, room };
  const loud = Math.sqrt(energy / Math.max(0.1, seconds));
  const longer = loud > Math.max(FAINT, ABOVE_ROOM * room) ? 0 : quiet + seconds * 1000;
  return { quiet: longer, room: loud > NOTHING || longer > QUIET ? roomOf(room, loud, seconds) : room };
}

function missing(before: Senses, { framesDecoded, seconds }: Sample, { moving }: Told, still: number): number {
  if (!moving || framesDecoded > 0) return 0;
  if (still > 0) return before.sense === "gone" ? -AGAIN : 0;
  return before.noFrame + seconds * 1000;
}

/** Follows each pause down at once, and goes up slowly, as a fan that was switched on has to be noticed too. */
function roomOf(before: number, loud: number, seconds: number): number {
  return Math.min(LOUDEST_ROOM, Math.max(NOTHING_YET.room, Math.min(loud, before * (1 + RISE * Math.min(1, seconds)))));
}

function senseOf(still: number, noFrame: number, quiet: number, told: Told, linkUp: boolean): Sense {
  if (still >= (flows(told) ? GONE : IDLE_GONE) || (!linkUp && still > 0)) return "gone";
  if (told.mic === "taken" || told.mic === "ended") return "phone";
  if (told.mic === "off") return "muted";
  if (noFrame >= FROZEN) return "frozen";
  return quiet >= (told.quiet ? 1 : QUIET) ? "silence" : "talking";
}

/** Something comes all the while, in silence too. Without live voice or a device there may be nothing to send. */
const flows = ({ mic = "on", moving, voice }: Told): boolean => moving || (voice && (mic === "on" || mic === "off"));

export const LONG_SILENCE = 12_000; // ms; before that a silence needs no word

/** Whether the page has something to draw anew: another sense, a line gone for another while, a silence that got long. */
export function isNews(before: Senses, after: Senses, seconds: number): boolean {
  if (before.sense !== after.sense || after.sense === "gone") return true;
  return after.sense === "silence" && after.quiet > LONG_SILENCE && after.quiet - 1000 * seconds <= LONG_SILENCE;
}

/** Remembers from one glimpse to the next. */
export class Sensing {
  private senses = NOTHING_YET;
  /** The other side's last word of its own silence. */
  quiet = false;

  /** The senses where the page has something to draw anew, else null. */
  take(glimpse: Sample, other: OwnState | undefined, level: Level | null): Senses | null {
    const before = this.senses;
    const moving = other?.cam === "on" && (level ?? 0) >= LEVELS.small && other.hidden !== true;
    const voice = level === null || level >= LEVELS.voice;
    this.senses = sensed(before, glimpse, { mic: other?.mic, quiet: this.quiet, moving, voice });
    return isNews(before, this.senses, glimpse.seconds) ? this.senses : null;
  }
}

/** Listens to our own microphone, for the other side to be told of a silence without the wait for what is to be played. */
export class OwnSilence {
  private heard: Heard = NOTHING_YET;
  private spoke = false;
  private told = false;

  /** `open`: our live voice is sent and the microphone is on. What there is to tell, else null. */
  take({ saidEnergy, seconds }: Sample, open: boolean): boolean | null {
    this.heard = listened(this.heard, saidEnergy, seconds, open);
    // A browser that does not tell how loud we are is not taken for a silence.
    this.spoke ||= open && saidEnergy > 0 && this.heard.quiet === 0;
    const quiet = this.spoke && this.heard.quiet >= QUIET;
    if (quiet === this.told) return null;
    this.told = quiet;
    return quiet;
  }
}
