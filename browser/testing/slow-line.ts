// A slow line one way, for tests: so many bits a second, a delay, and losses that are sent again after a pause, in
// order, as SCTP does. Times in ms, no clock: `run` moves it.

export interface SlowLineOptions {
  kbit: number;
  delay: number;
  /** Of 100 packets, how many are lost: every (100 / loss)th. */
  loss?: number;
}

interface Packet {
  channel: string;
  size: number;
  deliver: () => void;
  /** Null: lost, and sent again from `from` on. */
  done: number | null;
  from: number;
}

const OVERHEAD = 93; // IP, UDP, DTLS and SCTP around one message
const AGAIN = 1500; // ms until a loss is noticed: twice the round trip and some

export class SlowLine {
  now = 0;
  private free = 0;
  private count = 0;
  private queue: Packet[] = [];
  private sent: Packet[] = [];

  constructor(private readonly options: SlowLineOptions) {}

  put(channel: string, size: number, deliver: () => void): void {
    this.queue.push({ channel, size: size + OVERHEAD, deliver, done: null, from: this.now });
  }

  /** Bytes that have not begun to travel. */
  waiting(channel: string): number {
    return this.queue.filter((packet) => packet.channel === channel).reduce((sum, { size }) => sum + size, 0);
  }

  /** The connection is gone, and all that was on it. */
  drop(): void {
    this.queue = [];
    this.sent = [];
  }

  run(until: number): void {
    this.now = until;
    while (this.free <= this.now) {
      const again = this.sent.find(({ done, from }) => done === null && from <= this.now);
      const next = again ?? this.queue.shift();
      if (!next) break;
      if (!again) this.sent.push(next);
      this.free = Math.max(this.free, next.from) + (next.size * 8) / this.options.kbit;
      this.count++;
      const lost = this.options.loss ? this.count % Math.round(100 / this.options.loss) === 0 : false;
      next.from = this.free + AGAIN;
      next.done = lost ? null : this.free + this.options.delay;
    }
    this.arrive();
  }

  private arrive(): void {
    const held = new Set<string>();
    for (const packet of [...this.sent]) {
      if (packet.done === null || packet.done > this.now || held.has(packet.channel)) held.add(packet.channel);
      else {
        this.sent.splice(this.sent.indexOf(packet), 1);
        packet.deliver();
      }
    }
  }
}
