// The true rate, loss and round trip of this line for sound and picture: two connections of this page meet by way of
// our relay, so that each message goes up through the line and comes down through it. One browser's clock tells both ends.
import { HEADERS, rateOf } from "../line/dispersion.js";
import { LONG, LONG_FROM, looked, type Burst } from "../line/looks.js";
import type { Path } from "../line/rungs.js";
import { oneWay, runs } from "./figures.js";
import { join } from "./path.js";

export interface Loop {
  path: Path;
  /** kbit/s of the narrower direction. */
  rate: number;
  /** ms there and back. */
  rtt: number;
  jitter: number;
  /** Share lost in one direction, and how many are lost in a row. */
  loss: number;
  burst: number;
}

const JOIN_WITHIN = 40_000; // ms; at 600 ms one way the relay, the connection and its encryption take ten round trips
const QUIET = 500; // ms and a round trip after the last arrival a burst is over: the sender may wait for an answer
const LONGEST_WAIT = 5000; // ms for the first of a burst
const RELAYED = 4; // bytes that the way by the relay adds to each
/** In all: a new channel lets little out at once on a way longer than its patience, and few messages tell little. */
const LONG_TIMES = 5;
const LEAST = 1; // kbit/s
const PINGS = { count: 100, size: 20, load: 20, thin: 6, within: 7000 }; // load: kbit/s they may take in each direction; ms
const LAST = 3000; // ms for the last to come

const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;

/** null: no way by a relay. */
export async function measureLoop(iceServers: RTCIceServer[], progress: (part: number) => void): Promise<Loop | null> {
  const pair = [0, 1].map(() => new RTCPeerConnection({ iceServers, iceTransportPolicy: "relay" })) as [RTCPeerConnection, RTCPeerConnection];
  try {
    const channels = pair.map((pc) => pc.createDataChannel("line", { negotiated: true, id: 1, ordered: false, maxRetransmits: 0 })) as [RTCDataChannel, RTCDataChannel];
    if (!(await join(pair, JOIN_WITHIN)) || !(await opened(channels))) return null;
    progress(0.2);
    return await new Measurement(...channels).all(await pathOf(pair[0]), progress);
  } catch {
    return null;
  } finally {
    for (const pc of pair) pc.close();
  }
}

function opened(channels: RTCDataChannel[]): Promise<boolean> {
  const all = channels.map((channel) => new Promise<boolean>((resolve) => {
    if (channel.readyState === "open") resolve(true);
    channel.onopen = () => resolve(true);
    setTimeout(() => resolve(false), JOIN_WITHIN);
  }));
  return Promise.all(all).then((each) => each.every(Boolean));
}

async function pathOf(pc: RTCPeerConnection): Promise<Path> {
  const rows = new Map<string, Record<string, unknown>>();
  (await pc.getStats()).forEach((row: Record<string, unknown>) => rows.set(String(row.id), row));
  const all = [...rows.values()];
  const transport = all.find((row) => row.type === "transport");
  const pair = rows.get(String(transport?.selectedCandidatePairId)) ?? all.find((row) => row.type === "candidate-pair" && row.state === "succeeded");
  const protocol = rows.get(String(pair?.localCandidateId))?.relayProtocol;
  return protocol === "tcp" || protocol === "tls" ? "relay-tcp" : "relay";
}

interface Arrival {
  n: number;
  at: number;
}

class Measurement {
  private come: Arrival[] = [];
  private number = 0;
  /** The shortest round trip so far. */
  private trip = LONGEST_WAIT;
  private readonly sentAt: number[] = [];

  constructor(private readonly out: RTCDataChannel, back: RTCDataChannel) {
    back.binaryType = "arraybuffer";
    back.onmessage = ({ data }) => {
      const view = new DataView(data as ArrayBuffer);
      const one = { n: view.getUint16(0), at: performance.now() };
      this.come.push(one);
      this.trip = Math.min(this.trip, one.at - (this.sentAt[one.n] ?? one.at));
    };
  }

  async all(path: Path, progress: (part: number) => void): Promise<Loop> {
    await this.burst(1, 60); // the first message pays for what is set up
    const rate = await this.rate(path, (part) => progress(0.2 + 0.4 * part));
    progress(0.6);
    const { trips, came } = await this.ping(rate, (part) => progress(0.6 + 0.4 * part));
    const steps = trips.slice(1).map((ms, i) => Math.abs(ms - (trips[i] ?? ms)));
    // Of pings alone: in a burst the sender may give messages up that the line never saw.
    const lost = came.filter((it) => !it).length;
    return {
      path, rate,
      rtt: Math.round(trips.length > 0 ? median(trips) : this.trip),
      jitter: Math.round(steps.reduce((a, b) => a + b, 0) / Math.max(1, steps.length)),
      loss: path === "relay-tcp" ? 0 : oneWay(lost / Math.max(1, came.length)),
      burst: runs(came),
    };
  }

  private send(size: number): void {
    const view = new DataView(new ArrayBuffer(size));
    view.setUint16(0, this.number);
    this.sentAt[this.number] = performance.now();
    this.number += 1;
    this.out.send(view.buffer);
  }

  private async burst(count: number, size: number): Promise<Arrival[]> {
    const first = this.number;
    const since = performance.now();
    this.come = [];
    for (let i = 0; i < count; i++) this.send(size);
    for (;;) {
      await sleep(50);
      const got = this.come.filter(({ n }) => n >= first).sort((a, b) => a.at - b.at);
      const last = got[got.length - 1]?.at;
      const over = last === undefined ? performance.now() - since > LONGEST_WAIT : performance.now() - last > QUIET + this.trip;
      if (got.length < count && !over) continue;
      return got;
    }
  }

  /** As the room asks, so that what it will find is foreseen; what it then learns while it lasts, by asking more often. */
  private async rate(path: Path, progress: (part: number) => void): Promise<number> {
    const long: (number | null)[] = [];
    const ask = async (burst: Burst): Promise<number | null> => {
      const rate = await this.ask(burst);
      if (burst === LONG) long.push(rate);
      return rate;
    };
    const looks = (await looked(ask, { path, rate: null }, () => false)) ?? LEAST;
    // What SCTP holds back, and what else crosses the line, makes it look thinner, often; a page that was busy for a moment makes
    // it look wider, seldom: the second best. Of long ones alone: a few small messages look wider too.
    const best = (): number => {
      const [first = 0, second = first] = long.filter((rate) => rate !== null).sort((a, b) => b - a);
      return second;
    };
    // Also where the small ones tell of a thin line: let out one by one they look like that on any.
    while (long.length < LONG_TIMES && (long.length === 0 || Math.max(best(), looks) > LONG_FROM)) {
      progress(long.length / LONG_TIMES);
      await ask(LONG);
    }
    return Math.max(LEAST, best() || looks);
  }

  private async ask({ count, size }: Burst): Promise<number | null> {
    const at = (await this.burst(count, size)).map((one) => one.at);
    return rateOf({ size: size + RELAYED, at }, this.trip, count);
  }

  /** What a burst left with the sender is out: after losses it asks again only after seconds. */
  private async drained(): Promise<void> {
    const until = performance.now() + LONGEST_WAIT;
    while (this.out.bufferedAmount > 0 && performance.now() < until) await sleep(100);
  }

  /** Small messages at a pace that leaves the line all but idle: round trips without a queue of our own. What the sender
   * still holds back, because after a loss it lets little out at once, would be counted as a long way or as lost. */
  private async ping(rate: number, progress: (part: number) => void): Promise<{ trips: number[]; came: boolean[] }> {
    const load = rate > LONG_FROM ? PINGS.load : Math.min(PINGS.thin, 0.4 * rate);
    const pause = ((PINGS.size + HEADERS) * 8) / load;
    await this.drained();
    const begun = performance.now();
    const first = this.number;
    this.come = [];
    for (let at = 0; this.number - first < PINGS.count && at < PINGS.within; at = performance.now() - begun) {
      if (this.out.bufferedAmount === 0) this.send(PINGS.size);
      progress(Math.max(at / PINGS.within, (this.number - first) / PINGS.count));
      await sleep(pause);
    }
    const count = this.number - first;
    const until = performance.now() + LAST;
    while (this.come.length < count && performance.now() < until) await sleep(100);
    const trip = new Map(this.come.map(({ n, at }) => [n, at - (this.sentAt[n] ?? at)]));
    const numbers = Array.from({ length: count }, (_, i) => first + i);
    return { trips: numbers.map((n) => trip.get(n)).filter((ms): ms is number => ms !== undefined), came: numbers.map((n) => trip.has(n)) };
  }
}
