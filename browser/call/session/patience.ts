// How long the player waits for sound that is late or asked for again. Longer only where it helps: where packets are
// lost in runs, which redundancy cannot mend, and the round trip is short enough to ask again. Pure.
import type { Sample } from "../connection/sample.js";

const SHORT = 400; // ms of round trip; beyond that, waiting costs more than it mends
const LOSS = 0.012;
const INVENTED = 0.008; // what is lost singly, redundancy mends: this much means runs
const LONGEST = 750; // ms
const BURST = 400; // ms on top of the round trip: a run of packets and the asking
const KEEP = 60_000; // ms after the last need

export class Patience {
  private until = -Infinity;
  private readonly last: Sample[] = [];

  /** ms to wait, or null for the browser's own way. */
  add(sample: Sample): number | null {
    this.last.push(sample);
    if (this.last.length > 6) this.last.shift();
    const { rtt, at } = sample;
    if (rtt === null || rtt > SHORT) {
      this.until = -Infinity;
      return null;
    }
    const sum = (field: "audioPackets" | "audioLost" | "totalSamples" | "concealed" | "silentConcealed") =>
      this.last.reduce((total, one) => total + one[field], 0);
    const lost = Math.max(0, sum("audioLost"));
    const loss = lost / Math.max(1, sum("audioPackets") + lost);
    const invented = (sum("concealed") - sum("silentConcealed")) / Math.max(1, sum("totalSamples"));
    if (sum("audioPackets") > 20 && (loss > LOSS || lost > 5) && invented > INVENTED) this.until = at + KEEP;
    return at < this.until ? Math.min(LONGEST, Math.round(rtt + BURST)) : null;
  }
}
