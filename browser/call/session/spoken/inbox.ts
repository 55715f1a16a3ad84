// The other's notes: put together from parts in any order, each handed out once. Pure; what is not ours is dropped.
import type { NoteType } from "../../media/note-recorder.js";
import { joined } from "../stills.js";
import { crc32, name, readAnnounced, readPart, type Announced, type Have, type NoteKey } from "./format.js";

export interface InNote extends NoteKey {
  seconds: number;
  type: NoteType;
  data: Uint8Array;
  heard: boolean;
}

const MOST_KEPT = 20; // notes that can be heard again
const MOST_UNHEARD = 30;
const MOST_NAMES = 200;

export class Inbox {
  private notes: InNote[] = [];
  private coming: { note: Announced; parts: (Uint8Array | undefined)[] } | null = null;
  private heardNames: string[];

  /** `heard`: names of notes heard before a reload; they are not handed out again. */
  constructor(
    private readonly reply: (have: Have) => void,
    private readonly delivered: (note: InNote) => void,
    heard: string[] = [],
  ) {
    this.heardNames = heard.slice(-MOST_NAMES);
  }

  list(): readonly InNote[] {
    return this.notes;
  }

  /** Names of the notes heard so far, the newest last. */
  heardBefore(): string[] {
    return this.heardNames;
  }

  /** The note that is arriving now and how much of it is here, 0 to 1. */
  arriving(): { seconds: number; share: number } | null {
    if (!this.coming) return null;
    const { note, parts } = this.coming;
    return { seconds: note.seconds, share: parts.filter(Boolean).length / note.parts };
  }

  onAnnounced(body: unknown): void {
    const note = readAnnounced(body);
    if (!note) return;
    if (this.known(note)) return this.tell(note);
    if (this.notes.filter(({ heard }) => !heard).length >= MOST_UNHEARD) return; // they ask again
    const same = this.coming && name(this.coming.note) === name(note) && this.coming.note.crc === note.crc && this.coming.note.bytes === note.bytes;
    if (!same) this.coming = { note, parts: Array.from<undefined>({ length: note.parts }) };
    this.tell(note);
  }

  onPart(message: Uint8Array): void {
    const part = readPart(message);
    const coming = this.coming;
    if (!part || !coming || name(part) !== name(coming.note) || part.count !== coming.note.parts) return;
    if (coming.parts[part.index]) return;
    coming.parts[part.index] = part.bytes;
    if (coming.parts.every(Boolean)) this.finish(coming.note, joined(coming.parts as Uint8Array[]));
  }

  heard(key: NoteKey): void {
    const note = this.notes.find((each) => name(each) === name(key));
    if (!note || note.heard) return;
    note.heard = true;
    this.heardNames = [...this.heardNames, name(note)].slice(-MOST_NAMES);
    this.tell(note);
  }

  private finish(note: Announced, data: Uint8Array): void {
    if (data.length !== note.bytes || crc32(data) !== note.crc) {
      this.coming = { note, parts: Array.from<undefined>({ length: note.parts }) };
      return; // the sender asks after a while what is still missing
    }
    this.coming = null;
    const { stream, n, seconds, type } = note;
    const made: InNote = { stream, n, seconds, type, data, heard: false };
    this.notes.push(made);
    if (this.notes.length > MOST_KEPT) {
      const oldest = this.notes.findIndex(({ heard }) => heard);
      if (oldest >= 0) this.notes.splice(oldest, 1);
    }
    this.tell(note);
    this.delivered(made);
  }

  private known(key: NoteKey): boolean {
    return this.heardNames.includes(name(key)) || this.notes.some((note) => name(note) === name(key));
  }

  private tell({ stream, n }: NoteKey): void {
    const done = this.known({ stream, n });
    const coming = this.coming && name(this.coming.note) === name({ stream, n }) ? this.coming : null;
    const have = coming ? [...coming.parts].map((part) => (part ? "1" : "0")).join("") : "";
    this.reply({ stream, n, have, done, heard: this.heardNames.includes(name({ stream, n })) });
  }
}
