// Holds the room together: what comes in changes the state, and what follows from the state is done here.
import { ChannelBus } from "../connection/bus.js";
import { certificatesOf } from "../connection/certificates.js";
import type { ServerFrame } from "../connection/protocol.js";
import type { Sample } from "../connection/sample.js";
import { Sampler } from "../connection/sampler.js";
import { Signalling } from "../connection/signalling.js";
import { StillCamera } from "../media/still.js";
import { Again } from "./again.js";
import { Admission } from "./admission.js";
import { get } from "./api.js";
import { openDevices } from "./as-left.js";
import { serverNow } from "./clock.js";
import type { Config } from "./config.js";
import { IceSource } from "./ice.js";
import { Keep, newKey, tabId } from "./keep.js";
import { Linking } from "./linking.js";
import { OwnDevices } from "./own-devices.js";
import { OwnWord, readOwnState } from "./own-state.js";
import { Quality } from "./quality.js";
import { reduce, type RoomEvent } from "./reduce.js";
import { LEVELS } from "./rungs.js";
import { OwnSilence, Sensing } from "./senses.js";
import { SpokenSwitch } from "./spoken-switch.js";
import { Stills } from "./stills-desk.js";
import { initial, otherOf, stageOf, type Pending, type RoomState } from "./state.js";
import { askTicket } from "./ticket.js";
import { Verification } from "./verify/verification.js";

type Listener = (state: RoomState, before: RoomState) => void;

const LATER = 3000; // ms until what the server could not keep just now is sent again

export class Session {
  readonly keep: Keep;
  readonly devices: OwnDevices;
  /** To the other browser, not to the server. */
  readonly bus = new ChannelBus(() => this.dispatch({ type: "cut" }));
  readonly quality: Quality;
  readonly admission: Admission;
  readonly stills: Stills;
  readonly spoken = new SpokenSwitch();
  readonly verification: Verification;
  /** What our line will hold, measured at the door; told with the rest of our state. */
  line: { level: number; mb: number } | null = null;
  private current: RoomState;
  private readonly listeners: Listener[] = [];
  private readonly cardListeners: ((revision: number) => void)[] = [];
  private readonly sampleListeners: ((sample: Sample) => void)[] = [];
  private readonly signalling: Signalling;
  private readonly linking: Linking;
  private readonly ice: IceSource;
  private readonly telling = new OwnWord(this.bus, (frame) => this.signalling.send(frame));
  private readonly sensing = new Sensing();
  private readonly ownSilence = new OwnSilence();
  private readonly keepAgain = new Again(() => this.sendPending(), LATER);
  private sampler: Sampler | null = null;

  constructor(readonly config: Config) {
    this.keep = new Keep(config.code);
    const pending = this.keep.read<Pending[]>("pending", []);
    const stoppedBy = this.keep.read<"me" | "other" | null>("stopped", null);
    const relayAway = config.hidden === true && config.relay === "away";
    this.current = { ...initial({ alias: "", ...config.me }, pending), stopped: stoppedBy !== null, relayAway };
    this.linking = this.makeLinking();
    this.devices = new OwnDevices(
      (own) => this.dispatch({ type: "own", own }),
      () => this.linking.link?.setTracks(this.devices.tracks),
    );
    this.stills = new Stills({
      bus: this.bus,
      track: () => (stageOf(this.current) === "in" ? this.devices.filtered("video") : null),
      camera: new StillCamera(),
    });
    this.ice = new IceSource({
      url: config.urls.ice, csrf: config.csrf, stun: config.stun ?? null, relay: config.relay ?? "none", hidden: config.hidden === true,
    });
    this.quality = this.makeQuality();
    this.onSample((sample) => {
      this.quality.onSample(sample);
      this.linking.foresee();
    });
    this.admission = new Admission(this.bus, config.me.role, (frame) => this.signalling.send(frame), () => this.letIn());
    this.bus.on("state.now", (body) => this.dispatch({ type: "told", told: readOwnState(body) }));
    this.bus.on("state.quiet", (body) => (this.sensing.quiet = body === true));
    this.bus.onOpen(() => this.tellOwnState(true));
    this.signalling = new Signalling({
      socket: config.urls.socket,
      tab: tabId(),
      ticket: () => askTicket(config),
      onFrame: (frame) => this.onFrame(frame),
      onOpening: (moved) => this.linking.link?.onSocketBack(moved),
      onMoved: () => this.linking.link?.onMoved(),
      onOnline: (online) => this.onOnline(online),
      onFinal: (reason) => this.dispatch({ type: "final", reason }),
    });
    this.verification = new Verification(
      {
        bus: this.bus,
        code: config.code,
        role: config.me.role,
        pair: () => {
          const other = otherOf(this.current);
          return other && { me: this.current.me.id, other: other.id };
        },
        certificates: () => certificatesOf(this.linking.link?.stats() ?? null),
        now: () => this.now() ?? Date.now(),
        stop: () => this.stopMedia(),
        anew: () => this.connectAnew(),
      },
      stoppedBy,
    );
  }

  get state(): RoomState {
    return this.current;
  }

  start(): void {
    this.signalling.start();
    this.sampler = new Sampler(
      () => this.linking.link?.stats() ?? null,
      () => this.current.link === "up",
      (glimpse) => {
        this.quality.onGlimpse(glimpse);
        this.sense(glimpse);
      },
      (sample) => this.sampleListeners.forEach((tell) => tell(sample)),
    );
    document.addEventListener("visibilitychange", () => this.tellOwnState());
    openDevices(this);
    void this.ice.get(); // asked for now, so that the connection need not wait for it
  }

  subscribe(listener: Listener): void {
    this.listeners.push(listener);
  }

  onCard(listener: (revision: number) => void): void {
    this.cardListeners.push(listener);
  }

  /** What the connection did, once a second, also while there is none. */
  onSample(listener: (sample: Sample) => void): void {
    this.sampleListeners.push(listener);
  }

  /** The server's time now, or null before it told. */
  now(): number | null {
    return this.current.clock ? serverNow(this.current.clock, performance.now()) : null;
  }

  remoteTracks(): MediaStreamTrack[] {
    return this.linking.link?.remoteTracks() ?? [];
  }

  say(text: string): void {
    const key = newKey();
    this.dispatch({ type: "say", key, text });
    this.sendPending();
  }

  unsay(key: string): void {
    this.dispatch({ type: "unsay", key });
  }

  /** For both; only the counsellor's button leads here. */
  endForBoth(): boolean {
    return this.signalling.send({ t: "end" });
  }

  /** Our seat stays; only we go. */
  leave(): void {
    this.spoken.hush();
    this.stills.send(false);
    this.devices.stop();
    this.linking.link?.close();
    this.linking.closeStopped();
    this.signalling.send({ t: "leave" });
    this.signalling.stop();
  }

  /** A piece of one of our own pages, or null where it did not come. */
  async fragment(url: string): Promise<string | null> {
    const { status, body } = await get(url);
    return status === 200 ? String(body) : null;
  }

  private dispatch(event: RoomEvent): void {
    const before = this.current;
    this.current = reduce(before, event);
    if (this.current === before) return;
    if (before.pending !== this.current.pending) {
      this.keep.write("pending", this.current.pending.length ? this.current.pending : null);
    }
    this.follow(before);
    for (const listener of this.listeners) listener(this.current, before);
  }

  /** What must be done because the state is now another. */
  private follow(before: RoomState): void {
    const state = this.current;
    const stage = stageOf(state);
    if (stage !== stageOf(before) && (stage === "ended" || stage === "taken" || stage === "shut")) this.finish(stage);
    if (state.own !== before.own || state.stopped !== before.stopped) this.tellOwnState();
    if (state.own.screen !== before.own.screen) this.quality.refresh();
    const other = otherOf(state);
    if (other?.here && other.state.stopped && !otherOf(before)?.state.stopped) this.verification.otherStopped();
  }

  private finish(stage: "ended" | "taken" | "shut"): void {
    // Taken over: the other tab brings its own connection, and ours goes without a word that would end that one.
    this.linking.close();
    this.devices.stop();
    this.signalling.stop();
    this.sampler?.stop();
    this.stills.send(false);
    this.ice.stop();
    if (stage === "ended" || this.current.final === "signed_out") this.keep.clear();
  }

  private onFrame(frame: ServerFrame): void {
    const wasHere = otherOf(this.current)?.here;
    this.dispatch({ type: "frame", frame, at: performance.now() });
    if (frame.t === "refused" && frame.reason === "later") this.keepAgain.soon();
    this.admission.onFrame(frame);
    if (frame.t === "signal") this.linking.onSignal(frame.d);
    else if (frame.t === "card") for (const listener of this.cardListeners) listener(frame.revision);
    if (frame.t === "presence" && !wasHere && otherOf(this.current)?.here) this.linking.link?.onOtherBack();
    if (frame.t === "presence" || frame.t === "door" || frame.t === "admitted") this.linking.connect();
  }

  private onOnline(online: boolean): void {
    this.dispatch({ type: "online", online });
    if (!online || stageOf(this.current) === "ended") return;
    this.telling.forget();
    this.tellOwnState();
    this.sendPending();
    const { me, door } = this.current;
    if (me.role === "counsellor" && !door) this.signalling.send({ t: "open" });
    this.linking.connect();
  }

  /** The four words differed: nothing goes out or is played any more, here or, once it is told, there. */
  private stopMedia(): void {
    this.linking.stop();
    this.stills.send(false);
    this.spoken.hush();
    this.keep.write("stopped", this.verification.trust.stoppedBy);
    this.dispatch({ type: "stopped", stopped: true });
  }

  private connectAnew(): void {
    this.linking.closeStopped();
    this.keep.write("stopped", null);
    this.dispatch({ type: "stopped", stopped: false });
    this.linking.connectAnew();
  }

  private letIn(): void {
    this.dispatch({ type: "let_in" });
    this.linking.connect();
  }

  private makeQuality(): Quality {
    return new Quality({
      bus: this.bus,
      keep: this.keep,
      admitted: () => this.linking.link?.admitted ?? false,
      seen: () => this.current.own.cam === "on" && !this.current.own.screen,
      screen: () => this.current.own.screen,
      send: (media) => this.linking.link?.send(media),
      patience: (ms) => this.linking.link?.setPatience(ms),
      beside: ({ stills, notes }) => {
        this.stills.send(stills > 0, stills || undefined);
        this.spoken.set(notes);
      },
      rest: (resting) => (this.stills.resting = resting),
      tell: (facts) => this.dispatch({ type: "quality", facts }),
    });
  }

  private makeLinking(): Linking {
    return new Linking({
      config: this.config,
      state: () => this.current,
      link: {
        send: (d) => this.signalling.send({ t: "signal", d }),
        ice: () => this.ice.get(),
        onRefused: (url, code) => this.ice.doubt(url, code),
        onState: (link) => this.dispatch({ type: "link", link }),
        onBye: () => this.dispatch({ type: "bye" }),
        onDoubt: () => this.signalling.check(),
        reachable: () => this.signalling.online && (otherOf(this.current)?.here ?? false),
        bus: this.bus,
        onCertificate: () => this.verification.certificateChanged(),
      },
      onMade: (link) => link.send(this.quality.sending),
      onAdmitted: (link) => {
        link.setTracks(this.devices.tracks);
        link.openTap();
        this.quality.admit();
        for (const listener of this.listeners) listener(this.current, this.current);
      },
    });
  }

  private sense(glimpse: Sample): void {
    const senses = this.linking.link?.admitted ? this.sensing.take(glimpse, otherOf(this.current)?.state, this.current.quality.otherLevel) : null;
    if (senses) this.dispatch({ type: "senses", senses });
    this.tellSilence(glimpse);
  }

  /** Where the line has nothing to spare, the other side is left to hear it. */
  private tellSilence(glimpse: Sample): void {
    const { own, quality } = this.current;
    const quiet = this.ownSilence.take(glimpse, own.mic === "on" && quality.level >= LEVELS.stills && (this.linking.link?.admitted ?? false));
    if (quiet !== null) this.bus.send("state.quiet", quiet);
  }

  tellOwnState(anew = false): void {
    const { own: { mic, cam, screen }, stopped } = this.current;
    const hidden = document.visibilityState === "hidden";
    this.telling.tell({ mic, cam, screen, hidden, ...(stopped && { stopped }), ...this.line }, anew);
  }

  private sendPending(): void {
    this.admission.again();
    for (const { key, text, refused } of this.current.pending) if (!refused) this.signalling.send({ t: "chat", key, text });
  }
}
