// Writes down, a minute at a time, what the line really held and took, so that the forecast can be compared with it.
// Figures only; a minute that could not be told is told with the next.
import type { Sample } from "../connection/sample.js";
import { post } from "./api.js";
import { newKey } from "./keep.js";
import { LEVELS, type Level } from "./rungs.js";
import type { Session } from "./session.js";
import { stageOf } from "./state.js";

const EACH = 60; // seconds
const MOST_WAITING = 60;

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
  private waiting: Held[] = [];

  constructor(private readonly session: Session) {
    session.onSample((sample) => this.add(sample));
    session.subscribe((state, before) => {
      if (stageOf(before) === "in" && stageOf(state) !== "in") this.close();
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

  private close(): void {
    const seconds = Math.round(this.seconds());
    if (seconds < 1) return;
    this.waiting.push({ key: newKey(), level: middleLevel(this.at), seconds, bytes: Math.round(this.bytes) });
    this.waiting = this.waiting.slice(-MOST_WAITING);
    this.at = [];
    this.bytes = 0;
    void this.send();
  }

  private async send(): Promise<void> {
    const rows = this.waiting;
    this.waiting = [];
    const { config } = this.session;
    const { status } = await post(config.urls.held, config.csrf, { held: rows });
    if (status !== 200 && status !== 409 && status !== 422) this.waiting = [...rows, ...this.waiting];
  }
}
