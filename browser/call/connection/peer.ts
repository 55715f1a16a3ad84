// One direct connection to one other person: built while waiting without any track in it, so that admission
// only opens the tap. Each instance has an id so that a reload on either side is noticed.
import type { ChannelBus } from "./bus.js";
import { busSession } from "./bus-session.js";
import { Negotiation } from "./negotiation.js";
import type { LinkState } from "./peer-state.js";
import type { SignalData } from "./protocol.js";
import { Realm } from "./realm.js";
import { Route, type RouteOptions } from "./route.js";
import { BOTH_WITHIN, close, newId, Spare, type Spared } from "./spare.js";
import { addBoth, carry, tuneAll, wait, type Tracks } from "./transceivers.js";
import { FIRST, type Media } from "./tuning.js";
import { Waits, Watch } from "./watch.js";

export interface LinkOptions extends RouteOptions {
  /** The client gives way when both offer at once; the counsellor makes the first offer. */
  polite: boolean;
  send: (data: SignalData) => boolean;
  onState: (state: LinkState) => void;
  /** The other side said goodbye, rather than being lost. */
  onBye: () => void;
  /** The path is suspect: is the server still to be reached? */
  onDoubt: () => Promise<boolean>;
  /** The server and, through it, the other are there. */
  reachable: () => boolean;
  /** The other's page answers by way of the server. */
  hears: () => Promise<boolean>;
  bus: ChannelBus;
  /** A description came with another certificate, or with more than one; it is not followed. */
  onCertificate: () => void;
}

export class Link {
  private pc: RTCPeerConnection | null = null;
  private negotiation: Negotiation | null = null;
  private id = "";
  private remote: string | null = null;
  private readonly retired = new Set<string>();
  private chain: Promise<void> = Promise.resolve();
  private tracks: Tracks = { audio: null, video: null };
  private media: Media = FIRST;
  private open = false;
  private watch: Watch | null = null;
  private patience: number | null = null;
  /** What had come in when the device moved. */
  private atMove = -1;
  /** Since it moved, the connection kept for it has come up. */
  private landed = false;
  private readonly realm = new Realm();
  private readonly waits = new Waits();
  private closed = false;
  private readonly route: Route;
  private readonly spare: Spare;

  constructor(private readonly options: LinkOptions) {
    this.route = new Route(options);
    this.spare = new Spare({
      bus: options.bus,
      route: this.route,
      media: () => this.media,
      negotiating: (pc) => this.negotiating(pc),
      send: options.send,
      onUp: (up) => this.adopt(up),
      onFailed: () => void this.queue(() => this.withoutSpare()),
    });
  }

  /** Makes the connection if there is none; asks the other to offer if that is theirs to do. */
  ensure(): Promise<void> {
    return this.queue(async () => {
      if (this.pc) return;
      await this.build();
      if (this.options.polite) this.ask();
      else this.addTransceivers();
    });
  }

  /** From here on the other side hears and sees us, and may be heard and seen. */
  openTap(): void {
    this.open = true;
    this.options.bus.admit();
    this.route.admit(this.pc, this.options.polite ? null : () => this.restart());
    this.attach();
  }

  /** Nothing goes out or is played any more; a last message still passes. */
  closeTap(): void {
    this.open = false;
    this.spare.close();
    carry(this.pc, { audio: null, video: null });
  }

  get admitted(): boolean {
    return this.open;
  }

  setTracks(tracks: Tracks): void {
    this.tracks = tracks;
    if (this.open) this.attach();
  }

  /** What is sent from now on: rates at once, the form of the voice by the other's description applied anew. */
  send(media: Media): void {
    this.media = media;
    void this.queue(async () => {
      await tuneAll(this.pc, this.media);
      await this.negotiation?.retune();
    });
  }

  /** How long the player waits for sound that comes late or again, in ms; null: as the browser thinks best. */
  setPatience(ms: number | null): void {
    this.patience = ms;
    wait(this.pc, ms);
  }

  /** What the other side sends; empty until the tap is open. */
  remoteTracks(): MediaStreamTrack[] {
    if (!this.open || !this.pc) return [];
    return this.pc.getTransceivers().map(({ receiver }) => receiver.track);
  }

  onSignal(data: SignalData): Promise<void> {
    return this.queue(() => this.receive(data));
  }

  /** The socket had to be made anew: a healthy path is left alone, unless the device is on another network. */
  onSocketBack(moved: boolean): void {
    if (!this.pc) return;
    if (moved) this.mend();
    else if (this.pc.connectionState === "new") this.rebuild();
    else if (this.pc.connectionState !== "connected") this.restart();
    // In its turn: retuning passes through "have-local-offer" as well.
    else void this.queue(async () => this.negotiation?.offerAgain(0));
  }

  /** The device is on another network, and the server not reached yet: the connection kept for this begins, or what takes
   * time is made ready. */
  onMoved(): void {
    this.landed = false;
    void this.queue(async () => {
      if (!this.watch) return;
      const wish = await this.route.wish();
      this.atMove = await this.watch.signs();
      if (!(await this.spare.begin(wish))) this.realm.prepare(wish);
    });
  }

  /** The one kept for a move did not come up. */
  private async withoutSpare(): Promise<void> {
    if (!this.options.reachable()) this.realm.prepare(await this.route.wish());
    else if (await this.oldLives()) this.restart();
    else this.rebuild(true);
  }

  private async oldLives(): Promise<boolean> {
    return (await this.watch?.signs()) !== this.atMove;
  }

  /** Once a second while there is room on the line: a connection is kept for a move. */
  foresee(): void {
    if (this.open && this.pc?.connectionState === "connected") this.spare.foresee();
  }

  /** Where the old path lives on, a better one is looked for beside it. Otherwise everything is made anew, where that was
   * made ready: a browser that does not know the device's new address yet would look by the old one. */
  private mend(): void {
    void this.queue(async () => {
      if (this.spare.begun) return this.spare.tell();
      if (this.landed) return;
      if (this.pc?.connectionState === "new") return this.rebuild();
      const lives = await this.oldLives();
      this.atMove = -1;
      if (!lives && this.realm.ready) return this.rebuild(true);
      this.realm.discard();
      this.restart();
    });
  }

  /** The other is back at the server: what we had offered or asked meanwhile reached nobody. Whoever comes back offers with
   * the first word where a new path is needed, so what we offered is taken back to make room for that. */
  onOtherBack(): void {
    void this.queue(async () => ((await this.negotiation?.takeBack()) ? this.watch?.expect() : this.ask()));
  }

  /** A new path is looked for; sound and picture go on over the old one as long as it lives. */
  restart(): void {
    void this.queue(async () => {
      const { pc } = this;
      this.watch?.looking();
      if (pc) await this.negotiation?.restart(() => this.route.renew(pc));
    });
  }

  /** Everything anew, when looking for a path has failed several times, or the device has `moved`: then whoever moved
   * offers, since the other may know of nothing and each way costs. */
  rebuild(moved = false): void {
    void this.queue(async () => {
      this.dispose();
      await this.build(moved);
      if (this.options.polite && !moved) this.ask();
      else this.addTransceivers();
    });
  }

  close(): void {
    this.closed = true;
    this.spare.close();
    this.realm.discard();
    if (this.pc) this.say({ bye: true });
    this.dispose();
    this.options.onState("none");
  }

  stats(): Promise<RTCStatsReport> | null {
    return this.pc?.getStats() ?? null;
  }

  private queue(work: () => Promise<void>): Promise<void> {
    this.chain = this.chain.then(() => (this.closed ? undefined : work())).catch(() => undefined);
    return this.chain;
  }

  private say(part: Partial<SignalData>): boolean {
    return this.options.send({ pc: this.id, to: this.remote, ...this.route.shown(part) });
  }

  private async build(moved = false): Promise<void> {
    const configuration = await this.route.configuration();
    if (this.closed) throw new Error("closed meanwhile");
    const pc = this.realm.make(configuration, moved);
    this.id = newId();
    this.tend(pc, this.negotiating(pc));
  }

  /** The one kept for a move is up: it takes the place of the one there was. */
  private adopt(up: Spared): void {
    const { pc, negotiation, certificates } = up;
    const old = this.pc;
    this.landed = true;
    if (this.closed) return close(up);
    void this.queue(async () => {
      if (this.pc !== old) return close(up); // made anew meanwhile, and the other knows of that one
      if (this.remote) this.retired.add(this.remote);
      this.dispose();
      this.realm.move(up.frame);
      this.id = up.id;
      this.remote = up.remote;
      this.route.take(certificates);
      this.tend(pc, negotiation);
      this.attachBus(up.offerer, true);
      this.attach();
      this.send(this.media);
      setTimeout(() => this.pc === pc && !this.options.bus.session && this.rebuild(true), BOTH_WITHIN);
    });
  }

  private tend(pc: RTCPeerConnection, negotiation: Negotiation): void {
    this.pc = pc;
    this.negotiation = negotiation;
    this.route.watch(pc);
    pc.onicecandidate = ({ candidate }) => {
      if (candidate && this.pc === pc && this.route.shows(candidate)) this.say({ candidate: candidate.toJSON() });
    };
    pc.onnegotiationneeded = () => void this.queue(async () => {
      if (pc === this.pc) await negotiation.offer();
    });
    const { onState, onDoubt, hears } = this.options;
    this.watch = new Watch(pc, this.waits, {
      onState, onDoubt, hears,
      reachable: () => !this.spare.begun && this.options.reachable(),
      ask: () => this.ask(),
      onStill: () => void this.route.leave(pc, () => pc === this.pc && this.restart()),
      restart: () => this.restart(),
      rebuild: () => this.rebuild(),
    });
  }

  private negotiating(pc: RTCPeerConnection): Negotiation {
    return new Negotiation(pc, {
      polite: this.options.polite,
      media: () => this.media,
      say: (part) => pc === this.pc && this.say(part),
      onOffer: (offer) => this.route.follow(pc, offer),
      onAnswering: () => {
        if (!this.options.bus.attached) this.attachBus(false);
      },
      onAnswered: () => this.attach(),
      onFailed: () => pc === this.pc && this.watch?.suspect(),
      onCertificate: () => pc === this.pc && this.options.onCertificate(),
    });
  }

  /** For an offer, and again as long as none came: the other may not have been at the server yet. */
  private ask(): void {
    if (this.options.polite && this.pc && !this.pc.remoteDescription) this.say({ want: "offer" });
  }

  private addTransceivers(): void {
    addBoth(this.pc, this.media);
    this.attachBus(true);
    this.attach();
  }

  private attachBus(offerer: boolean, under = false): void {
    const { pc, id } = this;
    if (pc) this.options.bus.attach(pc, () => busSession(pc, id, offerer), () => this.onChannelsDead(pc), under);
  }

  /** Both sides notice it; who makes the first offer acts, once the other can hear of it. */
  private onChannelsDead(pc: RTCPeerConnection): boolean {
    if (pc !== this.pc || this.options.polite) return true;
    if (!this.options.reachable()) return false;
    this.rebuild();
    return true;
  }

  private async receive(data: SignalData): Promise<void> {
    if (this.retired.has(data.pc) || this.spare.takes(data)) return;
    if (data.to !== null && data.to !== this.id) return; // meant for an earlier one of ours
    if (data.bye) {
      if (data.pc === this.remote) {
        this.retire();
        this.options.onBye();
      }
      return;
    }
    if (!this.pc) await this.build();
    else if (this.remote !== null && this.remote !== data.pc) {
      this.retire();
      await this.build();
    }
    this.remote = data.pc;
    if (data.want) await this.onWant();
    else if (data.description) await this.negotiation?.onDescription(data.description, data.n ?? 0);
    else if (data.candidate) await this.negotiation?.onCandidate(data.candidate);
  }

  private retire(): void {
    if (this.remote) this.retired.add(this.remote);
    this.dispose();
    this.options.onState("none");
  }

  private async onWant(): Promise<void> {
    const pc = this.pc;
    if (!pc) return;
    if (pc.getTransceivers().length === 0) this.addTransceivers();
    else if (pc.signalingState === "have-local-offer") this.negotiation?.offerAgain();
    else this.restart();
  }

  private attach(): void {
    if (this.open) carry(this.pc, this.tracks);
    if (this.patience !== null) wait(this.pc, this.patience);
  }

  private dispose(): void {
    this.route.stop();
    this.watch?.stop();
    this.watch = null;
    this.options.bus.detach();
    if (this.pc) {
      this.pc.onicecandidate = this.pc.onicecandidateerror = this.pc.onnegotiationneeded = null;
      this.pc.close();
      this.realm.leave();
    }
    this.pc = this.negotiation = this.remote = null;
  }
}
