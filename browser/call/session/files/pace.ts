// How fast a file may go beside a voice. Pure: it gives way as soon as packets begin to queue.
import { LEVELS } from "../rungs.js";

export interface Line {
  /** The lower of what both sides send. */
  level: number;
  /** Round trip in ms; null where it is not known. */
  rtt: number | null;
}

export const SLOWEST = 8; // bytes a ms, so 64 kbit/s
const START = 24;
const MOST: Record<number, number> = { 4: 12, 5: 160 };
const QUEUES = 80; // ms of round trip over the shortest one seen: something is waiting in the line
const OFTEN = 1000; // ms between two looks; the round trip is told once a second
const LONGEST = 1000; // ms made up for where the page slept

export class Pace {
  private rate = START;
  private shortest = Infinity;
  private looked = -Infinity;
  private last: number | null = null;

  /** Bytes that may go now. 0 where the line is too thin for a file. */
  next({ level, rtt }: Line, now: number): number {
    const passed = Math.min(now - (this.last ?? now), LONGEST);
    this.last = now;
    if (level < LEVELS.small) {
      this.rate = SLOWEST;
      return 0;
    }
    if (rtt !== null) this.shortest = Math.min(this.shortest, rtt);
    if (now - this.looked >= OFTEN) {
      this.looked = now;
      const queues = rtt !== null && rtt > this.shortest + QUEUES;
      this.rate = queues ? Math.max(SLOWEST, this.rate / 2) : this.rate * 1.25;
    }
    this.rate = Math.min(this.rate, MOST[level] ?? SLOWEST);
    return Math.max(1, Math.round(this.rate * passed));
  }
}
