// The camera with what is behind the person blurred: one track goes out for good, whichever camera is put before it.
import type { Segmenter } from "./segmenter.js";
import { begun, paced, WORK, type Pace, type Step } from "./steps.js";

/** "picture": as a moving picture is sent; "still": a picture now and then; "rest": none, so nothing is drawn. */
export type Wanted = "picture" | "still" | "rest";

const APART: Record<Exclude<Wanted, "rest">, number> = { picture: 60, still: 1500 }; // ms between frames
const BLUR = 12; // px of a picture 480 high
const SMALL = 14; // times smaller for the cheap blur

export class Blurrer {
  private raw: MediaStreamTrack | null = null;
  private readonly video = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
  private readonly canvas = document.createElement("canvas");
  private readonly context = this.canvas.getContext("2d", { alpha: false }) as CanvasRenderingContext2D;
  private readonly person = document.createElement("canvas").getContext("2d") as CanvasRenderingContext2D;
  private readonly small = document.createElement("canvas").getContext("2d", { alpha: false }) as CanvasRenderingContext2D;
  private readonly track = this.canvas.captureStream().getVideoTracks()[0] ?? null;
  private pace: Pace = begun(performance.now());
  private frames = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private closed = false;
  private wanted: Wanted = "picture";
  private drawn: () => void = () => undefined;
  /** The first blurred frame is there; before it the track is empty. */
  readonly ready = new Promise<void>((done) => (this.drawn = done));

  constructor(
    private readonly segmenter: Segmenter,
    private readonly onStep: (step: Step) => void,
  ) {
    document.addEventListener("visibilitychange", this.wake);
  }

  out(raw: MediaStreamTrack | null): MediaStreamTrack | null {
    if (raw !== this.raw) {
      this.raw = raw;
      this.video.srcObject = raw && new MediaStream([raw]);
      if (raw) void this.video.play().catch(() => undefined);
      this.frames = 0;
      this.wake();
    }
    return raw && this.track;
  }

  want(wanted: Wanted): void {
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    this.wake();
  }

  close(): void {
    this.closed = true;
    document.removeEventListener("visibilitychange", this.wake);
    if (this.timer) clearTimeout(this.timer);
    this.video.srcObject = null;
    this.track?.stop();
    this.segmenter.close();
  }

  private readonly wake = (): void => {
    if (this.timer) return;
    this.pace = { ...this.pace, since: performance.now(), frames: 0, spent: 0 };
    this.next(0);
  };

  private next(ms: number): void {
    this.timer = null;
    if (this.closed || !this.raw || this.wanted === "rest" || this.pace.step === "off" || document.visibilityState === "hidden") return;
    this.timer = setTimeout(() => void this.frame(), ms);
  }

  private async frame(): Promise<void> {
    const began = performance.now();
    try {
      if (this.video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) await this.draw();
    } catch {
      this.pace = { ...this.pace, step: "off" };
      this.onStep("off");
    }
    const now = performance.now();
    if (this.wanted === "picture" && this.frames > 1) this.account(now - began, now);
    this.next(this.wanted === "rest" ? 0 : Math.max(4, APART[this.wanted] - (now - began)));
  }

  /** The first frame is not counted: the model is still being made ready in it. */
  private account(spent: number, now: number): void {
    const { step } = this.pace;
    this.pace = paced(this.pace, spent, now);
    if (this.pace.step !== step) this.onStep(this.pace.step);
  }

  private async draw(): Promise<void> {
    const { video, canvas, context, person, pace } = this;
    const { videoWidth: width, videoHeight: height } = video;
    if (!width || pace.step === "off") return;
    if (canvas.width !== width || canvas.height !== height) {
      Object.assign(canvas, { width, height });
      Object.assign(person.canvas, { width, height });
      Object.assign(this.small.canvas, { width: Math.ceil(width / SMALL), height: Math.ceil(height / SMALL) });
      this.frames = 0;
    }
    const { maskEvery, soft } = WORK[pace.step];
    if (this.wanted === "still" || this.frames % maskEvery === 0) await this.segmenter.into(video, person);
    this.frames++;
    // The mask lies under the picture: what is in it stays, and the blurred picture comes behind.
    this.cut(width, height);
    this.background(soft, width, height);
    context.drawImage(this.shape.canvas, 0, 0, width, height);
    this.drawn();
  }

  private readonly shape = document.createElement("canvas").getContext("2d") as CanvasRenderingContext2D;

  private cut(width: number, height: number): void {
    const { shape } = this;
    if (shape.canvas.width !== width || shape.canvas.height !== height) Object.assign(shape.canvas, { width, height });
    shape.globalCompositeOperation = "copy";
    shape.drawImage(this.person.canvas, 0, 0);
    shape.globalCompositeOperation = "source-in";
    shape.drawImage(this.video, 0, 0, width, height);
  }

  private background(soft: boolean, width: number, height: number): void {
    const { context, small, video } = this;
    if (soft && typeof context.filter === "string") {
      context.filter = `blur(${Math.round((BLUR * height) / 480)}px)`;
      context.drawImage(video, 0, 0, width, height);
      context.filter = "none";
      return;
    }
    small.drawImage(video, 0, 0, small.canvas.width, small.canvas.height);
    context.drawImage(small.canvas, 0, 0, width, height);
  }
}
