// What a session will be like, from what was measured: the level that the line will hold, the data it takes, and the
// few things that would help most. By the ladder's own thresholds. Pure.
import { kbitAt, LEVELS, levelAt, LOSS_BORNE, MB_PER_KBIT_HOUR, needs, NOTES, rungFor, THIN, TOP, topOf, type Level, type Path } from "../line/rungs.js";
import { verdictOf, type Facts, type Line, type Verdict } from "./facts.js";

export interface Forecast {
  level: Level;
  /** MB of the whole session, both ways. */
  mb: number;
  /** MB of an hour at each level, should another be held. */
  perHour: number[];
  fixes: Fix[];
}

/** In the order of their weight. */
export const FIXES = ["path", "microphone", "tone", "tcp", "lossy", "busy", "thin", "noise", "far", "light", "camera", "data"] as const;
export type Fix = (typeof FIXES)[number];

const MOST_FIXES = 3;
const WINDOW = 67; // packets of sound in one report of the other side: four seconds at 60 ms
const MUCH_DATA = 100; // MB of a session that deserve a word
const LOSSY = 0.04;
const FAR = 600; // ms there and back; pauses in speech are needed above
const BUSY = 120; // ms of change from one round trip to the next: others use the line as well

/** null: not measured yet. */
export function forecast(facts: Facts, minutes: number): Forecast | null {
  const { line, path } = facts;
  if (!line && path !== "no") return null;
  const rung = path === "no" || !line ? 0 : rungHeld(line);
  const rate = line ? rateOf(line) : null;
  const level = levelAt(rung);
  const hourly = (of: number): number => Math.round(20 * kbitAt(of, rate) * MB_PER_KBIT_HOUR) / 10; // both ways
  const mb = Math.max(1, Math.round((hourly(rung) * minutes) / 60));
  // At another level the rate that was measured tells nothing of its setting: its highest is taken.
  const perHour = Object.values(LEVELS).map((each) => hourly(each === level ? rung : topOf(each)));
  return { level, mb, perHour, fixes: fixesFor(facts, level, mb) };
}

const rateOf = (line: Line): number => Math.min(line.down_kbit, line.up_kbit);
const route = (line: Line): Path => line.route ?? "direct";

export function rungHeld(line: Line): number {
  const fits = rungFor(rateOf(line), route(line));
  if (fits <= THIN) return fits;
  if (line.loss > 2 * LOSS_BORNE) return NOTES;
  if (line.loss > LOSS_BORNE) return THIN;
  // Losses that come in a row make single reports much worse than the mean: the ladder steps back from those.
  return line.loss + spread(line) > LOSS_BORNE ? topOf((levelAt(fits) - 1) as Level) : fits;
}

/** Standard deviation of the share lost in one report. */
function spread({ loss, burst = 1 }: Line): number {
  return Math.sqrt((loss * (1 - loss) * (2 * burst - 1)) / WINDOW);
}

function fixesFor(facts: Facts, level: Level, mb: number): Fix[] {
  const { line, path, microphone, camera, tone, noise, light } = facts;
  const below = level < LEVELS.picture && path !== "no";
  const holds: Record<Fix, boolean> = {
    path: path === "no",
    microphone: microphone !== undefined && microphone !== "on",
    tone: tone === "not_heard",
    tcp: below && line?.route === "relay-tcp",
    lossy: below && line !== undefined && line.loss > LOSSY,
    busy: below && line !== undefined && line.jitter_ms > BUSY,
    thin: below && line !== undefined && rateOf(line) < needs(TOP, route(line)),
    noise: noise === "loud",
    far: path !== "no" && line !== undefined && line.rtt_ms > FAR,
    light: light !== undefined && light !== "fine",
    camera: camera !== undefined && camera !== "on",
    data: mb > MUCH_DATA,
  };
  return FIXES.filter((fix) => holds[fix]).slice(0, MOST_FIXES);
}

/** What is posted: figures and single words, as the server's form has them. */
export function report(facts: Facts, found: Forecast): { verdict: Verdict; facts: Record<string, number | string> } {
  const { line, camera, microphone, noise, noise_db, luminance, path } = facts;
  const { level, mb, fixes } = found;
  const given: Record<string, number | string | undefined> = {
    ...line, camera, microphone, noise, noise_db, light: luminance, path, level, mb, fixes: fixes.join(",") || undefined,
  };
  const told = Object.entries(given).filter((entry): entry is [string, number | string] => entry[1] !== undefined);
  return { verdict: verdictOf(level), facts: Object.fromEntries(told) };
}
