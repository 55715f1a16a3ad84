// How long the player waits for sound that is late or comes again. Longer only where it helps: where packets are lost, until
// the next one is there, which carries the lost one as well; where they are lost in runs, which redundancy cannot mend, and
// the round trip is short enough, until they were asked for again. Pure.
import type { Sample } from "../connection/sample.js";

const SHORT = 400; // ms of round trip; beyond that, waiting costs more than it mends
const LOSS = 0.012;
const INVENTED = 0.008; // what is lost singly, redundancy mends: this much means runs
const LONGEST = 750; // ms
const BURST = 400; // ms on top of the round trip: a run of packets and the asking
const KEEP = 60_000; // ms after the last need
const COPY = 60; // ms on top of two packets: what is lost singly comes again with the next
const AGAIN = 250; // ms on top of the round trip: until TCP has sent again what was lost
const LONGEST_AGAIN = 1200; // ms

export class Patience {
  private until = -Infinity;
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
    if (tcp) return Math.min(LONGEST_AGAIN, Math.round((this.nearest + AGAIN) / 50) * 50);
    if (rtt > SHORT) this.until = -Infinity;
    const sum = (field: "audioPackets" | "audioLost" | "totalSamples" | "concealed" | "silentConcealed") =>
      this.last.reduce((total, one) => total + one[field], 0);
    const lost = Math.max(0, sum("audioLost"));
    const loss = lost / Math.max(1, sum("audioPackets") + lost);
    const invented = (sum("concealed") - sum("silentConcealed")) / Math.max(1, sum("totalSamples"));
    const losing = sum("audioPackets") > 20 && (loss > LOSS || lost > 5);
    if (losing) this.singly = at + KEEP;
    if (losing && rtt <= SHORT && invented > INVENTED) this.until = at + KEEP;
    if (at < this.until) return Math.min(LONGEST, Math.round(rtt + BURST));
    return at < this.singly ? 2 * this.apart() + COPY : null;
  }

  /** ms from one packet to the next while something is said, of those that a voice is sent at. */
  private apart(): number {
    const most = Math.max(...this.last.map(({ audioPackets, seconds }) => audioPackets / seconds));
    return most > 25 ? 20 : most > 12 ? 60 : 120;
  }
}
