// Spoken notes, both ways: recorded, kept, sent, put together and heard. Holds the pure parts together.
import type { Bus } from "../../connection/bus.js";
import { NotePlayer, playable } from "../../media/note-player.js";
import { NOTE_TYPES, record, type NoteType, type Recording } from "../../media/note-recorder.js";
import { LONGEST, name, type NoteKey } from "./format.js";
import { Inbox, type InNote } from "./inbox.js";
import { Outbox, type OutNote, type OutStatus } from "./outbox.js";
import type { NoteStore } from "./store.js";

const BULK = 1; // the bus's kind for notes
const TICK = 150; // ms
const MOST_KEPT = 20; // of our own, to hear again

export interface NoteView extends NoteKey {
  mine: boolean;
  seconds: number;
  status: OutStatus | "new" | "playing";
  /** Of mine, how much is on its way or there. */
  share: number;
  mayTakeBack: boolean;
  /** The browser could make nothing of it. */
  broken: boolean;
}

export interface SpokenView {
  recording: boolean;
  /** Since when, by performance.now(). */
  since: number;
  notes: NoteView[];
  arriving: boolean;
  otherSpeaks: boolean;
  lasting: boolean;
  problem: "microphone" | "short" | null;
  /** The browser wants a touch before it plays. */
  wantsTouch: boolean;
}

export interface DeskNeeds {
  bus: Bus;
  store: NoteStore;
  stream: string;
  /** Given out once each, also after a reload. */
  nextNumber: () => number;
  heard: string[];
  keepHeard: (names: string[]) => void;
  /** A track of the note's own, or null where there is no microphone. */
  microphone: () => Promise<MediaStreamTrack | null>;
  /** While a note is spoken it is not heard live as well. */
  holdLive: (held: boolean) => void;
  instead: () => boolean;
  /** Bytes a second that the line bears beside all else; null: enough. */
  pace: () => number | null;
  /** Nobody is heard live now, and nobody near may not hear. `otherToo`: live voice is off there as well. */
  mayPlayAloud: (otherToo: boolean) => boolean;
  changed: () => void;
}

export class SpokenDesk {
  private readonly outbox: Outbox;
  private readonly inbox: Inbox;
  private readonly player = new NotePlayer();
  private order: (NoteKey & { mine: boolean })[] = [];
  private readonly broken = new Set<string>();
  private recording: Recording | null = null;
  private starting = false;
  private stopWanted: "keep" | "throw" | null = null;
  private since = 0;
  private limit: ReturnType<typeof setTimeout> | undefined;
  private pump: ReturnType<typeof setInterval> | undefined;
  private playing: string | null = null;
  private problem: SpokenView["problem"] = null;
  private wantsTouch = false;
  private over = false;
  private other: { plays: readonly NoteType[]; recording: boolean; instead: boolean } = { plays: NOTE_TYPES, recording: false, instead: false };

  constructor(private readonly needs: DeskNeeds) {
    const { bus } = needs;
    this.outbox = new Outbox(
      {
        announce: (note) => bus.send("spoken.note", note),
        part: (bytes) => bus.sendBulk(BULK, bytes),
        waiting: () => bus.bulkBuffered(),
        pace: needs.pace,
      },
      (note) => this.moved(note),
    );
    this.inbox = new Inbox((have) => bus.send("spoken.have", have), (note) => this.arrived(note), needs.heard);
    bus.on("spoken.note", (body) => this.change(() => this.inbox.onAnnounced(body)));
    bus.on("spoken.have", (body) => this.change(() => this.outbox.onHave(body, performance.now())));
    bus.on("spoken.state", (body) => this.change(() => this.hear(body)));
    bus.on("spoken.hello", (body) => this.change(() => this.greeted(body)));
    bus.onBulk(BULK, (part) => this.change(() => this.inbox.onPart(part)));
    bus.onOpen(() => this.change(() => this.opened()));
    bus.onClose(() => this.change(() => this.closed()));
  }

  /** Brings back what a reload left unsent, and greets the other. */
  async start(): Promise<void> {
    for (const note of await this.needs.store.load()) {
      this.outbox.add(note);
      this.order.push({ stream: note.stream, n: note.n, mine: true });
    }
    this.change(() => this.needs.bus.session && this.opened());
  }

  view(): SpokenView {
    return {
      recording: this.recording !== null || this.starting,
      since: this.since,
      notes: this.order.flatMap((key) => this.noteView(key) ?? []),
      arriving: this.inbox.arriving() !== null,
      otherSpeaks: this.other.recording,
      lasting: this.needs.store.lasting || !this.outbox.busy,
      problem: this.problem,
      wantsTouch: this.wantsTouch,
    };
  }

  /** Live voice was turned off or on again here. */
  switched(): void {
    this.tellState();
    this.playNext();
  }

  async begin(): Promise<void> {
    if (this.recording || this.starting) return;
    this.change(() => {
      this.starting = true;
      this.stopWanted = this.problem = null;
      this.since = performance.now();
      this.player.stop();
    });
    const track = await this.needs.microphone();
    try {
      if (!track) throw new Error("no microphone");
      this.needs.holdLive(true);
      const made = await record(track, this.other.plays);
      this.recording = { stop: () => made.stop().finally(() => track.stop()), cancel: () => (made.cancel(), track.stop()) };
    } catch {
      track?.stop();
      this.needs.holdLive(false);
      this.problem = "microphone";
    }
    this.starting = false;
    this.since = performance.now();
    this.limit = setTimeout(() => void this.end(), LONGEST * 1000);
    this.change(() => this.tellState());
    if (this.stopWanted) await this.end(this.stopWanted === "keep");
  }

  /** Sends what was recorded, or throws it away. */
  async end(keep = true): Promise<void> {
    if (this.starting) this.stopWanted = keep ? "keep" : "throw";
    const { recording } = this;
    if (!recording) return;
    this.recording = null;
    clearTimeout(this.limit);
    const made = keep ? await recording.stop() : (recording.cancel(), null);
    this.needs.holdLive(false);
    this.tellState();
    if (keep && !made) this.problem = "short";
    if (made && !this.over) await this.post(made);
    this.change(() => this.playNext());
  }

  async play(key: NoteKey, mine: boolean): Promise<void> {
    const note = mine ? this.outbox.list().find((each) => name(each) === name(key)) : this.inbox.list().find((each) => name(each) === name(key));
    if (!note || this.recording || this.starting) return;
    const id = name(note);
    this.player.stop();
    this.change(() => (this.playing = id));
    const played = await this.player.play(note.data, note.type);
    this.change(() => {
      if (this.playing === id) this.playing = null;
      this.wantsTouch = played === "refused";
      if (played === "broken") this.broken.add(id);
      // One that cannot be played is not left to stand before the next for good.
      if (!mine && (played === "heard" || played === "broken")) {
        this.inbox.heard(key);
        this.needs.keepHeard(this.inbox.heardBefore());
      }
    });
    if (played === "heard" || played === "broken") this.playNext();
  }

  pause(): void {
    this.player.stop();
  }

  takeBack(key: NoteKey): void {
    if (!this.outbox.takeBack(key.n)) return;
    void this.needs.store.remove(key);
    this.needs.changed();
  }

  /** Plays by itself what was not heard, where the page is seen and nobody speaks. */
  playNext(): void {
    if (this.playing || this.recording || this.starting || this.wantsTouch) return;
    if (document.visibilityState !== "visible" || !this.needs.mayPlayAloud(this.other.instead)) return;
    const next = this.inbox.list().find((note) => !note.heard && !this.broken.has(name(note)));
    if (next) void this.play(next, false);
  }

  /** Silent at once; what was being spoken is thrown away, for somebody else may be heard in it. */
  hush(): void {
    void this.end(false);
    this.player.stop();
  }

  /** The session is over here; `forget`: nothing of it stays on this device. */
  stop(forget: boolean): void {
    this.over = true;
    clearInterval(this.pump);
    this.hush();
    if (forget) void this.needs.store.clear();
  }

  private async post({ data, seconds, type }: { data: Uint8Array; seconds: number; type: NoteType }): Promise<void> {
    const note = { stream: this.needs.stream, n: this.needs.nextNumber(), data, seconds, type };
    await this.needs.store.put(note); // first kept, then sent
    this.order.push({ stream: note.stream, n: note.n, mine: true });
    this.outbox.add(note);
    this.run();
  }

  private opened(): void {
    this.other.recording = false;
    this.outbox.opened();
    this.needs.bus.send("spoken.hello", this.ownState());
    this.run();
  }

  private closed(): void {
    this.other.recording = false;
    this.outbox.closed();
  }

  private greeted(body: unknown): void {
    this.hear(body);
    this.outbox.again();
    this.tellState();
    this.run();
  }

  private hear(body: unknown): void {
    const { plays, recording, instead } = (body ?? {}) as Record<string, unknown>;
    const known = Array.isArray(plays) ? NOTE_TYPES.filter((type) => plays.includes(type)) : [];
    this.other = { plays: known.length ? known : NOTE_TYPES, recording: recording === true, instead: instead === true };
    this.playNext();
  }

  private ownState(): unknown {
    return { plays: playable(), recording: this.recording !== null, instead: this.needs.instead() };
  }

  private tellState(): void {
    this.needs.bus.send("spoken.state", this.ownState());
  }

  /** Looks after the line while anything of ours is not there yet. */
  private run(): void {
    this.outbox.tick(performance.now());
    clearInterval(this.pump);
    this.pump = setInterval(() => {
      this.outbox.tick(performance.now());
      if (!this.outbox.list().some(({ status }) => status !== "heard")) clearInterval(this.pump);
    }, TICK);
  }

  private moved(note: OutNote): void {
    if (note.status === "heard") {
      void this.needs.store.remove(note);
      const heard = this.outbox.list().filter(({ status }) => status === "heard");
      if (heard.length > MOST_KEPT && heard[0]) this.outbox.forget(heard[0].n);
    }
    this.needs.changed();
  }

  private arrived({ stream, n }: InNote): void {
    this.order = [...this.order.filter((key) => this.noteView(key)), { stream, n, mine: false }];
    this.playNext();
  }

  private noteView(key: NoteKey & { mine: boolean }): NoteView | null {
    const id = name(key);
    const playing = this.playing === id;
    const broken = this.broken.has(id);
    if (key.mine) {
      const note = this.outbox.list().find((each) => name(each) === id);
      if (!note) return null;
      const { seconds, status, share } = note;
      return { ...key, seconds, share, broken, status: playing ? "playing" : status, mayTakeBack: this.outbox.mayTakeBack(note) };
    }
    const note = this.inbox.list().find((each) => name(each) === id);
    const status = playing ? "playing" : note?.heard ? "heard" : "new";
    return note ? { ...key, seconds: note.seconds, share: 1, broken, status, mayTakeBack: false } : null;
  }

  private change(act: () => unknown): void {
    act();
    this.needs.changed();
  }
}
