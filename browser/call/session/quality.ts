// Holds the ladder against the line: listens to the connection, tells the other side what came, asks the path how much
// it takes, and has sent what the ladder says.
import { LONG_FROM, looked, type Burst } from "../../line/looks.js";
import type { Bus } from "../connection/bus.js";
import { Prober } from "../connection/probe.js";
import type { Sample } from "../connection/sample.js";
import type { Media } from "../connection/tuning.js";
import { guessed, type Fetched } from "./guess.js";
import type { Keep } from "./keep.js";
import { capped, doubted, held, knock, knocked, levelOf, linked, measuredEarly, rested, START, tick, type Ladder } from "./ladder.js";
import { Patience } from "./patience.js";
import { Listener, readLevel, readReport, writeReport, type Report } from "./report.js";
import { levelAt, LEVELS, sendingAt, SMALL, THIN, rungFor, type Level, type Sending } from "./rungs.js";

export interface QualityOptions {
  bus: Bus;
  keep: Keep;
  admitted: () => boolean;
  /** Whether our camera is on: without it a low number of pictures tells nothing of the path. */
  seen: () => boolean;
  /** A screen is shown in place of the face: it must be legible rather than smooth. */
  screen: () => boolean;
  send: (media: Media) => void;
  patience: (ms: number | null) => void;
  /** Stills and spoken notes, which go beside sound and picture. */
  beside: (sending: Sending) => void;
  /** Stills make room for a moment. */
  rest: (resting: boolean) => void;
  tell: (facts: Partial<QualityFacts>) => void;
}

export interface QualityFacts {
  /** What we send, what the other sends, and the most that either person allows. */
  level: Level;
  otherLevel: Level | null;
  pin: Level;
  otherPin: Level;
  /** Both ways together, as it goes at present; null before there is anything to count. */
  mbPerHour: number | null;
  /** Round trip in ms. */
  rtt: number | null;
  /** The path was asked how much it takes. */
  measured: boolean;
  /** kbit/s that it let through while both waited; null: not asked yet. */
  rate: number | null;
}

export const NO_PIN: Level = 5;
const FRESH = 7000; // ms; an older report tells of another line
const UNFED = 8000; // ms after the camera delivered nothing until a report of few pictures tells of the line again
const BUSY = { often: 2000, seldom: 4000 }; // ms between reports
const EARLY_AGAIN = [0, 1500, 4000]; // ms after the channels open
const HELD_AGAIN = 3;
const LONGEST_REST = 1000; // ms
const PAUSE = 0.4; // s: between two words one is shorter
const WAITING_AGAIN = 12_000;
/** On a line for stills the face is shown at once all the same: one small moving picture, then the stills. */
const OPENING = { ms: 5000, from: 4, voice: 3, picture: { kbit: 18, scale: 4, fps: 2 } };
const MB = 1_000_000;
const IP_UDP = 28; // bytes of a packet that the browser does not count
const SCREEN = { scale: 1, fps: 5 };

export class Quality {
  private ladder: Ladder = START;
  private pin: Level = NO_PIN;
  private otherPin: Level = NO_PIN;
  private otherLevel: Level | null = null;
  private toldLevel: Level | null = null;
  private report: { at: number; report: Report; seen: boolean } | null = null;
  private reported = 0;
  private applied = "";
  private knocking = false;
  /** Seconds since anything much was said. */
  private pause = 0;
  private measured = false;
  /** Since when the one small moving picture is sent; null: it is not. */
  private opening: number | null = null;
  private toldSeen = false;
  /** The browser says when its looks at the way are answered. */
  private answers = false;
  /** The other side reaches its relay over TCP. Ours is by UDP then, and yet all of it crosses that. */
  private otherOverTcp = false;
  private toldTcp = false;
  /** When our camera last delivered no picture for a second: then few arrive, whatever the path takes. */
  private unfed = -Infinity;
  private looking: ReturnType<typeof setTimeout>[] = [];
  private volume: { bytes: number; seconds: number }[] = [];
  private readonly prober: Prober;
  private readonly listener = new Listener();
  private readonly patience = new Patience();

  constructor(private readonly options: QualityOptions) {
    const { bus, keep } = options;
    this.prober = new Prober(bus);
    const left = keep.read<{ rung: number; pin: Level } | null>("rung", null);
    if (left) {
      this.ladder = { ...this.ladder, rung: left.rung };
      this.pin = left.pin;
    } else this.guess();
    bus.onOpen(() => this.opened());
    bus.onClose(() => {
      this.looking.splice(0).forEach(clearTimeout);
      this.otherOverTcp = false;
    });
    bus.on("level.report", (body) => {
      const report = readReport(body);
      if (report) this.report = { at: performance.now(), report, seen: false };
    });
    bus.on("level.seen", () => this.endOpening());
    bus.on("pre.tcp", (body) => (this.otherOverTcp = body === true));
    bus.on("pre.level", (body) => {
      this.otherLevel = readLevel(body);
      options.tell({ otherLevel: this.otherLevel });
      this.apply();
    });
    bus.on("pre.pin", (body) => {
      this.otherPin = readLevel(body) ?? NO_PIN;
      options.tell({ otherPin: this.otherPin });
      this.recap();
    });
    this.recap();
  }

  /** The most that is sent, both ways, by this person's wish. */
  setPin(level: Level): void {
    this.pin = level;
    this.options.bus.send("pre.pin", level);
    this.recap();
  }

  onSample(sample: Sample): void {
    const now = sample.at;
    const path = this.otherOverTcp ? "relay-tcp" : sample.path;
    if (sample.linkUp) {
      this.listener.add(sample);
      this.options.patience(this.patience.add(sample, path === "relay-tcp"));
      this.count(sample);
    } else this.listener.forget();
    const tcp = sample.path === "relay-tcp";
    if (sample.linkUp && tcp !== this.toldTcp && this.options.bus.send("pre.tcp", tcp)) this.toldTcp = tcp;
    if (!this.options.admitted()) {
      this.ladder = rested(this.ladder, sample.rtt, path);
      this.apply();
      return;
    }
    if (this.opening !== null && now - this.opening > OPENING.ms) this.endOpening();
    if (!this.toldSeen && sample.framesDecoded > 0) this.toldSeen = this.options.bus.send("level.seen", true);
    this.tellReport(now);
    this.answers ||= sample.answers > 0;
    const report = this.report && now - this.report.at < FRESH ? this.report.report : null;
    if (sample.framesCaptured === 0 && sample.framesSent === 0) this.unfed = now;
    const fed = now - this.unfed > UNFED;
    this.ladder = tick(
      this.ladder,
      {
        rtt: sample.rtt,
        answered: this.answers ? sample.answers > 0 : null,
        loss: report ? report.loss : sample.outLoss,
        invented: report?.invented ?? null,
        arrived: report?.arrived ?? null,
        fps: report && fed && this.options.seen() ? report.fps : null,
        available: fed && this.sending.measured ? sample.available : null, // unmeasured it is a guess from a few losses
        path,
        linkUp: sample.linkUp,
        fresh: report !== null && this.report?.seen === false,
      },
      now,
    );
    if (this.report) this.report.seen = true;
    this.apply();
    this.tellLevel();
    if (sample.linkUp) void this.knock(now, sample, sample.audioSent > 3);
  }

  private opened(): void {
    const { bus } = this.options;
    this.ladder = linked(this.ladder, performance.now());
    this.report = null;
    this.toldSeen = false;
    this.toldTcp = false;
    bus.send("pre.pin", this.pin);
    this.toldLevel = null;
    this.tellLevel();
    this.looking = EARLY_AGAIN.map((ms, i) => setTimeout(() => void this.measureEarly(i > 0), ms));
    this.looking.push(setInterval(() => void this.measureEarly(false), WAITING_AGAIN));
  }

  /** While nothing is said or shown yet, the path is free to be asked. */
  private async measureEarly(higher: boolean): Promise<void> {
    const { bus, admitted } = this.options;
    const { session } = bus;
    if (admitted() || this.prober.busy) return;
    const over = (): boolean => admitted() || session === null || bus.session !== session;
    const rate = await looked((burst) => (higher ? this.measure(burst) : this.early(burst, over)), this.ladder, over);
    if (rate === null || (admitted() && this.measured)) return;
    const known = this.ladder.rate;
    this.standBy(higher && known !== null ? Math.max(rate, known) : rate);
    this.measured = true;
    this.options.tell({ measured: true, rate: this.ladder.rate });
  }

  /** On the thinnest lines a look and its doubts take longer than one waits between two, so that the door may open at any
   * moment: what the first says holds until the others say better. */
  private async early(burst: Burst, over: () => boolean): Promise<number | null> {
    const rate = await this.measure(burst);
    const { path, rung } = this.ladder;
    if (this.measured && rate !== null && rate < LONG_FROM && rungFor(rate, path) < rung && !over()) this.standBy(rate);
    return rate;
  }

  private standBy(rate: number): void {
    this.ladder = measuredEarly(this.ladder, rate, performance.now());
    this.apply();
  }

  /** What the connection did in the last quarter of a second: a pause in what is said is the moment for a knock. */
  onGlimpse(glimpse: Sample): void {
    this.pause = glimpse.audioSent > 1 ? 0 : this.pause + glimpse.seconds;
    if (this.pause > PAUSE && glimpse.linkUp && this.options.admitted()) void this.knock(glimpse.at, glimpse, false);
  }

  private async knock(now: number, sample: Sample, speaking: boolean): Promise<void> {
    const burst = knock(this.ladder, now);
    if (!burst || this.knocking) return;
    // In a pause of our own speech nothing is held up by it; but it is not put off for ever.
    if (speaking && this.ladder.rung >= THIN && now < this.ladder.knockAt + 6000) return;
    this.knocking = true;
    await this.stillsRest(sample.rtt ?? 0);
    let rate = await this.best(burst);
    const again = rate === null ? null : doubted(this.ladder, rate);
    if (again) rate = await this.best(again);
    this.knocking = false;
    this.options.rest(false);
    const beside = ((sample.sentBytes + IP_UDP * sample.audioSent) * 8) / 1000 / sample.seconds;
    this.ladder = knocked(this.ladder, rate, performance.now(), Math.round(beside));
    this.apply();
  }

  /** Stills take a thin line's last room, and what SCTP lets out at once: what is on its way arrives first. */
  private async stillsRest(ms: number): Promise<void> {
    if (this.sending.stills === 0) return;
    this.options.rest(true);
    await new Promise((done) => setTimeout(done, Math.min(ms, LONGEST_REST)));
  }

  private async best(burst: Burst): Promise<number | null> {
    let rate = await this.measure(burst);
    for (let again = 0; again < HELD_AGAIN && rate !== null && held(this.ladder, rate); again++) {
      rate = Math.max(rate, (await this.measure(burst)) ?? 0);
    }
    return rate;
  }

  private measure({ count, size }: Burst): Promise<number | null> {
    const { path, base } = this.ladder;
    return this.prober.measure(count, size, { rtt: base, tcp: path === "relay-tcp" });
  }

  /** For a connection that has just been made. */
  get sending(): Sending {
    const { ladder } = this;
    const own = sendingAt(Math.min(ladder.rung, ladder.cap), ladder.rate, ladder.path, ladder.base);
    const open = !this.measured && !this.options.admitted(); // nothing is known yet, and nothing sent
    const sending = { ...own, measured: own.measured || open || this.otherLevel === LEVELS.picture };
    return sending.picture && this.options.screen() ? { ...sending, picture: { ...sending.picture, ...SCREEN } } : sending;
  }

  /** kbit/s that the path takes, as last measured. */
  get rate(): number | null {
    return this.ladder.rate;
  }

  /** Something that is sent is now another. */
  refresh(): void {
    this.apply();
  }

  private recap(): void {
    this.ladder = capped(this.ladder, Math.min(this.pin, this.otherPin) as Level);
    this.options.tell({ pin: this.pin });
    this.apply();
  }

  private apply(): void {
    const { ladder, options, sending } = this;
    const level = levelOf(ladder);
    const text = JSON.stringify(sending);
    if (text === this.applied || this.opening !== null) return;
    this.applied = text;
    options.send(sending);
    options.beside(options.admitted() ? sending : { ...sending, stills: 0, notes: false });
    options.tell({ level });
    options.keep.write("rung", { rung: ladder.rung, pin: this.pin });
    this.tellLevel();
  }

  /** Admission: what was measured while waiting is what is sent from the first moment. */
  admit(): void {
    this.applied = "";
    this.listener.forget();
    this.ladder = { ...this.ladder, since: performance.now() };
    this.apply();
    const { rung, cap } = this.ladder;
    const { sending } = this;
    if (sending.picture || rung < OPENING.from || levelAt(cap) < LEVELS.stills || this.ladder.path === "relay-tcp") return;
    // The voice of a rung lower makes room for it, so that neither waits for the other.
    const { voice } = sendingAt(OPENING.voice, this.ladder.rate, this.ladder.path, this.ladder.base);
    this.options.send({ ...sending, voice, picture: OPENING.picture });
    this.options.beside({ ...sending, stills: 0 });
    this.opening = performance.now();
    this.ladder = { ...this.ladder, fell: true }; // the queue it makes is its own, and soon gone
  }

  private endOpening(): void {
    if (this.opening === null) return;
    this.opening = null;
    this.applied = "";
    this.apply();
  }

  private guess(): void {
    const fetched = typeof performance.getEntriesByType === "function" ? performance.getEntriesByType("resource") : [];
    const rate = guessed(fetched as unknown as Fetched[]);
    if (rate !== null) this.ladder = { ...this.ladder, rung: Math.min(SMALL, rungFor(rate, "direct")) };
  }

  /** Also while waiting: whether the browsers measure depends on it from the first moment, and the two are not let in at
   * once. */
  private tellLevel(): void {
    const level = levelOf(this.ladder);
    if (level !== this.toldLevel && this.options.bus.send("pre.level", level)) this.toldLevel = level;
  }

  private tellReport(now: number): void {
    if (this.otherLevel !== null && this.otherLevel < LEVELS.voice) return; // nothing comes that one could tell of
    if (now - this.reported < (levelOf(this.ladder) > LEVELS.voice ? BUSY.often : BUSY.seldom)) return;
    const report = this.listener.report();
    if (report && this.options.bus.send("level.report", writeReport(report))) this.reported = now;
  }

  private count(sample: Sample): void {
    this.volume.push({ bytes: sample.sentBytes + sample.receivedBytes, seconds: sample.seconds });
    if (this.volume.length > 30) this.volume.shift();
    const bytes = this.volume.reduce((sum, one) => sum + one.bytes, 0);
    const seconds = this.volume.reduce((sum, one) => sum + one.seconds, 0);
    this.options.tell({ rtt: sample.rtt === null ? null : 10 * Math.round(sample.rtt / 10), mbPerHour: seconds > 5 ? Math.round((10 * bytes * 3600) / seconds / MB) / 10 : null });
  }
}
