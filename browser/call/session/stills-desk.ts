// Stills in both directions: ours while the ladder wants them, the other's as they come.
import type { Bus } from "../connection/bus.js";
import { pictureType } from "../media/picture.js";
import { BYTES_PER_TICK, StillAssembler, StillPacer, TICK } from "./stills.js";

const LOSSY = 1; // the bus's kind for stills
const APART = 1500; // ms from one picture to the next, at least
const FRESH = 10_000; // ms: pictures that come without a word are shown that long

export interface StillNeeds {
  bus: Pick<Bus, "session" | "send" | "sendLossy" | "lossyBuffered" | "on" | "onLossy" | "onOpen">;
  /** Our own camera, where it is on and we are let in. */
  track: () => MediaStreamTrack | null;
  camera: { take(track: MediaStreamTrack): Promise<Uint8Array | null>; rest(): void };
}

type Shown = (picture: Blob | null) => void;

export class Stills {
  private readonly pacer = new StillPacer();
  private readonly assembler = new StillAssembler();
  private readonly listeners: Shown[] = [];
  private timer: ReturnType<typeof setInterval> | undefined;
  private expiry: ReturnType<typeof setTimeout> | undefined;
  /** Nothing more of them goes out for a moment. */
  resting = false;
  private on = false;
  private taking = false;
  private takenAt = -Infinity;
  /** What the other said last; null before the first word. */
  private told: boolean | null = null;

  constructor(private readonly needs: StillNeeds) {
    needs.bus.onLossy(LOSSY, (part) => this.receive(part));
    needs.bus.on("still.on", (body) => this.hear(body));
    needs.bus.onOpen(() => {
      this.assembler.reset();
      this.pacer.clear();
      this.told = null;
      if (this.on) this.tell();
    });
  }

  get sending(): boolean {
    return this.on;
  }

  /** Begins or ends sending stills of the own camera; the bytes are for each quarter of a second. */
  send(on: boolean, bytesPer250ms = BYTES_PER_TICK): void {
    this.pacer.bytesPerTick = bytesPer250ms;
    if (on === this.on) return;
    this.on = on;
    this.tell();
    clearInterval(this.timer);
    if (on) this.timer = setInterval(() => this.tick(performance.now()), TICK);
    else {
      this.pacer.clear();
      this.needs.camera.rest();
    }
  }

  /** The other's newest still, or null when stills are no longer what to show. */
  onPicture(listener: Shown): void {
    this.listeners.push(listener);
  }

  private tell(): void {
    this.needs.bus.send("still.on", { on: this.on });
  }

  private tick(now: number): void {
    if (this.resting) return;
    const { bus } = this.needs;
    const track = bus.session && this.needs.track();
    if (!track) {
      this.pacer.clear();
      this.needs.camera.rest();
      return;
    }
    for (const part of this.pacer.tick(bus.lossyBuffered())) {
      if (!bus.sendLossy(LOSSY, part)) this.pacer.clear();
    }
    if (this.pacer.idle && !this.taking && now - this.takenAt >= APART) void this.take(track, now);
  }

  private async take(track: MediaStreamTrack, now: number): Promise<void> {
    this.taking = true;
    this.takenAt = now;
    const picture = await this.needs.camera.take(track).catch(() => null);
    this.taking = false;
    // The camera may have been switched off while the picture was made.
    if (picture && this.on && this.needs.track() === track) this.pacer.offer(picture);
  }

  private hear(body: unknown): void {
    const on = (body as { on?: unknown } | null)?.on;
    if (typeof on !== "boolean") return;
    this.told = on;
    clearTimeout(this.expiry);
    if (!on) {
      this.assembler.reset();
      this.show(null);
    }
  }

  private receive(part: Uint8Array): void {
    if (this.told === false) return; // late parts of what is over
    const picture = this.assembler.take(part);
    const type = picture && pictureType(picture);
    if (!picture || !type) return;
    clearTimeout(this.expiry);
    if (this.told === null) this.expiry = setTimeout(() => this.show(null), FRESH);
    this.show(new Blob([picture as Uint8Array<ArrayBuffer>], { type }));
  }

  private show(picture: Blob | null): void {
    for (const tell of this.listeners) tell(picture);
  }
}
