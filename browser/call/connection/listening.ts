// Who wants to hear what of a bus: the same for the one over channels and the one in memory of the tests.
import type { BusSession } from "./bus-session.js";

type Binary = (data: Uint8Array) => void;

function add<Key, Listener>(to: Map<Key, Listener[]>, key: Key, listener: Listener): void {
  to.set(key, [...(to.get(key) ?? []), listener]);
}

export class Listening {
  private readonly texts = new Map<string, ((body: unknown) => void)[]>();
  private readonly binaries = new Map<string, Binary[]>();
  private readonly opens: ((session: BusSession) => void)[] = [];
  private readonly closes: (() => void)[] = [];
  private readonly drains: (() => void)[] = [];

  on(kind: string, listener: (body: unknown) => void): void {
    add(this.texts, kind, listener);
  }

  onBulk(kind: number, listener: Binary): void {
    add(this.binaries, `bulk${kind}`, listener);
  }

  onLossy(kind: number, listener: Binary): void {
    add(this.binaries, `lossy${kind}`, listener);
  }

  onOnce(kind: number, listener: Binary): void {
    add(this.binaries, `once${kind}`, listener);
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

  protected tellText(kind: string, body: unknown): void {
    for (const tell of this.texts.get(kind) ?? []) tell(body);
  }

  /** `name` is the channel's. */
  protected tellBinary(name: string, kind: number, data: Uint8Array): void {
    for (const tell of this.binaries.get(`${name}${kind}`) ?? []) tell(data);
  }

  protected tellOpen(session: BusSession): void {
    for (const tell of this.opens) tell(session);
  }

  protected tellClose(): void {
    for (const tell of this.closes) tell();
  }

  protected tellDrain(): void {
    for (const tell of this.drains) tell();
  }
}
