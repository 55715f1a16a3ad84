// Files between the two browsers: offered, taken, sent part by part, gone on with after a break, checked. Nothing is
// kept but in memory, and that only for a while.
import type { Bus } from "../../connection/bus.js";
import { cleanName, KINDS, kindOf, MOST, type Kind } from "./kinds.js";
import { PART, partsOf, readId, readOffer, readPart, readWant, writePart, type Offer } from "./wire.js";

export type FileStatus =
  | "offered" | "moving" | "checking" | "whole" | "declined" | "broken" | "wrong" | "gone" | "expired";

export interface FileView {
  id: string;
  mine: boolean;
  name: string;
  kind: Kind;
  size: number;
  status: FileStatus;
  /** 0 to 1 of what went or came. */
  share: number;
  /** Of a whole one that came. */
  bytes: Uint8Array<ArrayBuffer> | null;
}

export type Refusal = "large" | "kind" | "many";

export interface FilesOptions {
  bus: Bus;
  /** Bytes that may go now; 0: the line is too thin for a file. */
  allowed: (now: number) => number;
  digest: (bytes: Uint8Array<ArrayBuffer>) => Promise<string>;
  newId: () => string;
  now: () => number;
  changed: () => void;
}

interface Item {
  offer: Offer;
  mine: boolean;
  at: number;
  status: FileStatus;
  bytes: Uint8Array<ArrayBuffer> | null;
  /** Parts that went or came. */
  parts: number;
}

const BULK = 2;
export const KEPT = 30 * 60_000; // ms
const MANY = 12; // files of one person in a session's list
const CALM = 16 * 1024; // bytes that may wait in the channel
const OVER: FileStatus[] = ["declined", "broken", "wrong", "gone", "expired"];

export class FileDesk {
  private readonly items = new Map<string, Item>();
  private credit = 0;

  constructor(private readonly options: FilesOptions) {
    const { bus } = options;
    bus.on("file.offer", (body) => this.onOffer(body));
    bus.on("file.want", (body) => this.onWant(body));
    bus.on("file.hello", () => this.offerAgain());
    bus.on("file.no", (body) => this.settle(body, true, "declined"));
    bus.on("file.got", (body) => this.settle(body, true, "whole"));
    bus.on("file.broken", (body) => this.settle(body, true, "broken"));
    bus.on("file.gone", (body) => this.settle(body, false, "gone"));
    bus.onBulk(BULK, (data) => this.onPart(data));
    bus.onOpen(() => {
      this.offerAgain();
      this.wantAgain();
    });
    bus.send("file.hello", null); // what was offered before this was loaded
  }

  view(): FileView[] {
    return [...this.items.values()].map(({ offer, mine, status, bytes, parts }) => ({
      ...offer,
      mine,
      status,
      share: parts / partsOf(offer.size),
      bytes: !mine && status === "whole" ? bytes : null,
    }));
  }

  /** Whether anything waits for the line. */
  get busy(): boolean {
    return [...this.items.values()].some(({ status }) => status === "moving");
  }

  async offer(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<Refusal | null> {
    if (bytes.length > MOST) return "large";
    const kind = kindOf(bytes);
    if (!kind) return "kind";
    if (this.count(true) >= MANY) return "many";
    const sha = await this.options.digest(bytes);
    const offer: Offer = { id: this.options.newId(), name: cleanName(name, kind), kind, size: bytes.length, sha };
    this.items.set(offer.id, { offer, mine: true, at: this.options.now(), status: "offered", bytes, parts: 0 });
    this.options.bus.send("file.offer", offer);
    this.options.changed();
    return null;
  }

  accept(id: string): void {
    const item = this.items.get(id);
    if (!item || item.mine || item.status !== "offered") return;
    item.bytes = new Uint8Array(item.offer.size);
    item.status = "moving";
    this.options.bus.send("file.want", { id, from: 0 });
    this.options.changed();
  }

  /** Not wanted, or taken back. */
  drop(id: string): void {
    const item = this.items.get(id);
    if (!item || OVER.includes(item.status)) return;
    this.options.bus.send(item.mine ? "file.gone" : "file.no", { id });
    this.end(item, item.mine ? "gone" : "declined");
  }

  /** Every tenth of a second: sends what the line allows, and lets go of what was kept long enough. */
  tick(): void {
    const { now, allowed, bus } = this.options;
    const time = now();
    for (const item of this.items.values()) {
      if (time - item.at > KEPT && !OVER.includes(item.status)) this.end(item, "expired");
    }
    const item = [...this.items.values()].find(({ mine, status, offer, parts }) => mine && status === "moving" && parts < partsOf(offer.size));
    const bytes = allowed(time);
    if (!item?.bytes || !bus.session || bytes === 0) {
      this.credit = 0;
      return;
    }
    this.credit = Math.min(this.credit + bytes, CALM);
    const before = item.parts;
    while (item.parts < partsOf(item.offer.size) && this.credit >= PART && bus.bulkBuffered() + PART <= CALM) {
      if (!bus.sendBulk(BULK, writePart(item.offer.id, item.parts, item.bytes))) break;
      item.parts += 1;
      this.credit -= PART;
    }
    if (item.parts !== before) this.options.changed();
  }

  /** The session is over, or goes on elsewhere. */
  clear(): void {
    this.items.clear();
    this.options.changed();
  }

  private count(mine: boolean): number {
    return [...this.items.values()].filter((item) => item.mine === mine).length;
  }

  private offerAgain(): void {
    for (const item of this.items.values()) {
      if (item.mine && !OVER.includes(item.status)) this.options.bus.send("file.offer", item.offer);
    }
  }

  private wantAgain(): void {
    for (const { offer, mine, status, parts } of this.items.values()) {
      if (!mine && status === "moving") this.options.bus.send("file.want", { id: offer.id, from: parts });
    }
  }

  private onOffer(body: unknown): void {
    const offer = readOffer(body);
    if (!offer) return;
    const { bus, now, changed } = this.options;
    const known = this.items.get(offer.id);
    if (!known) {
      if (this.count(false) >= MANY) {
        bus.send("file.no", { id: offer.id });
        return;
      }
      this.items.set(offer.id, { offer, mine: false, at: now(), status: "offered", bytes: null, parts: 0 });
      changed();
      return;
    }
    if (known.mine || known.offer.sha !== offer.sha || known.offer.size !== offer.size) return;
    const { id } = offer;
    if (known.status === "moving") bus.send("file.want", { id, from: known.parts });
    else if (known.status === "whole") bus.send("file.got", { id });
    else if (known.status === "broken" || known.status === "wrong") bus.send("file.broken", { id });
    else if (OVER.includes(known.status)) bus.send("file.no", { id });
  }

  private onWant(body: unknown): void {
    const id = readId(body);
    const item = id ? this.items.get(id) : undefined;
    if (!id || (item && !item.mine)) return;
    if (!item || OVER.includes(item.status)) {
      this.options.bus.send("file.gone", { id }); // our page was made anew, and a file is kept nowhere
      return;
    }
    const from = readWant(body, item.offer.size);
    if (from === null) return;
    item.parts = from;
    item.status = "moving";
    this.options.changed();
  }

  /** Only the next part is taken: what came twice after a break is dropped. */
  private onPart(message: Uint8Array): void {
    const part = readPart(message);
    const item = part ? this.items.get(part.id) : undefined;
    if (!part || !item?.bytes || item.mine || item.status !== "moving" || part.index !== item.parts) return;
    if (part.data.length !== Math.min(PART, item.offer.size - part.index * PART)) return;
    item.bytes.set(part.data, part.index * PART);
    item.parts += 1;
    if (item.parts === partsOf(item.offer.size)) void this.check(item, item.bytes);
    this.options.changed();
  }

  private async check(item: Item, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    item.status = "checking";
    const same = (await this.options.digest(bytes)) === item.offer.sha;
    if (item.status !== "checking") return;
    const { id, kind } = item.offer;
    const sound = same && kindOf(bytes) === kind;
    this.options.bus.send(sound ? "file.got" : "file.broken", { id });
    if (!sound) this.end(item, same ? "wrong" : "broken");
    else {
      item.status = "whole";
      item.at = this.options.now();
      this.options.changed();
    }
  }

  private settle(body: unknown, mine: boolean, status: FileStatus): void {
    const id = readId(body);
    const item = id ? this.items.get(id) : undefined;
    if (!item || item.mine !== mine || OVER.includes(item.status)) return;
    if (!mine && item.status === "whole") return; // it is here; the other only let go of his
    if (status !== "whole") this.end(item, status);
    else {
      item.status = "whole";
      item.parts = partsOf(item.offer.size);
      this.options.changed();
    }
  }

  private end(item: Item, status: FileStatus): void {
    item.status = status;
    item.bytes = null;
    this.options.changed();
  }
}

export const isImage = (kind: Kind): boolean => KINDS[kind].image;
export const mimeOf = (kind: Kind): string => KINDS[kind].mime;
