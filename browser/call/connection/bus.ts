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
const SETTLES = 20; // ms: on a busy phone the channels open a moment before the answer counts as applied
const EARLY = "pre."; // kinds that pass before admission

type Name = "talk" | "lossy" | "bulk" | "once";
const CHANNELS: Record<Name, RTCDataChannelInit> = {
  talk: { negotiated: true, id: 1 },
  lossy: { negotiated: true, id: 2, ordered: false, maxRetransmits: 3 },
  bulk: { negotiated: true, id: 3 },
  once: { negotiated: true, id: 4, ordered: false, maxRetransmits: 0 },
};
const EARLY_BINARY: Name = "once"; // the line probe, which has to be before admission

export class ChannelBus extends Listening implements Bus {
  session: BusSession | null = null;
  private channels = new Map<Name, RTCDataChannel>();
  private allowance = new Allowance();
  private admitted = false;

  /** `onAbuse`: the other browser sends what no browser of ours would; its channels are closed. */
  constructor(private readonly onAbuse: () => void = () => undefined) {
    super();
  }

  get attached(): boolean {
    return this.channels.size > 0;
  }

  /** From here on everything is handed on; before, only what has to be. */
  admit(): void {
    this.admitted = true;
  }

  attach(pc: RTCPeerConnection, session: () => BusSession | null): void {
    this.detach();
    this.allowance = new Allowance();
    for (const name of Object.keys(CHANNELS) as Name[]) {
      const channel = pc.createDataChannel(name, CHANNELS[name]);
      channel.binaryType = "arraybuffer";
      channel.bufferedAmountLowThreshold = FULL / 4;
      channel.onbufferedamountlow = () => this.tellDrain();
      channel.onmessage = ({ data }) => this.take(name, data);
      if (name === "talk") {
        channel.onopen = () => this.opened(channel, session);
        channel.onclose = () => this.channels.get("talk") === channel && this.detach();
      }
      this.channels.set(name, channel);
    }
  }

  detach(): void {
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

  private opened(channel: RTCDataChannel, describe: () => BusSession | null): void {
    if (this.channels.get("talk") !== channel || channel.readyState !== "open") return;
    const session = describe();
    if (!session) {
      setTimeout(() => this.opened(channel, describe), SETTLES);
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
    const size = typeof data === "string" ? data.length : data instanceof ArrayBuffer ? data.byteLength : Infinity;
    if (size > LONGEST || !this.allowance.takes(size, performance.now())) {
      this.detach();
      this.onAbuse();
      return;
    }
    if (typeof data === "string") {
      if (name === "talk") this.takeText(data);
    } else if (this.admitted || name === EARLY_BINARY) {
      const bytes = new Uint8Array(data as ArrayBuffer);
      this.tellBinary(name, bytes[0] ?? 0, bytes.subarray(1));
    }
  }

  private takeText(text: string): void {
    let message: { k?: unknown; d?: unknown } | null;
    try {
      message = JSON.parse(text) as typeof message;
    } catch {
      return;
    }
    const kind = message && typeof message === "object" ? message.k : null;
    if (typeof kind !== "string" || !(this.admitted || kind.startsWith(EARLY))) return;
    this.tellText(kind, message?.d);
  }
}
