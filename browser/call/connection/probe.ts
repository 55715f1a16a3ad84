// How much the path to the other browser takes, by a few small messages sent at once: the narrowest place lets them
// out one after another, and how far apart they arrive is its rate. It may be done before admission (no sound and no
// picture is needed) and costs 1 to 9 kB. The browser's own estimate cannot tell that a line got better.
import { HEADERS, rateOf, type Arrivals } from "../../line/dispersion.js";
import type { Bus } from "./bus.js";

export { FASTEST, rateOf } from "../../line/dispersion.js";

export const KIND = 9;
const HEAD = 3; // bytes of ours: burst, index, count
const GIVE_UP = 6000; // ms for an answer
const QUIET = 700; // ms after the last arrival a burst is over

interface Coming {
  count: number;
  expected: number;
  size: number;
  first: number;
  last: number;
  timer: ReturnType<typeof setTimeout>;
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

  /** Sends a burst; null where no answer came or one is under way. `base`: round trip in ms of a way over TCP. There what
   * follows a loss waits and then comes all at once, so that only the time until the answer tells the rate, at worst too
   * low a one. */
  async measure(count: number, size: number, base: number | null = null): Promise<number | null> {
    if (this.waiting || !this.bus.session) return null;
    const burst = (this.burst = (this.burst + 1) % 256);
    const began = this.clock();
    const answer = new Promise<Arrivals | null>((resolve) => {
      const timer = setTimeout(() => this.waiting?.done(null), GIVE_UP);
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
      message.set([burst, index, count]);
      this.bus.sendOnce(KIND, message);
    }
    const arrivals = await answer;
    const rate = arrivals ? rateOf(arrivals) : null;
    if (rate === null || base === null) return rate;
    return Math.min(rate, (count * (size + HEADERS) * 8) / Math.max(1, this.clock() - began - base));
  }

  private arrived(data: Uint8Array): void {
    const now = this.clock();
    const [burst = 0, , expected = 0] = data;
    if (data.length < HEAD || this.coming.size > 8) return;
    const known = this.coming.get(burst);
    if (known) clearTimeout(known.timer);
    const timer = setTimeout(() => this.report(burst), QUIET);
    const now_ = known
      ? { ...known, count: known.count + 1, last: now, timer }
      : { count: 1, expected, size: data.length, first: now, last: now, timer };
    this.coming.set(burst, now_);
    if (now_.count === now_.expected) this.report(burst);
  }

  private report(burst: number): void {
    const came = this.coming.get(burst);
    if (!came) return;
    clearTimeout(came.timer);
    this.coming.delete(burst);
    this.bus.send("pre.probe", { burst, count: came.count, size: came.size, span: Math.round(10 * (came.last - came.first)) / 10 });
  }

  private answered(body: unknown): void {
    const { burst, count, size, span } = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
    if (this.waiting?.burst !== burst) return;
    if (typeof count !== "number" || typeof size !== "number" || typeof span !== "number") return;
    if (!(count >= 1 && count <= 64 && size > 0 && size < 2000 && span >= 0)) return;
    this.waiting?.done({ count, size, span });
  }
}
