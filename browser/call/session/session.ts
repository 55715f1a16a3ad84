// Holds the room together: what comes in changes the state, and what follows from the state is done here.
import { ChannelBus } from "../connection/bus.js";
import { certificatesOf } from "../connection/certificates.js";
import { mayMeet } from "../connection/path.js";
import { Link } from "../connection/peer.js";
import type { ServerFrame } from "../connection/protocol.js";
import type { Sample } from "../connection/sample.js";
import { Sampler } from "../connection/sampler.js";
import { Signalling, type TicketAnswer } from "../connection/signalling.js";
import { StillCamera } from "../media/still.js";
import { Again } from "./again.js";
import { Admission } from "./admission.js";
import { get, post } from "./api.js";
import { serverNow } from "./clock.js";
import type { Config } from "./config.js";
import { IceSource } from "./ice.js";
import { Keep, newKey, tabId } from "./keep.js";
import { OwnDevices } from "./own-devices.js";
import { readOwnState } from "./own-state.js";
import { Quality } from "./quality.js";
import { reduce, type RoomEvent } from "./reduce.js";
import { Sensing } from "./senses.js";
import { SpokenSwitch } from "./spoken-switch.js";
import { Stills } from "./stills-desk.js";
import { initial, otherOf, stageOf, type Pending, type RoomState } from "./state.js";
import { Verification } from "./verify/verification.js";

type Listener = (state: RoomState, before: RoomState) => void;

const LATER = 3000; // ms until what the server could not keep just now is sent again
const LAST_WORD = 1500; // ms for what is told the other before the connection closes

export class Session {
  readonly keep: Keep;
  readonly devices: OwnDevices;
  /** To the other browser, not to the server. */
  readonly bus = new ChannelBus();
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
  private link: Link | null = null;
  private closing: Link | null = null;
  private readonly ice: IceSource;
  private told = "";
  private readonly sensing = new Sensing();
  private readonly keepAgain = new Again(() => this.sendPending(), LATER);
  private sampler: Sampler | null = null;

  constructor(readonly config: Config) {
    this.keep = new Keep(config.code);
    const pending = this.keep.read<Pending[]>("pending", []);
    const stoppedBy = this.keep.read<"me" | "other" | null>("stopped", null);
    const relayAway = config.hidden === true && config.relay === "away";
    this.current = { ...initial({ alias: "", ...config.me }, pending), stopped: stoppedBy !== null, relayAway };
    this.devices = new OwnDevices(
      (own) => this.dispatch({ type: "own", own }),
      () => this.link?.setTracks(this.devices.tracks),
    );
    const track = () => (stageOf(this.current) === "in" ? this.devices.filtered("video") : null);
    this.stills = new Stills({ bus: this.bus, track, camera: new StillCamera() });
    this.ice = new IceSource({
      url: config.urls.ice, csrf: config.csrf, stun: config.stun ?? null, relay: config.relay ?? "none", hidden: config.hidden === true,
    });
    this.quality = new Quality({
      bus: this.bus,
      keep: this.keep,
      admitted: () => this.link?.admitted ?? false,
      seen: () => this.current.own.cam === "on" && !this.current.own.screen,
      screen: () => this.current.own.screen,
      send: (media) => this.link?.send(media),
      patience: (ms) => this.link?.setPatience(ms),
      beside: ({ stills, notes }) => {
        this.stills.send(stills > 0, stills || undefined);
        this.spoken.set(notes);
      },
      tell: (facts) => this.dispatch({ type: "quality", facts }),
    });
    this.onSample((sample) => this.quality.onSample(sample));
    this.admission = new Admission(this.bus, config.me.role, (frame) => this.signalling.send(frame), () => this.letIn());
    this.bus.on("state.now", (body) => this.dispatch({ type: "told", told: readOwnState(body) }));
    this.bus.onOpen(() => this.tellOwnState(true));
    this.signalling = new Signalling({
      socket: config.urls.socket,
      ping: config.urls.ping,
      tab: tabId(),
      ticket: () => this.askTicket(),
      onFrame: (frame) => this.onFrame(frame),
      onOpening: (moved) => this.link?.onSocketBack(moved),
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
        certificates: () => certificatesOf(this.link?.stats() ?? null),
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
      () => this.link?.stats() ?? null,
      () => this.current.link === "up",
      (half) => this.sense(half),
      (sample) => this.sampleListeners.forEach((tell) => tell(sample)),
    );
    document.addEventListener("visibilitychange", () => this.tellOwnState());
    void this.devices.openIfAllowed();
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
    return this.link?.remoteTracks() ?? [];
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
    this.link?.close();
    this.closing?.close();
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
    this.link?.close();
    this.link = null;
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
    if (frame.t === "signal") void this.peer()?.onSignal(frame.d);
    else if (frame.t === "card") for (const listener of this.cardListeners) listener(frame.revision);
    if (frame.t === "presence" && !wasHere && otherOf(this.current)?.here) this.link?.onOtherBack();
    if (frame.t === "presence" || frame.t === "door" || frame.t === "admitted") this.connect();
  }

  private onOnline(online: boolean): void {
    this.dispatch({ type: "online", online });
    if (!online || stageOf(this.current) === "ended") return;
    this.told = "";
    this.tellOwnState();
    this.sendPending();
    const { me, door } = this.current;
    if (me.role === "counsellor" && !door) this.signalling.send({ t: "open" });
    this.connect();
  }

  /** The four words differed: nothing goes out or is played any more, here or, once it is told, there. */
  private stopMedia(): void {
    const link = this.link;
    this.closing?.close();
    this.link = null;
    this.closing = link;
    link?.closeTap();
    this.stills.send(false);
    this.spoken.hush();
    setTimeout(() => {
      if (this.closing !== link) return;
      link?.close();
      this.closing = null;
    }, LAST_WORD);
    this.keep.write("stopped", this.verification.trust.stoppedBy);
    this.dispatch({ type: "stopped", stopped: true });
  }

  private connectAnew(): void {
    this.closing?.close();
    this.closing = null;
    this.keep.write("stopped", null);
    this.dispatch({ type: "stopped", stopped: false });
    if (this.link) this.link.rebuild();
    else this.connect();
  }

  private letIn(): void {
    this.dispatch({ type: "let_in" });
    this.connect();
  }

  /** Built as soon as neither address is shown before it may be; tapped once admitted. */
  private connect(): void {
    const { door, admitted } = this.current;
    const other = otherOf(this.current);
    const { relay = "none", hidden = false } = this.config;
    if (!other || !mayMeet({ relay, hidden, door, admitted })) return;
    const link = this.peer();
    if (!link) return;
    if (admitted && !link.admitted) {
      link.setTracks(this.devices.tracks);
      link.openTap();
      this.quality.admit();
      for (const listener of this.listeners) listener(this.current, this.current);
    }
    if (other.here) void link.ensure();
  }

  private peer(): Link | null {
    const stage = stageOf(this.current);
    if (this.current.stopped || typeof RTCPeerConnection !== "function" || (stage !== "waiting" && stage !== "in")) return null;
    if (this.link) return this.link;
    this.link = new Link({
      polite: this.current.me.role === "client",
      send: (d) => this.signalling.send({ t: "signal", d }),
      ice: () => this.ice.get(),
      onRefused: (url, code) => this.ice.doubt(url, code),
      onState: (link) => this.dispatch({ type: "link", link }),
      onBye: () => this.dispatch({ type: "bye" }),
      onDoubt: () => this.signalling.check(),
      reachable: () => this.signalling.online && (otherOf(this.current)?.here ?? false),
      bus: this.bus,
      onCertificate: () => this.verification.certificateChanged(),
    });
    this.link.send(this.quality.sending);
    return this.link;
  }

  private async askTicket(): Promise<TicketAnswer> {
    const { status, body } = await post(this.config.urls.ticket, this.config.csrf);
    if (status === 200) return body as { ticket: string };
    if (status === 409) {
      return { final: (body as { reason?: string }).reason === "ended" ? "ended" : "not_in_window" };
    }
    return [401, 403, 404].includes(status) ? { final: "signed_out" } : null;
  }

  private sense(half: Sample): void {
    const senses = this.link?.admitted ? this.sensing.take(half, otherOf(this.current)?.state, this.current.quality.otherLevel) : null;
    if (senses) this.dispatch({ type: "senses", senses });
  }

  /** To the server, which tells the room, and straight to the other: either line may be the one that is there. */
  tellOwnState(anew = false): void {
    const { own: { mic, cam, screen }, stopped } = this.current;
    const told = { mic, cam, screen, hidden: document.visibilityState === "hidden", ...(stopped && { stopped }), ...this.line };
    const text = JSON.stringify(told);
    if (anew || text !== this.told) this.bus.send("state.now", told);
    if (text !== this.told && this.signalling.send({ t: "state", d: told })) this.told = text;
  }

  private sendPending(): void {
    this.admission.again();
    for (const { key, text, refused } of this.current.pending) if (!refused) this.signalling.send({ t: "chat", key, text });
  }
}
