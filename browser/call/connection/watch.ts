// Watches one RTCPeerConnection and says when a new path should be looked for.
import type { LinkState } from "./peer-state.js";
import { inUse } from "./path.js";
import { linkState } from "./peer-state.js";
import { seek } from "./seek.js";
import { ALIVE, isStill, seen } from "./still.js";

export interface WatchOptions {
  onState: (state: LinkState) => void;
  onDoubt: () => Promise<boolean>;
  /** Whether the other could hear of a new path now: without that, looking for one is in vain. */
  reachable: () => boolean;
  /** Whether the other does hear. */
  hears: () => Promise<boolean>;
  /** Nothing has begun: what was asked of the other may not have reached anybody. */
  ask: () => void;
  /** Nothing comes in, though the server is reached: the path is dead, not the line. */
  onStill: () => void;
  restart: () => void;
  rebuild: () => void;
}

const PATIENCE = 1500; // ms of "disconnected" before a new path is looked for
const AGAIN = 6000; // ms between tries
const MOST_TIMES = 4;
const ASK = 3000; // ms
const OFFERED_WITHIN = 2000; // ms
const TRIES = 2; // restarts before everything is made anew
const SEEK = 1000; // ms
const MOST_SOUGHT = 300; // each time the description grows by what was told
const LOST: ReadonlySet<RTCPeerConnectionState> = new Set(["disconnected", "failed"]);
const LISTEN = 400; // ms between looks at what comes in

/** How long a path asked for is waited for: longer after each that came to nothing, also when all was made anew. On the
 * thinnest line an offer and its answer take as long as a try gets elsewhere, and another try would be in their way. */
export class Waits {
  private times = 1;

  get ms(): number {
    return AGAIN * this.times;
  }

  longer(): void {
    this.times = Math.min(MOST_TIMES, this.times + 1);
  }

  came(): void {
    this.times = 1;
  }
}

export class Watch {
  private timer: number | undefined;
  private readonly stall: number;
  private readonly asking: number;
  private readonly seeking: number;
  private sought = 0;
  /** Something failed that the state of the connection does not tell. */
  private suspected = false;
  private tries = 0;
  private mending = false;
  /** What had come in when the state was last looked at. */
  private before = -1;
  private still = ALIVE;
  private asked = false;
  private stuck = false;
  private stopped = false;
  /** performance.now() when a new path was last asked for: it gets its time. */
  private lookedAt = -Infinity;

  constructor(
    private readonly pc: RTCPeerConnection,
    private readonly waits: Waits,
    private readonly options: WatchOptions,
  ) {
    pc.onconnectionstatechange = () => this.changed();
    this.stall = window.setInterval(() => void this.listen(), LISTEN);
    this.asking = window.setInterval(() => pc.connectionState === "new" && options.reachable() && options.ask(), ASK);
    this.seeking = window.setInterval(() => void this.seek(), SEEK);
    this.changed();
  }

  stop(): void {
    this.stopped = true;
    this.pc.onconnectionstatechange = null;
    clearTimeout(this.timer);
    clearInterval(this.stall);
    clearInterval(this.asking);
    clearInterval(this.seeking);
  }

  /** The addresses that were told may lead there again at any moment. */
  private async seek(): Promise<void> {
    if (!LOST.has(this.pc.connectionState) || this.sought >= MOST_SOUGHT) return;
    if (await seek(this.pc, this.sought)) this.sought += 1;
  }

  /** Something about it failed; it gets its time to come right, then a path is looked for. */
  suspect(): void {
    this.suspected = true;
    this.later(this.waits.ms);
  }

  /** The other is about to offer a path, where there is none; if it does not, one is looked for. */
  expect(): void {
    if (this.pc.connectionState === "connected" && !this.stuck) return;
    this.suspected = true;
    this.later(OFFERED_WITHIN);
  }

  /** A new path is being looked for. */
  looking(): void {
    this.lookedAt = performance.now();
  }

  private changed(): void {
    const state = this.pc.connectionState;
    this.options.onState(linkState(state));
    clearTimeout(this.timer);
    if (state === "connected") {
      this.tries = 0;
      this.waits.came();
    } else if (state === "disconnected") {
      void this.options.onDoubt();
      void this.signs().then((signs) => (this.before = signs));
      this.later(Math.max(PATIENCE, this.lookedAt + this.waits.ms - performance.now()));
    } else if (state === "failed") void this.mend();
    else if (state !== "closed") this.later(this.waits.ms);
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.unlessAlive(), ms);
  }

  /** A browser calls a path disconnected whose answers take longer than 2.5 s. As long as anything comes by it, it is only
   * slow, and what a new one takes from it makes it slower; where only what goes out is lost, the other side notices. */
  private async unlessAlive(): Promise<void> {
    const signs = this.pc.connectionState === "disconnected" ? await this.signs() : -1;
    const alive = this.before >= 0 && signs > this.before;
    this.before = signs;
    if (this.stopped) return;
    if (alive) this.later(PATIENCE);
    else void this.mend();
  }

  /** Nothing is to be done, or it is just being asked whether anything can be. */
  private get well(): boolean {
    return this.stopped || this.mending || (this.pc.connectionState === "connected" && !this.suspected);
  }

  private async mend(): Promise<void> {
    if (this.well) return;
    void this.options.onDoubt();
    if (!this.options.reachable()) {
      this.tries = 0;
      this.later(AGAIN);
      return;
    }
    this.mending = true;
    const heard = this.pc.connectionState === "new" || (await this.options.hears());
    this.mending = false;
    if (this.well) return;
    if (!heard) return this.later(PATIENCE);
    this.suspected = false;
    this.tries += 1;
    const { ms } = this.waits;
    this.waits.longer();
    // "new" after so long: the offer, the wish for one or the answer was lost on the way.
    if (this.tries > TRIES || this.pc.connectionState === "new") this.options.rebuild();
    else {
      this.options.restart();
      this.later(ms);
    }
  }

  /** Unusually long without a sign of life: where the other hears by way of the server meanwhile, another path is needed. */
  private async listen(): Promise<void> {
    if (this.pc.connectionState !== "connected") return;
    const before = this.still;
    this.still = seen(before, await this.signs(), performance.now());
    if (this.stuck && this.still !== before) this.tell(false);
    if (!isStill(this.still, performance.now())) this.asked = false;
    else if (!this.asked) {
      this.asked = true;
      const { signs } = this.still;
      void this.options.onDoubt();
      const heard = await this.options.hears();
      if (this.stopped || this.pc.connectionState !== "connected") return;
      if (!heard || !this.options.reachable()) this.asked = false;
      else if ((await this.signs()) === signs) {
        this.tell(true);
        this.options.onStill();
      }
    }
  }

  /** The browser itself notices only seconds later. */
  private tell(stuck: boolean): void {
    this.stuck = stuck;
    if (this.pc.connectionState === "connected") this.options.onState(stuck ? "unsteady" : "up");
  }

  /** A count that grows with all that comes in. */
  async signs(): Promise<number> {
    return inUse([...(await this.pc.getStats()).values()] as never).signs;
  }
}
