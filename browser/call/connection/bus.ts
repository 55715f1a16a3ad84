// Messages between the two browsers, over data channels of the link and so inside its encryption. One bus lives as
// long as the page; the connection below it may be made anew. What comes in is from a stranger: `unknown`.
import { Allowance } from "./allowance.js";
import type { BusSession } from "./bus-session.js";
import { Listening } from "./listening.js";

export interface Bus {
  /** null: no channel is open. */
  readonly session: BusSession | null;
  /** Reliable, in order, JSON. False: not sent; keep it and send it again when the bus opens. */
  send(kind: string, body: unknown): boolean;
  /** Reliable, in order. False: not open, or too much is waiting (again at `onDrain`). */
  sendBulk(kind: number, data: Uint8Array): boolean;
  /** Unordered, three tries a message. */
  sendLossy(kind: number, data: Uint8Array): boolean;
  /** Unordered, one try a message. */
  sendOnce(kind: number, data: Uint8Array): boolean;
  /** Bytes not yet handed to the network. */
  bulkBuffered(): number;
  lossyBuffered(): number;
  on(kind: string, listener: (body: unknown) => void): void;
  onBulk(kind: number, listener: (data: Uint8Array) => void): void;
  onLossy(kind: number, listener: (data: Uint8Array) => void): void;
  onOnce(kind: number, listener: (data: Uint8Array) => void): void;
  onOpen(listener: (session: BusSession) => void): void;
  onClose(listener: () => void): void;
  onDrain(listener: () => void): void;
}

export const LONGEST = 16 * 1024; // characters or bytes of a message
const FULL = 64 * 1024; // bytes waiting in one channel
const AGAIN = 1000; // ms until channels that closed alone are opened once more
const MOST_AGAIN = 5; // times in one connection
const GREET = 500; // ms, then twice as long each time
const SETTLES = 20; // ms: on a busy phone the channels open a moment before the answer counts as applied
const EARLY = "pre."; // kinds that pass before admission
const HERE = "here"; // said over channels opened once more until the other says it too: before, nothing is heard there

type Name = "talk" | "lossy" | "bulk" | "once";
const CHANNELS: Record<Name, RTCDataChannelInit> = {
  talk: { negotiated: true, id: 1 },
  lossy: { negotiated: true, id: 2, ordered: false, maxRetransmits: 3 },
  bulk: { negotiated: true, id: 3 },
  once: { negotiated: true, id: 4, ordered: false, maxRetransmits: 0 },
};
const EARLY_BINARY: Name = "once"; // the line probe, which has to be before admission

interface Ground {
  pc: RTCPeerConnection;
  session: () => BusSession | null;
  /** No more channels can be had of this connection, though sound and picture go on. False: not now, ask again. */
  onDead: () => boolean;
}

export class ChannelBus extends Listening implements Bus {
  session: BusSession | null = null;
  private channels = new Map<Name, RTCDataChannel>();
  private allowance = new Allowance();
  private admitted = false;
  private barred = false;
  private ground: Ground | null = null;
  private opened = 0;
  private greeting = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `onAbuse`: the other browser sends what no browser of ours would; its channels are closed for as long as the page
   * lives. Sound, picture and what goes by the server are not touched. */
  constructor(private readonly onAbuse: () => void = () => undefined) {
    super();
  }

  get attached(): boolean {
    return this.ground !== null || this.barred;
  }

  /** From here on everything is handed on; before, only what has to be. */
  admit(): void {
    this.admitted = true;
  }

  /** `under`: sound and picture go over it already, so that the other's channels may be there later than ours. */
  attach(pc: RTCPeerConnection, session: Ground["session"], onDead: Ground["onDead"] = () => true, under = false): void {
    this.detach();
    if (this.barred) return;
    this.allowance = new Allowance();
    this.ground = { pc, session, onDead };
    this.opened = Number(under);
    this.make(this.ground);
  }

  detach(): void {
    this.ground = null;
    this.drop();
  }

  private make(ground: Ground): void {
    const first = this.opened++ === 0;
    for (const name of Object.keys(CHANNELS) as Name[]) {
      const channel = ground.pc.createDataChannel(name, CHANNELS[name]);
      channel.binaryType = "arraybuffer";
      channel.bufferedAmountLowThreshold = FULL / 4;
      channel.onbufferedamountlow = () => this.tellDrain();
      channel.onmessage = ({ data }) => this.take(name, data);
      channel.onclose = () => this.channels.get(name) === channel && this.fell();
      if (name === "talk") channel.onopen = () => (first ? this.begin(ground) : this.greet());
      this.channels.set(name, channel);
    }
  }

  /** Closed, though nobody here closed it. */
  private fell(): void {
    const { ground } = this;
    this.drop();
    if (ground && this.opened <= MOST_AGAIN) this.later(ground);
  }

  private later(ground: Ground): void {
    this.timer = setTimeout(() => this.again(ground), AGAIN);
  }

  private again(ground: Ground): void {
    const { connectionState, sctp } = ground.pc;
    // What goes down with its connection is made with the next one.
    if (connectionState !== "connected" || (sctp && sctp.transport.state !== "connected")) return this.later(ground);
    if (sctp?.state === "closed") {
      if (!ground.onDead()) this.later(ground);
      return;
    }
    try {
      this.make(ground);
    } catch {
      this.opened -= 1;
      this.drop(); // their numbers are not free yet
      this.later(ground);
    }
  }

  private greet(pause = GREET): void {
    this.greeting = true;
    this.send(HERE, null);
    this.timer = setTimeout(() => this.greet(2 * pause), pause);
  }

  private heardHere(): void {
    const { ground } = this;
    if (!this.greeting || !ground) return;
    this.greeting = false;
    clearTimeout(this.timer);
    this.send(HERE, null); // the ones before may have come too early
    this.begin(ground);
  }

  private drop(): void {
    clearTimeout(this.timer);
    this.greeting = false;
    const old = this.channels;
    this.channels = new Map();
    for (const channel of old.values()) {
      channel.onopen = channel.onclose = channel.onmessage = channel.onbufferedamountlow = null;
      channel.close();
    }
    if (!this.session) return;
    this.session = null;
    this.tellClose();
  }

  send(kind: string, body: unknown): boolean {
    const text = JSON.stringify({ k: kind, d: body });
    return text.length <= LONGEST && this.put("talk", text);
  }

  sendBulk(kind: number, data: Uint8Array): boolean {
    return this.putBinary("bulk", kind, data);
  }

  sendLossy(kind: number, data: Uint8Array): boolean {
    return this.putBinary("lossy", kind, data);
  }

  sendOnce(kind: number, data: Uint8Array): boolean {
    return this.putBinary("once", kind, data);
  }

  bulkBuffered(): number {
    return this.channels.get("bulk")?.bufferedAmount ?? 0;
  }

  lossyBuffered(): number {
    return this.channels.get("lossy")?.bufferedAmount ?? 0;
  }

  private begin(ground: Ground): void {
    if (this.ground !== ground || this.channels.get("talk")?.readyState !== "open" || this.session) return;
    const session = ground.session();
    if (!session) {
      setTimeout(() => this.begin(ground), SETTLES);
      return;
    }
    this.session = session;
    this.tellOpen(session);
  }

  private putBinary(name: Name, kind: number, data: Uint8Array): boolean {
    if (data.length >= LONGEST) return false;
    const message = new Uint8Array(data.length + 1);
    message[0] = kind;
    message.set(data, 1);
    return this.put(name, message);
  }

  private put(name: Name, message: string | Uint8Array<ArrayBuffer>): boolean {
    const channel = this.channels.get(name);
    if (channel?.readyState !== "open" || channel.bufferedAmount > FULL) return false;
    try {
      channel.send(message as string); // either kind; the overloads do not know unions
      return true;
    } catch {
      return false; // it closed this very moment
    }
  }

  private take(name: Name, data: unknown): void {
    const size = typeof data === "string" ? data.length : isBuffer(data) ? data.byteLength : Infinity;
    const now = performance.now();
    const strange = (typeof data === "string") !== (name === "talk");
    if (size > LONGEST || !this.allowance.takes(size, now) || (strange && !this.allowance.bears(now))) this.bar();
    else if (strange) return;
    else if (typeof data === "string") {
      if (!this.takeText(data) && !this.allowance.bears(now)) this.bar();
    } else if (this.admitted || name === EARLY_BINARY) {
      const bytes = new Uint8Array(data as ArrayBuffer);
      this.tellBinary(name, bytes[0] ?? 0, bytes.subarray(1));
    }
  }

  private bar(): void {
    this.barred = true;
    this.detach();
    this.onAbuse();
  }

  /** False for what is no message of ours; a kind we do not know is one, of another version. */
  private takeText(text: string): boolean {
    let message: { k?: unknown; d?: unknown } | null;
    try {
      message = JSON.parse(text) as typeof message;
    } catch {
      return false;
    }
    const kind = message && typeof message === "object" ? message.k : null;
    if (typeof kind !== "string") return false;
    if (kind === HERE) this.heardHere();
    else if (this.admitted || kind.startsWith(EARLY)) this.tellText(kind, message?.d);
    return true;
  }
}

/** Of this frame or of another. */
const isBuffer = (data: unknown): data is ArrayBuffer => Object.prototype.toString.call(data) === "[object ArrayBuffer]";
