// Watches one RTCPeerConnection and says when a new path should be looked for.
import type { LinkState } from "./peer-state.js";
import { linkState } from "./peer-state.js";

export interface WatchOptions {
  onState: (state: LinkState) => void;
  onDoubt: () => void;
  /** Whether the other could hear of a new path now: without that, looking for one is in vain. */
  reachable: () => boolean;
  restart: () => void;
  rebuild: () => void;
}

const PATIENCE = 1500; // ms of "disconnected" before a new path is looked for
const AGAIN = 6000; // ms between tries
const TRIES = 3; // restarts before everything is made anew
const STILL = 1000; // ms without a byte before the server is asked whether it is there

export class Watch {
  private timer: number | undefined;
  private stall: number;
  private tries = 0;
  private bytes = -1;
  private stillSince = 0;
  private doubted = false;
  private stopped = false;

  constructor(
    private readonly pc: RTCPeerConnection,
    private readonly options: WatchOptions,
  ) {
    pc.onconnectionstatechange = () => this.changed();
    this.stall = window.setInterval(() => void this.listen(), 500);
    this.changed();
  }

  stop(): void {
    this.stopped = true;
    this.pc.onconnectionstatechange = null;
    clearTimeout(this.timer);
    clearInterval(this.stall);
  }

  /** Something about it failed; it gets its time to come right, then is made anew. */
  suspect(): void {
    this.later(AGAIN);
  }

  private changed(): void {
    const state = this.pc.connectionState;
    this.options.onState(linkState(state));
    clearTimeout(this.timer);
    if (state === "connected") this.tries = 0;
    else if (state === "disconnected") {
      this.options.onDoubt();
      this.later(PATIENCE);
    } else if (state === "failed") this.mend();
    else if (state !== "closed") this.later(AGAIN);
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.mend(), ms);
  }

  private mend(): void {
    if (this.stopped || this.pc.connectionState === "connected") return;
    if (!this.options.reachable()) {
      this.tries = 0;
      this.options.onDoubt();
      this.later(AGAIN);
      return;
    }
    this.tries += 1;
    this.options.onDoubt();
    // "new" after so long: the offer, the wish for one or the answer was lost on the way.
    if (this.tries > TRIES || this.pc.connectionState === "new") this.options.rebuild();
    else {
      this.options.restart();
      this.later(AGAIN);
    }
  }

  /** No byte for a second: perhaps only a stall, so the server is asked, not the path changed. */
  private async listen(): Promise<void> {
    if (this.pc.connectionState !== "connected") return;
    let bytes = 0;
    (await this.pc.getStats()).forEach((row: { type: string; bytesReceived?: number }) => {
      if (row.type === "transport") bytes += row.bytesReceived ?? 0;
    });
    const now = performance.now();
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.stillSince = now;
      this.doubted = false;
    } else if (!this.doubted && now - this.stillSince > 3 * STILL) {
      this.doubted = true;
      this.options.onDoubt();
    }
  }
}
