// One small picture of our own camera at a time, for lines that carry no moving one.

export interface Effort {
  /** The encoder's quality, 0 to 1. */
  quality: number;
  /** Of the full size, a side. */
  scale: number;
}

export const FIRST: Effort = { quality: 0.25, scale: 1 };
const MOST = 2800; // bytes; at 550 B a quarter of a second that is 1.3 s of line
const [COARSE, FINE, SMALLEST, SHRINK] = [0.15, 0.3, 0.6, 0.85];
const AREA = 240 * 180;
const TRIES = 3;
const FRAME_WITHIN = 3000; // ms

/** How to take the next one, from what this one weighed. Pure. */
export function nextEffort({ quality, scale }: Effort, bytes: number): Effort {
  if (bytes > MOST) {
    return quality > COARSE ? { quality: Math.max(COARSE, round(quality - 0.05)), scale } : { quality, scale: Math.max(SMALLEST, round(scale * SHRINK)) };
  }
  if (bytes > 0.7 * MOST) return { quality, scale };
  return scale < 1 ? { quality, scale: Math.min(1, round(scale / SHRINK)) } : { quality: Math.min(FINE, round(quality + 0.02)), scale };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** Width and height with the camera's own proportions and the area of 240 × 180. Pure. */
export function stillSize(width: number, height: number, scale: number): [number, number] {
  const ratio = Math.min(2, Math.max(0.5, width / height));
  const side = Math.sqrt(AREA * ratio) * scale;
  return [Math.round(side), Math.round(side / ratio)];
}

export class StillCamera {
  private readonly video = document.createElement("video");
  private readonly canvas = document.createElement("canvas");
  private track: MediaStreamTrack | null = null;
  private effort = FIRST;
  private type = "image/webp";

  /** Null where there is no picture yet, or none small enough. */
  async take(track: MediaStreamTrack): Promise<Uint8Array | null> {
    await this.show(track);
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!width || !height) return null;
    for (let i = 0; i < TRIES; i++) {
      const bytes = await this.encode(width, height);
      if (!bytes) return null;
      const fits = bytes.length <= MOST;
      this.effort = nextEffort(this.effort, bytes.length);
      if (fits) return bytes;
    }
    return null;
  }

  /** Lets go of the camera's track; it can be given again. */
  rest(): void {
    this.track = this.video.srcObject = null;
  }

  private async show(track: MediaStreamTrack): Promise<void> {
    if (this.track === track && this.video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) return;
    this.track = track;
    this.video.muted = this.video.playsInline = true;
    this.video.srcObject = new MediaStream([track]);
    const late = new Promise((resolve) => setTimeout(resolve, FRAME_WITHIN)); // a frozen camera shows nothing, ever
    await Promise.race([this.video.play().catch(() => undefined), late]);
  }

  private async encode(width: number, height: number): Promise<Uint8Array | null> {
    const [w, h] = stillSize(width, height, this.effort.scale);
    [this.canvas.width, this.canvas.height] = [w, h];
    const context = this.canvas.getContext("2d", { alpha: false });
    if (!context) return null;
    // Proportions beyond 2:1 are cut at the sides or at top and bottom.
    const [cutW, cutH] = [Math.min(width, (height * w) / h), Math.min(height, (width * h) / w)];
    context.drawImage(this.video, (width - cutW) / 2, (height - cutH) / 2, cutW, cutH, 0, 0, w, h);
    const blob = await new Promise<Blob | null>((done) => this.canvas.toBlob(done, this.type, this.effort.quality));
    if (blob && blob.type !== this.type && this.type === "image/webp") {
      this.type = "image/jpeg"; // Safari answers the wish for WebP with a PNG
      return this.encode(width, height);
    }
    return blob && new Uint8Array(await blob.arrayBuffer());
  }
}
