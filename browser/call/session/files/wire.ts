// What two browsers say of a file, and how it is cut. Pure; what comes in is a stranger's.
import { cleanName, KINDS, MOST, type Kind } from "./kinds.js";

export interface Offer {
  /** 16 hexadecimal digits. */
  id: string;
  name: string;
  kind: Kind;
  /** Bytes. */
  size: number;
  /** SHA-256, hexadecimal. */
  sha: string;
}

export const PART = 4 * 1024; // bytes: small, so that a voice packet never waits long behind one
const HEAD = 12; // eight bytes of the id, four of the part's number

export const partsOf = (size: number): number => Math.ceil(size / PART);

const isObject = (body: unknown): body is Record<string, unknown> => typeof body === "object" && body !== null;

export function readOffer(body: unknown): Offer | null {
  if (!isObject(body)) return null;
  const { name, kind, size, sha } = body;
  const id = readId(body);
  if (!id || typeof name !== "string" || name.length > 500 || typeof kind !== "string" || !Object.hasOwn(KINDS, kind)) return null;
  if (typeof size !== "number" || !Number.isInteger(size) || size < 1 || size > MOST) return null;
  if (typeof sha !== "string" || !/^[0-9a-f]{64}$/.test(sha)) return null;
  return { id, name: cleanName(name, kind as Kind), kind: kind as Kind, size, sha };
}

export function readId(body: unknown): string | null {
  const id = isObject(body) ? body.id : null;
  return typeof id === "string" && /^[0-9a-f]{16}$/.test(id) ? id : null;
}

/** From which part on the other wants it. */
export function readWant(body: unknown, size: number): number | null {
  const from = isObject(body) ? body.from : null;
  return typeof from === "number" && Number.isInteger(from) && from >= 0 && from <= partsOf(size) ? from : null;
}

export function writePart(id: string, index: number, whole: Uint8Array): Uint8Array {
  const data = whole.subarray(index * PART, (index + 1) * PART);
  const message = new Uint8Array(HEAD + data.length);
  for (let i = 0; i < 8; i++) message[i] = parseInt(id.slice(2 * i, 2 * i + 2), 16);
  new DataView(message.buffer).setUint32(8, index);
  message.set(data, HEAD);
  return message;
}

export function readPart(message: Uint8Array): { id: string; index: number; data: Uint8Array } | null {
  if (message.length <= HEAD || message.length > HEAD + PART) return null;
  const index = new DataView(message.buffer, message.byteOffset).getUint32(8);
  return { id: hex(message.subarray(0, 8)), index, data: message.subarray(HEAD) };
}

export const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
