// Writes down when nothing of the other could be heard and tells the server, who keeps it unchanged. What is not told
// yet stays in this tab, over an outage and over a reload.
import type { Sample } from "../connection/sample.js";
import { post } from "./api.js";
import { deafFor, isDeaf, listen, LISTENING, type Around, type Ear } from "./heard.js";
import { newKey } from "./keep.js";
import type { Session } from "./session.js";
import { otherOf, stageOf, type RoomState } from "./state.js";

interface Report {
  key: string;
  from: number;
  to: number;
}

const AT_A_TIME = 100;
const AGAIN = 5000; // ms

export class LineBook {
  private ear: Ear;
  private waiting: Report[];
  private sending = false;
  private triedAt = -Infinity;
  private over = false;

  constructor(private readonly session: Session) {
    this.ear = session.keep.read("ear", LISTENING);
    this.waiting = session.keep.read<Report[]>("line", []);
    session.onSample((sample) => this.look(sample));
    session.subscribe((state, before) => {
      if (state.online && !before.online) void this.send();
      // From the seat on something should be heard; a page made anew has no earlier moment to count from.
      if (stageOf(state) === "in" && stageOf(before) !== "in") this.ear = { ...this.ear, good: this.ear.good ?? session.now() };
      if (stageOf(before) === "in" && stageOf(state) === "ended") this.close();
    });
  }

  /** How long nothing has been heard, in ms. */
  deafFor(): number {
    const now = this.session.now();
    return now === null ? 0 : deafFor(this.ear, now);
  }

  private look(sample: Sample): void {
    const { state } = this.session;
    const now = this.session.now();
    if (now === null || stageOf(state) !== "in") return;
    this.take(now, isDeaf(sample, around(state)));
    if (performance.now() - this.triedAt > AGAIN) void this.send();
  }

  private take(now: number, deaf: boolean): void {
    const { ear, told } = listen(this.ear, now, deaf);
    this.ear = ear;
    this.remember("ear", ear);
    if (!told.length) return;
    this.waiting.push(...told.map(({ from, to }) => ({ key: newKey(), from: Math.round(from), to: Math.round(to) })));
    this.remember("line", this.waiting);
    void this.send();
  }

  /** The session is over: what is open is told as well, from memory, since the tab keeps nothing of it now. */
  private close(): void {
    this.over = true;
    const now = this.session.now();
    if (now !== null) this.take(now, false);
    const timer = setInterval(() => (this.waiting.length ? void this.send() : clearInterval(timer)), AGAIN);
  }

  private remember(name: string, value: unknown): void {
    if (!this.over) this.session.keep.write(name, value);
  }

  private async send(): Promise<void> {
    if (this.sending || !this.waiting.length || !(this.session.state.online || this.over)) return;
    this.sending = true;
    this.triedAt = performance.now();
    const batch = this.waiting.slice(0, AT_A_TIME);
    const { config } = this.session;
    const { status } = await post(config.urls.line, config.csrf, { reports: batch });
    this.sending = false;
    if (status !== 200 && status !== 409 && status !== 422) return; // the line, or the server, is not there now
    const done = new Set(batch.map(({ key }) => key));
    this.waiting = this.waiting.filter(({ key }) => !done.has(key));
    this.remember("line", this.waiting.length ? this.waiting : null);
    if (this.waiting.length) void this.send();
  }
}

function around(state: RoomState): Around {
  const other = otherOf(state);
  return {
    mic: other?.state.mic === "on",
    live: liveVoice(state),
    here: other?.here ?? false,
    online: state.online,
    left: state.otherLeft,
  };
}

/** By the ladder: text (0) and spoken notes (1) do not pass as live sound. */
function liveVoice(state: RoomState & { quality?: { otherLevel: number | null } }): boolean {
  return (state.quality?.otherLevel ?? 5) >= 2;
}
