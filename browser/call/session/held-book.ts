// Writes down, a minute at a time, what the line really held and took, so that the forecast can be compared with it.
// Figures only; a minute that could not be told is told with the next, after a reload as well. On a thin line they wait: a
// request is a connection made anew, half a second of 50 kbit/s taken from what is being said.
import type { Sample } from "../connection/sample.js";
import { post } from "./api.js";
import { newKey } from "./keep.js";
import { LEVELS, type Level } from "./rungs.js";
import type { Session } from "./session.js";
import { stageOf } from "./state.js";

const EACH = 60; // seconds
const MOST_WAITING = 60;
const THIN_WAITS = 15; // minutes at a time where no moving picture is sent

export interface Held {
  key: string;
  level: Level;
  seconds: number;
  bytes: number;
}

/** The level in force at the middle, by time. Pure. */
export function middleLevel(seconds: readonly number[]): Level {
  const whole = seconds.reduce((sum, each) => sum + each, 0);
  let passed = 0;
  for (const level of Object.values(LEVELS)) {
    passed += seconds[level] ?? 0;
    if (passed >= whole / 2 && whole > 0) return level;
  }
  return LEVELS.text;
}

export class HeldBook {
  private at: number[] = [];
  private bytes = 0;
  private waiting: Held[];
  /** The tab keeps nothing of the session any more. */
  private over = false;

  constructor(private readonly session: Session) {
    this.waiting = session.keep.read<Held[]>("held", []);
    session.onSample((sample) => this.add(sample));
    session.subscribe((state, before) => {
      if (stageOf(before) === "in" && stageOf(state) !== "in") this.close(true);
    });
  }

  private add(sample: Sample): void {
    const { state } = this.session;
    if (stageOf(state) !== "in" || !sample.linkUp) return;
    const { level } = state.quality;
    this.at[level] = (this.at[level] ?? 0) + sample.seconds;
    this.bytes += sample.sentBytes + sample.receivedBytes;
    if (this.seconds() >= EACH) this.close();
  }

  private seconds(): number {
    return this.at.reduce((sum, each) => sum + (each ?? 0), 0);
  }

  private close(over = false): void {
    const seconds = Math.round(this.seconds());
    this.over ||= over;
    const level = middleLevel(this.at);
    if (seconds >= 1) this.keep([...this.waiting, { key: newKey(), level, seconds, bytes: Math.round(this.bytes) }].slice(-MOST_WAITING));
    this.at = [];
    this.bytes = 0;
    if (over || level >= LEVELS.small || this.waiting.length >= THIN_WAITS) void this.send();
  }

  private keep(waiting: Held[]): void {
    this.waiting = waiting;
    if (!this.over) this.session.keep.write("held", waiting.length ? waiting : null);
  }

  private async send(): Promise<void> {
    const rows = this.waiting;
    if (rows.length === 0) return;
    const { config } = this.session;
    const { status } = await post(config.urls.held, config.csrf, { held: rows });
    if (status !== 200 && status !== 409 && status !== 422) return;
    const done = new Set(rows.map(({ key }) => key));
    this.keep(this.waiting.filter(({ key }) => !done.has(key)));
  }
}
