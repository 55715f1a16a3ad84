// Looks at the connection once a second and tells what it did since.
import { difference, read, type Counters, type Sample } from "./sample.js";

const EVERY = 1000; // ms

export class Sampler {
  private before: { counters: Counters; at: number } | null = null;
  private readonly timer: ReturnType<typeof setInterval>;
  private looking = false;

  constructor(
    private readonly stats: () => Promise<RTCStatsReport> | null,
    private readonly isUp: () => boolean,
    private readonly tell: (sample: Sample) => void,
  ) {
    this.timer = setInterval(() => void this.look(), EVERY);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      const report = await this.stats();
      const rows: { id: string; type: string }[] = [];
      report?.forEach((row: { id: string; type: string }) => rows.push(row));
      const { counters, now } = read(rows);
      const at = performance.now();
      const last = this.before;
      this.before = { counters, at };
      if (last) this.tell({ ...difference(last.counters, counters), ...now, at, seconds: (at - last.at) / 1000, linkUp: this.isUp() });
    } catch {
      // The connection was closed while it was looked at; the next look finds the new one.
    } finally {
      this.looking = false;
    }
  }
}
