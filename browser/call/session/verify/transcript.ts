// What is hashed and signed when two people check their connection (docs/privacy.md, "The four words"). Every field
// carries its length, so that no two different sets of fields make the same bytes.
import { WORDS } from "./word-list.js";

export type Bytes = Uint8Array<ArrayBuffer>;
export type Side = "a" | "b"; // a makes the first offer: the counsellor

export const NONCE = 32; // bytes
export const HASH = 32;
export const IDENTITY = 65; // an uncompressed point of P-256
export const SIGNATURE = 64;

/** What both know, or think they know, before the first message. */
export interface Ground {
  /** The booking's code. */
  code: string;
  /** Counted by side a. */
  attempt: number;
  /** SHA-256 of the certificates in use. */
  fa: Bytes;
  fb: Bytes;
}

const text = (words: string): Bytes => new TextEncoder().encode(words);

export function pack(...fields: (Bytes | string)[]): Bytes {
  const parts = fields.map((field) => (typeof field === "string" ? text(field) : field));
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + 4 + part.length, 0));
  const view = new DataView(whole.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.length);
    whole.set(part, at + 4);
    at += 4 + part.length;
  }
  return whole;
}

const sid = ({ code, attempt }: Ground): Bytes => pack(code, String(attempt));

export const commitmentOf = (ground: Ground, ida: Bytes, na: Bytes): Bytes =>
  pack("tatap-c1", sid(ground), ground.fa, ground.fb, ida, na);

export const transcriptOf = (ground: Ground, ida: Bytes, idb: Bytes, na: Bytes, nb: Bytes): Bytes =>
  pack("tatap-w1", sid(ground), ground.fa, ground.fb, ida, idb, na, nb);

export const signedBy = (side: Side, hash: Bytes): Bytes => pack("tatap-s1", side, hash);

export const wordsOf = (hash: Bytes): string[] => [...hash.subarray(0, 4)].map((byte) => WORDS[byte] ?? "");

export const toHex = (bytes: Bytes): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Exactly that many bytes out of what a stranger sent, or null. */
export function fromHex(value: unknown, length: number): Bytes | null {
  if (typeof value !== "string" || value.length !== length * 2 || !/^[0-9a-f]*$/.test(value)) return null;
  return Uint8Array.from({ length }, (_, i) => parseInt(value.slice(i * 2, i * 2 + 2), 16));
}

/** "AB:CD:…" as descriptions have it. */
export const fromFingerprint = (fingerprint: string): Bytes | null =>
  fromHex(fingerprint.replaceAll(":", "").toLowerCase(), HASH);

export const same = (one: Bytes, other: Bytes): boolean =>
  one.length === other.length && one.every((byte, i) => byte === other[i]);
