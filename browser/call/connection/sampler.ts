// Looks at the connection four times a second and tells what it did since: a glimpse each time, a sample each second.
// Who is to know within two seconds whether somebody fell silent has to look often: a breath lasts one already.
import { difference, joined, read, type Counters, type Sample } from "./sample.js";

const EVERY = 250; // ms
const SAMPLE = 0.9; // s: no shorter; a page out of sight looks once a second at most

export class Sampler {
  private before: { counters: Counters; at: number } | null = null;
  private readonly timer: ReturnType<typeof setInterval>;
  private looking = false;
  private sum: Sample | null = null;

  constructor(
    private readonly stats: () => Promise<RTCStatsReport> | null,
    private readonly isUp: () => boolean,
    private readonly glimpse: (glimpse: Sample) => void,
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
      if (last) this.pass({ ...difference(last.counters, counters), ...now, at, seconds: (at - last.at) / 1000, linkUp: this.isUp() });
    } catch {
      // The connection was closed while it was looked at; the next look finds the new one.
    } finally {
      this.looking = false;
    }
  }

  private pass(now: Sample): void {
    this.glimpse(now);
    const sum = this.sum ? joined(this.sum, now) : now;
    this.sum = sum.seconds < SAMPLE ? sum : null;
    if (!this.sum) this.tell(sum);
  }
}
