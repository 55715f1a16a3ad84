// A spoken note as it goes over the line: announced in words, cut into parts that each know where they belong. Pure.
// A part: version, stream (8 bytes), note (4), index (2), count (2), CRC-32 of the bytes (4), then at most 491 bytes.
import { NOTE_TYPES, type NoteType } from "../../media/note-recorder.js";

export interface NoteKey {
  /** 16 hex digits: one for each sending page that remembers what it sent. */
  stream: string;
  /** Counts up within the stream, from 1. */
  n: number;
}

export interface Announced extends NoteKey {
  parts: number;
  bytes: number;
  /** CRC-32 of the whole. */
  crc: number;
  seconds: number;
  type: NoteType;
}

/** What the receiver has of a note. */
export interface Have extends NoteKey {
  /** Of each part, "1" or "0". */
  have: string;
  done: boolean;
  heard: boolean;
}

export interface Part extends NoteKey {
  index: number;
  count: number;
  bytes: Uint8Array;
}

const VERSION = 1;
const HEAD = 21;
export const PART = 512 - HEAD; // at 8 kbit/s half a second, so that what follows is not dropped by a queue of one
export const LONGEST = 120; // s of speech in one note
export const HEAVIEST = 240 * 1024; // bytes of one note
const MOST_PARTS = Math.ceil(HEAVIEST / PART);

export const partsOf = (bytes: number): number => Math.ceil(bytes / PART);
export const name = ({ stream, n }: NoteKey): string => `${stream}.${n}`;

export function cutPart(key: NoteKey, data: Uint8Array, index: number): Uint8Array {
  const body = data.subarray(index * PART, (index + 1) * PART);
  const part = new Uint8Array(HEAD + body.length);
  const view = new DataView(part.buffer);
  part[0] = VERSION;
  for (let i = 0; i < 8; i++) part[1 + i] = parseInt(key.stream.slice(2 * i, 2 * i + 2), 16);
  view.setUint32(9, key.n);
  view.setUint16(13, index);
  view.setUint16(15, partsOf(data.length));
  view.setUint32(17, crc32(body));
  part.set(body, HEAD);
  return part;
}

/** Null for what is not a whole, undamaged part. */
export function readPart(part: Uint8Array): Part | null {
  if (part.length <= HEAD || part.length > HEAD + PART || part[0] !== VERSION) return null;
  const view = new DataView(part.buffer, part.byteOffset, part.byteLength);
  const stream = [...part.subarray(1, 9)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const [n, index, count] = [view.getUint32(9), view.getUint16(13), view.getUint16(15)];
  const bytes = part.slice(HEAD);
  if (index >= count || count > MOST_PARTS || view.getUint32(17) !== crc32(bytes)) return null;
  return { stream, n, index, count, bytes };
}

const whole = (value: unknown, least: number, most: number): value is number =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

function readKey(body: unknown): (NoteKey & Record<string, unknown>) | null {
  const { stream, n } = (body ?? {}) as Record<string, unknown>;
  const fine = typeof stream === "string" && /^[0-9a-f]{16}$/.test(stream) && whole(n, 1, 1e6);
  return fine ? (body as NoteKey & Record<string, unknown>) : null;
}

export function readAnnounced(body: unknown): Announced | null {
  const key = readKey(body);
  if (!key) return null;
  const { stream, n, parts, bytes, crc, seconds, type } = key;
  if (!whole(bytes, 1, HEAVIEST) || !whole(crc, 0, 0xffffffff) || parts !== partsOf(bytes)) return null;
  if (typeof seconds !== "number" || !(seconds > 0 && seconds <= LONGEST + 5)) return null;
  if (!NOTE_TYPES.includes(type as NoteType)) return null;
  return { stream, n, parts, bytes, crc, seconds, type: type as NoteType };
}

export function readHave(body: unknown): Have | null {
  const key = readKey(body);
  if (!key) return null;
  const { stream, n, have, done, heard } = key;
  if (typeof have !== "string" || have.length > MOST_PARTS || !/^[01]*$/.test(have)) return null;
  return { stream, n, have, done: done === true || heard === true, heard: heard === true };
}

let table: Uint32Array | null = null;

/** As in Ethernet and ZIP (ISO 3309): reflected, polynomial 0xEDB88320. */
export function crc32(bytes: Uint8Array): number {
  table ??= Uint32Array.from({ length: 256 }, (_, value) => {
    let crc = value;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
    return crc;
  });
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
