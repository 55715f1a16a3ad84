// How much another browser may send us. Pure.

const WINDOW = 10_000; // ms
const MESSAGES = 3000; // in a window: files come in parts of 16 kB
const BYTES = 24 * 1024 * 1024;

export class Allowance {
  private since = 0;
  private messages = 0;
  private bytes = 0;

  /** False once more came within the window than any browser of ours would send. */
  takes(size: number, now: number): boolean {
    if (now - this.since > WINDOW) {
      this.since = now;
      this.messages = this.bytes = 0;
    }
    this.messages += 1;
    this.bytes += size;
    return this.messages <= MESSAGES && this.bytes <= BYTES;
  }
}
