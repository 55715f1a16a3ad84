// Saves at each pause of typing, one save at a time, again and again until the server has it.

export type SaveState = "clean" | "typing" | "saving" | "waiting";

export const PAUSE = 800; // ms
const RETRY = 3000;

export class Autosave {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private saving = false;
  private dirty = false;

  /** `save` answers true when the server has what was typed. */
  constructor(
    private readonly save: () => Promise<boolean>,
    private readonly tell: (state: SaveState) => void,
  ) {}

  get pending(): boolean {
    return this.dirty || this.saving;
  }

  typed(): void {
    this.dirty = true;
    this.tell("typing");
    this.later(PAUSE);
  }

  /** Without the pause: the field was left, the line is back. */
  now(): void {
    if (this.dirty) this.later(0);
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), ms);
  }

  private async run(): Promise<void> {
    if (this.saving) return this.later(PAUSE);
    this.saving = true;
    this.dirty = false;
    this.tell("saving");
    const kept = await this.save().catch(() => false);
    this.saving = false;
    if (!kept) {
      this.dirty = true;
      this.tell("waiting");
      this.later(RETRY);
    } else this.tell(this.dirty ? "typing" : "clean");
  }
}
