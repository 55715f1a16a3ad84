// The room's socket, opened again for as long as the page stands.
import { Hunt } from "./hunt.js";
import { CLOSED, parseFrame, type ClientFrame, type ServerFrame } from "./protocol.js";
import { follow, NOWHERE, type Place } from "./resume.js";

export type Final = "taken" | "not_in_window" | "ended" | "signed_out" | "refused";
export type TicketAnswer = { ticket: string } | { final: Final } | null;

export interface SignallingOptions {
  socket: string;
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
const DOUBT_WITHIN = 1500;
const LONGEST_ANSWER = 8000;
const WELCOME_WITHIN = 8000;
const PAUSE = 300; // ms after a socket that led to nothing, and longer each time
const LONGEST_PAUSE = 2000;

const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

export class Signalling {
  private socket: WebSocket | null = null;
  private place: Place = NOWHERE;
  private seated = false;
  private greeted = false;
  private again: string | null = null;
  /** The device has come to another network since a socket was last open. */
  private moved = false;
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
  private readonly hunt: Hunt;

  constructor(private readonly options: SignallingOptions) {
    // A new connection is three round trips with TLS, and one for what is agreed in it.
    this.hunt = new Hunt({ url: options.socket, within: () => (this.answers > 0 ? this.patient(0, 4) : LONGEST_ANSWER) });
  }

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
    this.hunt.stop();
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
  check(within = DOUBT_WITHIN, times = 3): Promise<boolean> {
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
    this.hunt.anew();
    this.wake?.();
  };

  /** The device has no network: what was open is of the old one and will not be heard again. */
  private readonly departed = (): void => {
    this.moved = true;
    this.drop(1006);
  };

  private readonly arrived = (): void => {
    this.moved = true;
    this.drop(1006);
    this.options.onMoved();
    this.hunt.anew();
    this.wake?.();
  };

  private async run(): Promise<void> {
    let pause = PAUSE;
    while (!this.stopped) {
      const answer = this.again === null ? await this.askTicket() : { ticket: this.again };
      if (answer && "final" in answer) return this.finish(answer.final);
      const socket = answer && (await this.hunt.open());
      if (this.stopped) return socket?.close();
      const was = performance.now();
      if (answer && socket) {
        const final = this.finalOf(await this.sit(socket, answer.ticket));
        if (final) return this.finish(final);
      }
      if (performance.now() - was > HEARTBEAT) pause = PAUSE;
      else await Promise.race([sleep(pause), new Promise<void>((done) => (this.wake = done))]);
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

  private async askTicket(): Promise<TicketAnswer> {
    try {
      return await Promise.race([this.options.ticket(), sleep(LONGEST_ANSWER).then(() => null)]);
    } catch {
      return null;
    }
  }

  /** Says hello on an open socket and waits until it is over; answers with its closing code. */
  private sit(socket: WebSocket, ticket: string): Promise<number> {
    return new Promise((resolve) => {
      this.socket = socket;
      const patience = setTimeout(() => this.drop(1006), WELCOME_WITHIN);
      this.finishSocket = (code) => {
        clearTimeout(patience);
        clearInterval(this.heartbeat);
        this.finishSocket = null;
        this.socket = null;
        for (const there of this.asking.splice(0)) there(false);
        const was = this.seated;
        this.seated = this.greeted = false;
        socket.onmessage = socket.onclose = null;
        if (socket.readyState < WebSocket.CLOSING) socket.close();
        if (was) this.options.onOnline(false);
        resolve(code);
      };
      socket.onclose = ({ code }) => this.finishSocket?.(code);
      socket.onmessage = ({ data }) => {
        for (const there of this.asking.splice(0)) there(true);
        const frame = parseFrame(data);
        if (!frame) return;
        if (frame.t === "welcome") clearTimeout(patience);
        this.take(frame);
      };
      socket.send(JSON.stringify({ t: "hello", ticket, tab: this.options.tab, ...this.place }));
      this.greeted = true;
      this.again = null;
      this.options.onOpening(this.moved);
      this.moved = false;
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
