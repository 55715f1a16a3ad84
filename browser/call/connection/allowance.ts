// How much another browser may send us. Pure.

const WINDOW = 10_000; // ms
const MESSAGES = 3000; // in a window: files come in parts of 16 kB
const BYTES = 24 * 1024 * 1024;
const STRANGE = 20; // in a window; no browser of ours sends a single one

export class Allowance {
  private since = 0;
  private messages = 0;
  private bytes = 0;
  private strange = 0;

  /** False once more came within the window than any browser of ours would send. */
  takes(size: number, now: number): boolean {
    this.roll(now);
    this.messages += 1;
    this.bytes += size;
    return this.messages <= MESSAGES && this.bytes <= BYTES;
  }

  /** For what is no message of ours at all. False once it came too often for a chance. */
  bears(now: number): boolean {
    this.roll(now);
    this.strange += 1;
    return this.strange <= STRANGE;
  }

  private roll(now: number): void {
    if (now - this.since <= WINDOW) return;
    this.since = now;
    this.messages = this.bytes = this.strange = 0;
  }
}
