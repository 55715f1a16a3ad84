// At the door the line is asked once more by the room's own measurement: what it will hold is told to the counsellor
// who is about to open, and kept beside what was foreseen the day before.
import { kbitAt, levelAt, MB_PER_KBIT_HOUR, rungFor, type Level } from "./rungs.js";
import { post } from "./api.js";
import type { Session } from "./session.js";
import { stageOf } from "./state.js";

const HOUR = 3_600_000; // ms

/** What the path lets through in kbit/s, over a session of so many ms. Pure. */
export function atTheDoor(rate: number, ms: number): { level: Level; mb: number } {
  const rung = rungFor(rate, "direct");
  return { level: levelAt(rung), mb: Math.max(1, Math.round((2 * kbitAt(rung, rate) * MB_PER_KBIT_HOUR * ms) / HOUR)) };
}

export function door(session: Session): void {
  let told: number | null = null;
  session.subscribe((state) => {
    const { rate } = state.quality;
    if (rate === null || rate === told || stageOf(state) !== "waiting" || !state.clock) return;
    told = rate;
    const found = atTheDoor(rate, state.clock.ends - state.clock.starts);
    session.line = found;
    session.tellOwnState();
    const verdict = found.level === 5 ? "picture" : found.level >= 2 ? "voice" : "text";
    const facts = { ...found, up_kbit: rate, rtt_ms: state.quality.rtt ?? undefined, where: "door" };
    void post(session.config.urls.forecast, session.config.csrf, { verdict, facts });
  });
}
