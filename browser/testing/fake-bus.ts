// Two buses joined in memory, for tests of what speaks over one.
import type { Bus } from "../call/connection/bus.js";
import type { BusSession } from "../call/connection/bus-session.js";
import { Listening } from "../call/connection/listening.js";

export class FakeBus extends Listening implements Bus {
  session: BusSession | null = null;
  other: FakeBus | null = null;
  /** Lossy messages are dropped where this says so. */
  loses: () => boolean = () => false;
  full = false;
  readonly sent: [string, unknown][] = [];

  open(session: BusSession): void {
    this.session = session;
    this.tellOpen(session);
  }

  close(): void {
    this.session = null;
    this.tellClose();
  }

  drain(): void {
    this.full = false;
    this.tellDrain();
  }

  send(kind: string, body: unknown): boolean {
    if (!this.session || !this.other) return false;
    this.sent.push([kind, body]);
    this.other.hear(kind, JSON.parse(JSON.stringify(body ?? null)));
    return true;
  }

  /** As if the other had sent it. */
  hear(kind: string, body: unknown): void {
    this.tellText(kind, body);
  }

  hearBinary(name: string, kind: number, data: Uint8Array): void {
    this.tellBinary(name, kind, data);
  }

  sendBulk(kind: number, data: Uint8Array): boolean {
    return this.put("bulk", kind, data, false);
  }

  sendLossy(kind: number, data: Uint8Array): boolean {
    return this.put("lossy", kind, data, true);
  }

  sendOnce(kind: number, data: Uint8Array): boolean {
    return this.put("once", kind, data, true);
  }

  bulkBuffered(): number {
    return 0;
  }

  lossyBuffered(): number {
    return 0;
  }

  private put(name: string, kind: number, data: Uint8Array, lossy: boolean): boolean {
    if (!this.session || !this.other || this.full) return false;
    if (!lossy || !this.loses()) this.other.hearBinary(name, kind, data.slice());
    return true;
  }
}

const PRINT = Array.from({ length: 32 }, (_, i) => i.toString(16).padStart(2, "0").toUpperCase()).join(":");

/** Joined, not yet open. */
export function fakeBuses(): [FakeBus, FakeBus] {
  const a = new FakeBus();
  const b = new FakeBus();
  a.other = b;
  b.other = a;
  return [a, b];
}

export function openBoth([a, b]: [FakeBus, FakeBus], id = "1", mine = PRINT, theirs = PRINT.replace(/^00/, "FF")): void {
  a.open({ id, offerer: true, fingerprints: { mine, theirs } });
  b.open({ id, offerer: false, fingerprints: { mine: theirs, theirs: mine } });
}
