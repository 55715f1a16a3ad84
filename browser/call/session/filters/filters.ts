// Noise taken out of the own sound, and the background blurred in the own picture: on, off, and what becomes of them where
// device or line do not bear them. Whatever fails, sound goes out as it is.
import { Blurrer, type Wanted } from "../../media/blur/blurrer.js";
import { openSegmenter } from "../../media/blur/segmenter.js";
import type { Step } from "../../media/blur/steps.js";
import { Suppressor } from "../../media/noise/suppressor.js";
import { within } from "../../media/within.js";
import { LEVELS } from "../rungs.js";
import type { Session } from "../session.js";
import type { FilterFiles } from "./files.js";

const FIRST_FRAME = 10_000; // ms

export type Kind = "noise" | "blur";
export type Said = "off" | "coming" | "on" | "failed" | "coarser" | "slow" | "thin";

export class Filters {
  readonly said: Record<Kind, Said> = { noise: "off", blur: "off" };
  private suppressor: Suppressor | null = null;
  private blurrer: Blurrer | null = null;
  private wished: Record<Kind, boolean> = { noise: false, blur: false };

  constructor(
    private readonly session: Session,
    private readonly files: FilterFiles,
    private readonly onSaid: () => void,
  ) {
    session.subscribe((state, before) => {
      if (state.quality.level !== before.quality.level) this.onLevel();
    });
    document.addEventListener("pointerdown", () => this.suppressor?.resume());
  }

  isOn(kind: Kind): boolean {
    return this.wished[kind];
  }

  set(kind: Kind, on: boolean): void {
    if (on === this.wished[kind]) return;
    this.wished[kind] = on;
    if (!on) this.stop(kind, "off");
    else if (kind === "noise") void this.quieten();
    else void this.blur();
  }

  close(): void {
    for (const kind of ["noise", "blur"] as const) this.stop(kind, "off");
  }

  private tell(kind: Kind, said: Said): void {
    this.said[kind] = said;
    this.onSaid();
  }

  private stop(kind: Kind, said: Said): void {
    this.wished[kind] = false;
    // The sender is given the bare track before what made the other one ends.
    this.session.devices.filter(kind === "noise" ? "audio" : "video", null);
    if (kind === "noise") {
      this.suppressor?.close();
      this.suppressor = null;
    } else {
      this.blurrer?.close();
      this.blurrer = null;
    }
    this.tell(kind, said);
  }

  private async quieten(): Promise<void> {
    this.tell("noise", "coming");
    const { devices } = this.session;
    try {
      const made: Suppressor = await Suppressor.open(this.files.noise, {
        running: (running) => this.suppressor === made && devices.filter("audio", running ? (raw) => made.out(raw) : null),
        failed: () => this.suppressor === made && this.stop("noise", "failed"),
      });
      if (!this.wished.noise || this.suppressor) return made.close();
      this.suppressor = made;
      devices.filter("audio", (raw) => made.out(raw));
      this.tell("noise", "on");
    } catch {
      if (this.wished.noise) this.stop("noise", "failed");
    }
  }

  private async blur(): Promise<void> {
    if (this.wanted() === "rest") return this.tell("blur", "thin");
    this.tell("blur", "coming");
    try {
      const segmenter = await openSegmenter(this.files.blur);
      if (!this.wished.blur || this.blurrer) return segmenter.close();
      const made = new Blurrer(segmenter, (step) => this.blurrer === made && this.onStep(step));
      this.blurrer = made;
      made.want(this.wanted());
      const { devices } = this.session;
      made.out(devices.video);
      if (devices.video) await within(FIRST_FRAME, made.ready);
      if (this.blurrer !== made) return;
      devices.filter("video", (raw) => made.out(raw));
      if (this.said.blur === "coming") this.tell("blur", "on");
    } catch {
      if (this.wished.blur) this.stop("blur", "failed");
    }
  }

  private onStep(step: Step): void {
    if (step === "off") this.stop("blur", "slow");
    else if (step === "plain") this.tell("blur", "coarser");
  }

  private onLevel(): void {
    const wanted = this.wanted();
    this.blurrer?.want(wanted);
    if (this.said.blur === "thin" && this.wished.blur && wanted === "picture") void this.blur();
  }

  /** On a thin line nothing of a camera goes out but a still now and then, which must not show what the person blurred. */
  private wanted(): Wanted {
    const { level } = this.session.state.quality;
    if (level >= LEVELS.small) return "picture";
    return level === LEVELS.stills && this.blurrer ? "still" : "rest";
  }
}
