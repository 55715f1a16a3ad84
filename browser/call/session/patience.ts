// How long the player waits for sound that is late or comes again. Longer only where it helps: where packets are lost, until
// the next one is there, which carries the lost one as well; where they are lost in runs, which redundancy cannot mend, and
// the round trip is short enough, until they were asked for again. Pure.
import type { Sample } from "../connection/sample.js";
import { FAR } from "./rungs.js";

const LOSS = 0.012;
const INVENTED = 0.008; // what is lost singly, redundancy mends
const RUNS = 2; // in the stretch: one alone may be bad luck with single losses
const LONGEST = 750; // ms
const BURST = 400; // ms on top of the round trip: a run of packets and the asking
const KEEP = 60_000; // ms after the last need; doubled where hurrying again soon showed it to be one still
const SOON = 20_000; // ms
const LONGEST_KEEP = 960_000;
const COPY = 60; // ms on top of two packets: what is lost singly comes again with the next
const AGAIN = 200; // ms on top of what TCP takes to notice a loss and to send again
const NOTICED = 1.5; // round trips: one, what is waited for what may only be late (RFC 8985), and the next in line
const LONGEST_AGAIN = 1600; // ms

export class Patience {
  private until = -Infinity;
  private keep = KEEP;
  private singly = -Infinity;
  private nearest = Infinity;
  private readonly last: Sample[] = [];

  /** ms to wait, or null for the browser's own way. `tcp`: nothing is lost, but what follows a loss comes late. */
  add(sample: Sample, tcp = false): number | null {
    this.last.push(sample);
    if (this.last.length > 6) this.last.shift();
    const { rtt, at } = sample;
    if (rtt === null) return null;
    this.nearest = Math.min(rtt, this.nearest + 2);
    if (tcp) return Math.min(LONGEST_AGAIN, Math.round((NOTICED * this.nearest + 2 * this.apart() + AGAIN) / 50) * 50);
    if (rtt > FAR) this.until = -Infinity;
    const sum = (field: "audioPackets" | "audioMissed" | "audioRuns" | "totalSamples" | "concealed" | "silentConcealed") =>
      this.last.reduce((total, one) => total + one[field], 0);
    const lost = sum("audioMissed"); // also what came again: too late for a player that does not wait
    const loss = lost / Math.max(1, sum("audioPackets") + lost);
    const invented = (sum("concealed") - sum("silentConcealed")) / Math.max(1, sum("totalSamples"));
    const losing = sum("audioPackets") > 20 && (loss > LOSS || lost > 5);
    if (losing) this.singly = at + KEEP;
    if (losing && sum("audioRuns") >= RUNS && rtt <= FAR && invented > INVENTED) {
      if (at >= this.until) this.keep = at - this.until < SOON ? Math.min(2 * this.keep, LONGEST_KEEP) : KEEP;
      this.until = at + this.keep;
    }
    if (at < this.until) return Math.min(LONGEST, Math.round(rtt + BURST));
    return at < this.singly ? 2 * this.apart() + COPY : null;
  }

  /** ms from one packet to the next while something is said, of those that a voice is sent at. */
  private apart(): number {
    const most = Math.max(...this.last.map(({ audioPackets, seconds }) => audioPackets / seconds));
    return most > 25 ? 20 : most > 12 ? 60 : 120;
  }
}
