// How much the path to the other browser takes, by a few small messages sent at once: the narrowest place lets them
// out one after another, and how far apart they arrive is its rate. It may be done before admission (no sound and no
// picture is needed) and costs 1 to 9 kB. The browser's own estimate cannot tell that a line got better.
import { HEADERS, rateOf, type Arrivals } from "../../line/dispersion.js";
import type { Bus } from "./bus.js";

export { FASTEST, rateOf } from "../../line/dispersion.js";

export const KIND = 9;
const HEAD = 4; // bytes of ours: burst, index, count, round trip
const GIVE_UP = 6000; // ms for an answer, and two round trips more
const QUIET = 700; // ms after the last arrival a burst is over, and a round trip more: the rest may wait for an answer first
const STEP = 10; // ms of round trip, as a byte tells it
const MOST = 64; // messages
/** Of the time until an answer, the share that the burst itself took at the least: the round trip that is known may have
 * been measured while the way was busy, and so be longer than the whole answer took. */
const LEAST_OF_ALL = 0.15;

interface Coming extends Arrivals {
  expected: number;
  timer: ReturnType<typeof setTimeout>;
}

/** What is known of the way that is asked. */
export interface Way {
  /** Round trip in ms. */
  rtt: number | null;
  tcp: boolean;
}

export class Prober {
  private burst = 0;
  private waiting: { burst: number; done: (arrivals: Arrivals | null) => void } | null = null;
  private readonly coming = new Map<number, Coming>();

  constructor(
    private readonly bus: Bus,
    private readonly clock: () => number = () => performance.now(),
  ) {
    bus.onOnce(KIND, (data) => this.arrived(data));
    bus.on("pre.probe", (body) => this.answered(body));
    bus.onClose(() => this.waiting?.done(null));
  }

  /** A burst is under way. */
  get busy(): boolean {
    return this.waiting !== null;
  }

  /** Sends a burst; null where no answer came or one is under way. Over TCP what follows a loss waits and then comes all at
   * once, so that only the time until the answer tells the rate, at worst too low a one. */
  async measure(count: number, size: number, { rtt, tcp }: Way = { rtt: null, tcp: false }): Promise<number | null> {
    if (this.waiting || !this.bus.session) return null;
    const burst = (this.burst = (this.burst + 1) % 256);
    const began = this.clock();
    const answer = new Promise<Arrivals | null>((resolve) => {
      const timer = setTimeout(() => this.waiting?.done(null), GIVE_UP + 2 * (rtt ?? 0));
      this.waiting = {
        burst,
        done: (arrivals) => {
          clearTimeout(timer);
          this.waiting = null;
          resolve(arrivals);
        },
      };
    });
    const message = new Uint8Array(size);
    for (let index = 0; index < count; index++) {
      message.set([burst, index, count, Math.min(255, Math.ceil((rtt ?? 0) / STEP))]);
      this.bus.sendOnce(KIND, message);
    }
    const arrivals = await answer;
    const rate = arrivals ? rateOf(arrivals, rtt, count) : null;
    if (rate === null || !tcp || rtt === null) return rate;
    const took = this.clock() - began;
    return Math.min(rate, (count * (size + HEADERS) * 8) / Math.max(took - rtt, LEAST_OF_ALL * took));
  }

  private arrived(data: Uint8Array): void {
    const now = this.clock();
    const [burst = 0, , expected = 0, far = 0] = data;
    if (data.length < HEAD || this.coming.size > 8) return;
    const known = this.coming.get(burst);
    if (known) clearTimeout(known.timer);
    const timer = setTimeout(() => this.report(burst), QUIET + far * STEP);
    const coming = { size: data.length, at: [...(known?.at ?? []), now], expected, timer };
    this.coming.set(burst, coming);
    if (coming.at.length >= Math.min(expected, MOST)) this.report(burst);
  }

  private report(burst: number): void {
    const came = this.coming.get(burst);
    if (!came) return;
    clearTimeout(came.timer);
    this.coming.delete(burst);
    const [first = 0] = came.at;
    this.bus.send("pre.probe", { burst, size: came.size, at: came.at.map((ms) => Math.round(10 * (ms - first)) / 10) });
  }

  private answered(body: unknown): void {
    const { burst, size, at } = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
    if (this.waiting?.burst !== burst) return;
    if (typeof size !== "number" || !(size > 0 && size < 2000) || !Array.isArray(at) || at.length < 1 || at.length > MOST) return;
    if (at.every((ms, i): ms is number => typeof ms === "number" && ms >= (i === 0 ? 0 : at[i - 1]))) this.waiting?.done({ size, at });
  }
}
