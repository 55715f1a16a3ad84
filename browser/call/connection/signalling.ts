// The room's socket, opened again for as long as the page stands. Chromium holds back failing WebSockets
// (measured: 19 s after a 75 s outage), so none is opened before a small fetch has come through; only where the device
// has just got a network again the first is tried at once, since then each round trip is silence.
import { CLOSED, parseFrame, type ClientFrame, type ServerFrame } from "./protocol.js";
import { follow, NOWHERE, type Place } from "./resume.js";

export type Final = "taken" | "not_in_window" | "ended" | "signed_out" | "refused";
export type TicketAnswer = { ticket: string } | { final: Final } | null;

export interface SignallingOptions {
  socket: string;
  ping: string;
  tab: string;
  ticket: () => Promise<TicketAnswer>;
  onFrame: (frame: ServerFrame) => void;
  /** A new socket is open and signals may be sent, though nothing was heard yet. `moved`: on another network. */
  onOpening: (moved: boolean) => void;
  /** The device is on another network; no socket is open yet. */
  onMoved: () => void;
  /** true: seated (after the welcome); false: the line is gone and we try again. */
  onOnline: (online: boolean) => void;
  onFinal: (reason: Final) => void;
}

const HEARTBEAT = 5000; // ms
const ANSWER_WITHIN = 2500;
const PROBE_WITHIN = 1500;
const FIRST_PAUSE = 300;
const LONGEST_PAUSE = 2000;
const LONGEST_ANSWER = 8000;
const OPEN_WITHIN = 8000;
const OPEN_AT_ONCE_WITHIN = 3500; // where nothing was probed first

const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

export class Signalling {
  private socket: WebSocket | null = null;
  private place: Place = NOWHERE;
  private seated = false;
  private greeted = false;
  private again: string | null = null;
  /** The device has come to another network since a socket was last open. */
  private moved = false;
  /** Sockets to be tried at once: Chromium may take the first down with those of the old network. */
  private hurry = 0;
  private stopped = false;
  private pings = 0;
  private asking: ((there: boolean) => void)[] = [];
  private heartbeat: number | undefined;
  private finishSocket: ((code: number) => void) | null = null;
  private wake: (() => void) | null = null;
  private tooEarly = 0;
  /** ms in which the server answers of late. On a thin line an answer that takes two seconds is no sign of anything, and
   * a socket made anew takes 6 kB from what is being said. */
  private answers = 0;

  constructor(private readonly options: SignallingOptions) {}

  start(): void {
    addEventListener("online", this.arrived);
    addEventListener("offline", this.departed);
    document.addEventListener("visibilitychange", this.nudge);
    void this.run();
  }

  stop(): void {
    this.stopped = true;
    removeEventListener("online", this.arrived);
    removeEventListener("offline", this.departed);
    document.removeEventListener("visibilitychange", this.nudge);
    this.drop(1000);
  }

  get online(): boolean {
    return this.seated;
  }

  /** False where the line is down: the caller keeps what must not be lost. */
  send(frame: ClientFrame): boolean {
    if (!(this.seated || (this.greeted && frame.t === "signal")) || this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** Is the line still there? If no answer comes within that time it is made anew. */
  check(within = PROBE_WITHIN, times = 3): Promise<boolean> {
    const socket = this.socket;
    if (!this.seated || socket?.readyState !== WebSocket.OPEN) return Promise.resolve(false);
    socket.send(JSON.stringify({ t: "ping", n: ++this.pings }));
    const asked = performance.now();
    return new Promise((done) => {
      this.asking.push((there) => {
        if (there) this.answered(performance.now() - asked);
        done(there);
      });
      const [mine] = this.asking.slice(-1);
      setTimeout(() => {
        const unheard = mine !== undefined && this.asking.includes(mine);
        if (unheard && this.socket === socket) this.drop(1006);
        done(false);
      }, this.patient(within, times));
    });
  }

  private answered(ms: number): void {
    this.answers = Math.max(ms, 0.7 * this.answers + 0.3 * ms);
  }

  private patient(least: number, times: number): number {
    return Math.max(least, Math.min(LONGEST_ANSWER, times * this.answers + 500));
  }

  private readonly nudge = (): void => {
    if (document.visibilityState === "hidden") return;
    void this.check();
    this.wake?.();
  };

  /** The device has no network: what was open is of the old one and will not be heard again. */
  private readonly departed = (): void => {
    this.moved = true;
    this.hurry = 2;
    this.drop(1006);
  };

  private readonly arrived = (): void => {
    this.moved = true;
    this.hurry = 2;
    this.drop(1006);
    this.options.onMoved();
    this.wake?.();
  };

  private async run(): Promise<void> {
    let pause = FIRST_PAUSE;
    let first = true;
    while (!this.stopped) {
      const atOnce = first || (this.hurry > 0 && navigator.onLine);
      if (atOnce || (await this.probe())) {
        this.hurry = Math.max(0, this.hurry - 1);
        const answer = this.again === null ? await this.askTicket() : { ticket: this.again };
        if (answer && "final" in answer) return this.finish(answer.final);
        if (answer) {
          const was = performance.now();
          const code = await this.sit(answer.ticket, atOnce && !first ? OPEN_AT_ONCE_WITHIN : OPEN_WITHIN);
          const final = this.finalOf(code);
          if (final) return this.finish(final);
          if (performance.now() - was > HEARTBEAT) pause = FIRST_PAUSE;
        }
        first = false;
      }
      if (this.stopped) return;
      if (this.hurry > 0 && navigator.onLine) continue;
      await Promise.race([sleep(pause), new Promise<void>((done) => (this.wake = done))]);
      pause = Math.min(pause * 1.4, LONGEST_PAUSE);
    }
  }

  private finalOf(code: number): Final | null {
    if (code === CLOSED.ticket) this.again = null; // signed out, perhaps: our own page knows
    if (code === CLOSED.takenOver) return "taken";
    if (code === CLOSED.notInWindow) return "not_in_window";
    if (code === CLOSED.notOurs || code === CLOSED.tooLong) return ++this.tooEarly > 5 ? "refused" : null;
    return null;
  }

  private finish(reason: Final): void {
    this.stop();
    this.options.onFinal(reason);
  }

  private async probe(): Promise<boolean> {
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), this.patient(PROBE_WITHIN, 4)); // a new connection is three round trips
    try {
      await fetch(this.options.ping, { method: "HEAD", cache: "no-store", signal: giveUp.signal });
      return true;
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  private async askTicket(): Promise<TicketAnswer> {
    try {
      return await Promise.race([this.options.ticket(), sleep(OPEN_WITHIN).then(() => null)]);
    } catch {
      return null;
    }
  }

  /** Opens one socket and waits until it is over; answers with its closing code. */
  private sit(ticket: string, within: number): Promise<number> {
    return new Promise((resolve) => {
      const socket = new WebSocket(this.options.socket);
      this.socket = socket;
      const patience = setTimeout(() => this.drop(1006), within);
      this.finishSocket = (code) => {
        clearTimeout(patience);
        clearInterval(this.heartbeat);
        this.finishSocket = null;
        this.socket = null;
        for (const there of this.asking.splice(0)) there(false);
        const was = this.seated;
        this.seated = this.greeted = false;
        socket.onopen = socket.onmessage = socket.onclose = null;
        if (socket.readyState < WebSocket.CLOSING) socket.close();
        if (was) this.options.onOnline(false);
        resolve(code);
      };
      socket.onopen = () => {
        socket.send(JSON.stringify({ t: "hello", ticket, tab: this.options.tab, ...this.place }));
        this.greeted = true;
        this.again = null;
        this.options.onOpening(this.moved);
        this.moved = false;
        this.hurry = 0;
      };
      socket.onclose = ({ code }) => this.finishSocket?.(code);
      socket.onmessage = ({ data }) => {
        for (const there of this.asking.splice(0)) there(true);
        const frame = parseFrame(data);
        if (!frame) return;
        if (frame.t === "welcome") clearTimeout(patience);
        this.take(frame);
      };
    });
  }

  private take(frame: ServerFrame): void {
    const { place, fresh } = follow(this.place, frame);
    this.place = place;
    if (frame.t === "pong" || frame.t === "welcome") this.again = frame.again ?? this.again;
    if (frame.t === "pong" || !fresh) return;
    if (frame.t === "welcome") {
      this.seated = true;
      this.heartbeat = window.setInterval(() => void this.check(ANSWER_WITHIN, 8), HEARTBEAT);
      this.options.onFrame(frame);
      this.options.onOnline(true);
    } else this.options.onFrame(frame);
  }

  private drop(code: number): void {
    this.finishSocket?.(code);
  }
}
