// Small pictures beside the voice: cut and paced so that the voice does not notice, and put together again. Pure.
// A part: version, picture number (2 bytes), index, count, then the bytes.

export const BYTES_PER_TICK = 550; // at 2G beside voice this left speech whole (0–0.9 % invented)
export const TICK = 250; // ms
const HEAD = 5;
const VERSION = 1;
const PART = BYTES_PER_TICK - HEAD;
const MOST_PARTS = 12; // 6.5 kB, more than twice what a still weighs
const MOST_OPEN = 3;

/** Is `a` after `b`, in numbers of 16 bits that begin again? */
const after = (a: number, b: number): boolean => a !== b && ((a - b) & 0xffff) < 0x8000;

export function cutStill(picture: Uint8Array, number: number): Uint8Array[] {
  const count = Math.ceil(picture.length / PART);
  if (count === 0 || count > MOST_PARTS) return [];
  return Array.from({ length: count }, (_, index) => {
    const body = picture.subarray(index * PART, (index + 1) * PART);
    const part = new Uint8Array(HEAD + body.length);
    part.set([VERSION, number >> 8, number & 0xff, index, count]);
    part.set(body, HEAD);
    return part;
  });
}

/** One picture on its way at a time; the newest replaces one that has not begun. */
export class StillPacer {
  private number = 0;
  private credit = 0;
  private going: Uint8Array[] = [];
  private next: Uint8Array | null = null;

  constructor(public bytesPerTick = BYTES_PER_TICK) {}

  /** Nothing left to send: time to take another picture. */
  get idle(): boolean {
    return this.going.length === 0 && this.next === null;
  }

  offer(picture: Uint8Array): void {
    this.next = picture;
  }

  clear(): void {
    this.going = [];
    this.next = null;
  }

  /** What may be sent in this quarter of a second; `waiting`: bytes that the network has not taken yet. */
  tick(waiting: number): Uint8Array[] {
    this.credit = Math.min(this.credit + this.bytesPerTick, Math.max(this.bytesPerTick, BYTES_PER_TICK));
    if (waiting > 0) return [];
    if (this.going.length === 0 && this.next) {
      this.number = (this.number + 1) & 0xffff;
      this.going = cutStill(this.next, this.number);
      this.next = null;
    }
    const parts: Uint8Array[] = [];
    for (let part = this.going[0]; part && part.length <= this.credit; part = this.going[0]) {
      this.credit -= part.length;
      parts.push(part);
      this.going.shift();
    }
    return parts;
  }
}

interface Open {
  parts: (Uint8Array | undefined)[];
  have: number;
}

/** Hands out each picture once, never an older after a newer; holds at most three unfinished ones. */
export class StillAssembler {
  private newest: number | null = null;
  private readonly open = new Map<number, Open>();

  reset(): void {
    this.newest = null;
    this.open.clear();
  }

  /** The picture that this part completes, or null; what is no part of ours is dropped. */
  take(part: Uint8Array): Uint8Array | null {
    const [version, high = 0, low = 0, index = 0, count = 0] = part;
    const size = part.length - HEAD;
    if (version !== VERSION || size < 1 || size > PART || count < 1 || count > MOST_PARTS || index >= count) return null;
    if (index < count - 1 && size !== PART) return null;
    const number = (high << 8) | low;
    if (this.newest !== null && !after(number, this.newest)) return null;
    const picture = this.opened(number, count);
    if (!picture || picture.parts.length !== count || picture.parts[index]) return null;
    picture.parts[index] = part.slice(HEAD);
    if (++picture.have < count) return null;
    this.newest = number;
    for (const each of [...this.open.keys()]) if (!after(each, number)) this.open.delete(each);
    return joined(picture.parts as Uint8Array[]);
  }

  private opened(number: number, count: number): Open | null {
    const known = this.open.get(number);
    if (known) return known;
    if (this.open.size >= MOST_OPEN) {
      const oldest = [...this.open.keys()].reduce((a, b) => (after(a, b) ? b : a));
      if (!after(number, oldest)) return null;
      this.open.delete(oldest);
    }
    const made: Open = { parts: Array.from<undefined>({ length: count }), have: 0 };
    this.open.set(number, made);
    return made;
  }
}

export function joined(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
