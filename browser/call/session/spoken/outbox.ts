// Our notes on their way: one at a time, in order, each until the other has it whole, kept until it was heard.
// Pure: no clock but the one passed in; the line is two small functions.
import type { NoteType } from "../../media/note-recorder.js";
import { HEADERS } from "../../../line/dispersion.js";
import { crc32, cutPart, name, partsOf, readHave, type Announced, type NoteKey } from "./format.js";

export type OutStatus = "waiting" | "sending" | "sent" | "heard";

export interface OutNote extends NoteKey {
  data: Uint8Array;
  seconds: number;
  type: NoteType;
  status: OutStatus;
  /** Of its parts, how many the other has or will soon have; 0 to 1. */
  share: number;
}

export interface Line {
  announce(note: Announced): boolean;
  /** False: nothing more is taken now. */
  part(bytes: Uint8Array): boolean;
  /** Bytes that the network has not taken yet. */
  waiting(): number;
  /** Bytes a second that it bears; null: no need to hold back. The network takes more at once than a thin line does, and
   * what its queue has no room for is lost and sent again. */
  pace(): number | null;
}

const WINDOW = 2048; // bytes waiting: two parts, so that a written word need not wait behind a whole note
const PATIENCE = 15_000; // ms without an answer; at 8 kbit/s the answer to a full window takes up to 5 s

export class Outbox {
  private notes: OutNote[] = [];
  private open = false;
  /** Notes that the other has, as far as this connection told. */
  private confirmed = new Set<string>();
  private announced = false;
  /** An announcement is not answered yet; only its first answer says what is missing. */
  private asked = false;
  private missing: number[] = [];
  private movedAt = 0;
  private nextAt = 0;
  private readonly begun = new Set<string>();

  constructor(
    private readonly line: Line,
    private readonly changed: (note: OutNote) => void = () => undefined,
  ) {}

  list(): readonly OutNote[] {
    return this.notes;
  }

  /** Something is on its way or would be, if there were a line. */
  get busy(): boolean {
    return this.notes.some(({ status }) => status === "waiting" || status === "sending");
  }

  add(note: Omit<OutNote, "status" | "share">): void {
    if (this.notes.some((known) => name(known) === name(note))) return;
    this.notes = [...this.notes, { ...note, status: "waiting" as const, share: 0 }].sort((a, b) => a.n - b.n);
  }

  /** A note that no byte has left of can be taken back. */
  takeBack(n: number): boolean {
    const note = this.notes.find((each) => each.n === n);
    if (!note || !this.mayTakeBack(note)) return false;
    this.notes = this.notes.filter((each) => each !== note);
    return true;
  }

  mayTakeBack(note: OutNote): boolean {
    return note.status === "waiting" && !this.begun.has(name(note));
  }

  forget(n: number): void {
    this.notes = this.notes.filter((each) => each.n !== n);
  }

  opened(): void {
    this.open = true;
    this.again();
  }

  closed(): void {
    this.open = false;
    this.again();
    for (const note of this.notes) if (note.status === "sending") this.move(note, "waiting", note.share);
  }

  /** The other's page has begun anew and may have lost what it had not heard. */
  again(): void {
    this.confirmed = new Set();
    this.announced = this.asked = false;
    this.missing = [];
  }

  onHave(body: unknown, now: number): void {
    const told = readHave(body);
    const note = told && this.notes.find((each) => name(each) === name(told));
    if (!told || !note) return;
    if (told.done) {
      const waited = this.current() === note;
      this.confirmed.add(name(note));
      if (waited) this.announced = this.asked = false;
      if (note.status !== "heard") this.move(note, told.heard ? "heard" : "sent", 1);
    } else if (this.current() === note && this.asked) {
      this.asked = false;
      const all = Array.from({ length: partsOf(note.data.length) }, (_, index) => index);
      this.missing = all.filter((index) => told.have[index] !== "1");
      this.movedAt = now;
      this.move(note, "sending", 1 - this.missing.length / all.length);
    }
    this.tick(now);
  }

  tick(now: number): void {
    const note = this.open ? this.current() : undefined;
    if (!note) return;
    const silent = now - this.movedAt > PATIENCE && this.line.waiting() === 0 && this.missing.length === 0;
    if (!this.announced || silent) this.announce(note, now);
    this.feed(note, now);
  }

  private announce(note: OutNote, now: number): void {
    const { stream, n, seconds, type, data } = note;
    const told = { stream, n, seconds, type, bytes: data.length, parts: partsOf(data.length), crc: crc32(data) };
    if (!this.line.announce(told)) return;
    this.begun.add(name(note));
    this.announced = this.asked = true;
    this.movedAt = now;
  }

  private feed(note: OutNote, now: number): void {
    const before = this.missing.length;
    const pace = this.line.pace();
    for (let index = this.missing[0]; index !== undefined && this.line.waiting() < WINDOW; index = this.missing[0]) {
      if (pace !== null && now < this.nextAt) break;
      const part = cutPart(note, note.data, index);
      if (!this.line.part(part)) break;
      this.missing.shift();
      if (pace !== null) this.nextAt = Math.max(now, this.nextAt) + (1000 * (part.length + HEADERS)) / pace;
    }
    if (this.missing.length === before) return;
    this.movedAt = now;
    this.move(note, "sending", 1 - this.missing.length / partsOf(note.data.length));
  }

  private current(): OutNote | undefined {
    return this.notes.find((note) => note.status !== "heard" && !this.confirmed.has(name(note)));
  }

  private move(note: OutNote, status: OutStatus, share: number): void {
    if (note.status === status && note.share === share) return;
    note.status = status;
    note.share = share;
    this.changed(note);
  }
}
