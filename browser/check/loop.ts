// The true rate, loss and round trip of this line for sound and picture: two connections of this page meet by way of
// our relay, so that each message goes up through the line and comes down through it. One browser's clock tells both ends.
import { HEADERS } from "../line/dispersion.js";
import type { Path } from "../line/rungs.js";
import { oneWay, rateOfGaps, runs } from "./figures.js";
import { join } from "./path.js";

export interface Loop {
  path: Path;
  /** kbit/s of the narrower direction; null: too little came back to tell. */
  rate: number | null;
  /** ms there and back. */
  rtt: number;
  jitter: number;
  /** Share lost in one direction, and how many are lost in a row. */
  loss: number;
  burst: number;
}

const JOIN_WITHIN = 25_000; // ms; at 600 ms one way the relay, the connection and its encryption take ten round trips
const QUIET = 500; // ms and a round trip after the last arrival a burst is over: the sender may wait for an answer
const LONGEST_WAIT = 5000; // ms for the first of a burst
const RELAYED = 4; // bytes that the way by the relay adds to each
const SMALL_BURSTS = { times: 2, count: 4, size: 300 };
const LARGE_BURSTS = { times: 4, count: 8, size: 1000 };
const LARGE_FROM = 90; // kbit/s, as the room's own measurement has it
const PINGS = { count: 40, size: 60, load: 20, thin: 6 }; // load: kbit/s they may take in each direction
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
    let rate = await this.rate(SMALL_BURSTS);
    progress(0.4);
    rate = (await this.rate(rate !== null && rate > LARGE_FROM ? LARGE_BURSTS : { ...SMALL_BURSTS, times: 4 })) ?? rate;
    progress(0.6);
    const { trips, came } = await this.ping(rate, (part) => progress(0.6 + 0.4 * part));
    const steps = trips.slice(1).map((ms, i) => Math.abs(ms - (trips[i] ?? ms)));
    // Of pings alone: in a burst the sender may give messages up that the line never saw.
    const lost = came.filter((it) => !it).length;
    return {
      path, rate,
      rtt: Math.round(median(trips)),
      jitter: Math.round(steps.reduce((a, b) => a + b, 0) / Math.max(1, steps.length)),
      loss: path === "relay-tcp" ? 0 : oneWay(lost / came.length),
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

  private async rate({ times, count, size }: typeof SMALL_BURSTS): Promise<number | null> {
    const gaps: number[] = [];
    for (let i = 0; i < times; i++) {
      const got = await this.burst(count, size);
      got.forEach((one, at) => {
        const next = got[at + 1];
        if (next?.n === one.n + 1) gaps.push(next.at - one.at);
      });
    }
    return rateOfGaps(gaps, size + HEADERS + RELAYED, this.trip);
  }

  /** Small messages at a pace that leaves the line all but idle: round trips without a queue of our own. */
  private async ping(rate: number | null, progress: (part: number) => void): Promise<{ trips: number[]; came: boolean[] }> {
    const load = rate !== null && rate > LARGE_FROM ? PINGS.load : Math.min(PINGS.thin, 0.4 * (rate ?? 12));
    const pause = ((PINGS.size + HEADERS) * 8) / load;
    const count = Math.max(20, Math.min(PINGS.count, Math.floor(6000 / pause)));
    const first = this.number;
    this.come = [];
    for (let i = 0; i < count; i++) {
      this.send(PINGS.size);
      progress(i / count);
      await sleep(pause);
    }
    const until = performance.now() + LAST;
    while (this.come.length < count && performance.now() < until) await sleep(100);
    const trip = new Map(this.come.map(({ n, at }) => [n, at - (this.sentAt[n] ?? at)]));
    const numbers = Array.from({ length: count }, (_, i) => first + i);
    return { trips: numbers.map((n) => trip.get(n)).filter((ms): ms is number => ms !== undefined), came: numbers.map((n) => trip.has(n)) };
  }
}
