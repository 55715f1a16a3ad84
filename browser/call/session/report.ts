// What each side tells the other of the path: what came of what was sent. Pure.
import type { Sample } from "../connection/sample.js";
import type { Level } from "./rungs.js";

const OVER = 4; // samples: with pauses in speech a single second holds too few packets to judge by
const MENDED = 2; // samples after an outage that hold what was lost in it
const ENOUGH = 2; // samples
const PACKETS = 8; // fewer than that in the stretch tell nothing of loss

export interface Report {
  /** Share of sound packets missed; null: too few came to tell. */
  loss: number | null;
  /** Share of the sound played that was made up while something was said. */
  invented: number | null;
  /** kbit/s that arrived, all in all. */
  arrived: number;
  fps: number;
}

export class Listener {
  private readonly last: Sample[] = [];
  private mending = 0;

  /** What an outage cost says nothing of how much the path takes: it is left out. */
  add(sample: Sample): void {
    if (sample.receivedBytes === 0) {
      this.forget();
      this.mending = MENDED;
      return;
    }
    if (this.mending > 0) {
      this.mending--;
      return;
    }
    this.last.push(sample);
    if (this.last.length > OVER) this.last.shift();
  }

  forget(): void {
    this.last.length = 0;
  }

  /** Null: too little was seen since the beginning or an outage. */
  report(): Report | null {
    if (this.last.length < ENOUGH) return null;
    const sum = (field: "audioPackets" | "audioLost" | "totalSamples" | "concealed" | "silentConcealed" | "receivedBytes" | "framesDecoded" | "seconds"): number =>
      this.last.reduce((total, sample) => total + sample[field], 0);
    const lost = Math.max(0, sum("audioLost"));
    const expected = sum("audioPackets") + lost;
    const played = sum("totalSamples");
    const seconds = sum("seconds") || 1;
    return {
      loss: expected >= PACKETS ? round(lost / expected) : null,
      invented: played > 0 ? round(Math.max(0, sum("concealed") - sum("silentConcealed")) / played) : null,
      arrived: Math.round((sum("receivedBytes") * 8 * 1.1) / 1000 / seconds), // a tenth for IP and UDP
      fps: Math.round((10 * sum("framesDecoded")) / seconds) / 10,
    };
  }
}

const round = (share: number): number => Math.round(1000 * share) / 1000;

const share = (value: unknown): number | null => (typeof value === "number" && value >= 0 && value <= 1 ? value : null);

/** What another browser says is believed only where it can be true. */
export function readReport(body: unknown): Report | null {
  if (typeof body !== "object" || body === null) return null;
  const { l, i, a, f } = body as Record<string, unknown>;
  if (typeof a !== "number" || !(a >= 0 && a < 1e6) || typeof f !== "number" || !(f >= 0 && f < 1000)) return null;
  return { loss: share(l), invented: share(i), arrived: a, fps: f };
}

export const writeReport = ({ loss, invented, arrived, fps }: Report): unknown => ({ l: loss, i: invented, a: arrived, f: fps });

export const readLevel = (value: unknown): Level | null =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 5 ? (value as Level) : null;
