// Two buses joined in memory, for tests of what speaks over one.
import type { Bus, BusSession } from "../call/connection/bus.js";

type Binary = (data: Uint8Array) => void;

export class FakeBus implements Bus {
  session: BusSession | null = null;
  other: FakeBus | null = null;
  /** Lossy messages are dropped where this says so. */
  loses: () => boolean = () => false;
  full = false;
  readonly sent: [string, unknown][] = [];
  private readonly texts = new Map<string, ((body: unknown) => void)[]>();
  private readonly binaries = new Map<string, Binary[]>();
  private readonly opens: ((session: BusSession) => void)[] = [];
  private readonly closes: (() => void)[] = [];
  private readonly drains: (() => void)[] = [];

  open(session: BusSession): void {
    this.session = session;
    for (const tell of this.opens) tell(session);
  }

  close(): void {
    this.session = null;
    for (const tell of this.closes) tell();
  }

  drain(): void {
    this.full = false;
    for (const tell of this.drains) tell();
  }

  send(kind: string, body: unknown): boolean {
    if (!this.session || !this.other) return false;
    this.sent.push([kind, body]);
    this.other.hear(kind, JSON.parse(JSON.stringify(body ?? null)));
    return true;
  }

  /** As if the other had sent it. */
  hear(kind: string, body: unknown): void {
    for (const tell of this.texts.get(kind) ?? []) tell(body);
  }

  hearBinary(name: string, kind: number, data: Uint8Array): void {
    for (const tell of this.binaries.get(`${name}${kind}`) ?? []) tell(data);
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

  on(kind: string, listener: (body: unknown) => void): void {
    this.texts.set(kind, [...(this.texts.get(kind) ?? []), listener]);
  }

  onBulk(kind: number, listener: Binary): void {
    this.listen("bulk", kind, listener);
  }

  onLossy(kind: number, listener: Binary): void {
    this.listen("lossy", kind, listener);
  }

  onOnce(kind: number, listener: Binary): void {
    this.listen("once", kind, listener);
  }

  onOpen(listener: (session: BusSession) => void): void {
    this.opens.push(listener);
  }

  onClose(listener: () => void): void {
    this.closes.push(listener);
  }

  onDrain(listener: () => void): void {
    this.drains.push(listener);
  }

  private listen(name: string, kind: number, listener: Binary): void {
    const key = `${name}${kind}`;
    this.binaries.set(key, [...(this.binaries.get(key) ?? []), listener]);
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
