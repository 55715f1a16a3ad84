// One direct connection to one other person: built while waiting without any track in it, so that admission
// only opens the tap. Perfect negotiation; each instance has an id so that a reload on either side is noticed.
import type { ChannelBus } from "./bus.js";
import { busSession } from "./bus-session.js";
import { fingerprintIn } from "./certificates.js";
import { prefer } from "./codecs.js";
import type { LinkState } from "./peer-state.js";
import type { SignalData } from "./protocol.js";
import { Route, type RouteOptions } from "./route.js";
import { asAnswer, sameVoice, shaped, type Voice } from "./sdp.js";
import { encoding, FIRST, tune, type Media } from "./tuning.js";
import { Watch } from "./watch.js";

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
  bus: ChannelBus;
  /** A description came with another certificate, or with more than one; it is not followed. */
  onCertificate: () => void;
}

export interface Tracks {
  audio: MediaStreamTrack | null;
  video: MediaStreamTrack | null;
}

const LATELY = 4000; // ms
const START_SHARE = 0.8; // of the picture's rate, to begin with

const newId = (): string => Math.random().toString(36).slice(2, 12) + Date.now().toString(36);

export class Link {
  private pc: RTCPeerConnection | null = null;
  private id = "";
  private remote: string | null = null;
  private readonly retired = new Set<string>();
  private makingOffer = false;
  private chain: Promise<void> = Promise.resolve();
  private early: RTCIceCandidateInit[] = [];
  private tracks: Tracks = { audio: null, video: null };
  private media: Media = FIRST;
  /** How the description in force asks us to speak. */
  private spoken: Voice | null = null;
  /** The other side's last description as it came, and our last answer to one. */
  private theirs: RTCSessionDescriptionInit | null = null;
  private answered: RTCSessionDescriptionInit | null = null;
  private open = false;
  /** A new path is being looked for: the next description must be a real one. */
  private restarting = false;
  private offers = 0;
  private offeredAt = -Infinity;
  private watch: Watch | null = null;
  private closed = false;
  private readonly route: Route;

  constructor(private readonly options: LinkOptions) {
    this.route = new Route(options);
  }

  /** Makes the connection if there is none; asks the other to offer if that is theirs to do. */
  ensure(): Promise<void> {
    return this.queue(async () => {
      if (this.pc) return;
      await this.build();
      if (this.options.polite) this.say({ want: "offer" });
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
    for (const { sender } of this.pc?.getTransceivers() ?? []) void sender.replaceTrack(null).catch(() => undefined);
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
      await this.tuneAll();
      await this.retune();
    });
  }

  /** How long the player waits for sound that comes late or again, in ms; null: as the browser thinks best. */
  setPatience(ms: number | null): void {
    for (const { receiver } of this.pc?.getTransceivers() ?? []) {
      if (receiver.track.kind === "audio" && "jitterBufferTarget" in receiver) receiver.jitterBufferTarget = ms;
    }
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
    if (!this.pc || (this.pc.connectionState === "connected" && !moved)) return;
    if (this.pc.connectionState === "new") this.rebuild();
    else this.restart();
  }

  /** The other is back at the server: what we had offered meanwhile did not reach anybody. */
  onOtherBack(): void {
    if (this.pc?.signalingState === "have-local-offer" && this.pc.remoteDescription) this.restart();
  }

  /** A new path is looked for; sound and picture go on over the old one as long as it lives. */
  restart(): void {
    void this.queue(async () => {
      const { pc } = this;
      if (!pc) return;
      this.restarting = true;
      // An offer that was on its way when the line broke is of no use any more.
      if (pc.signalingState === "have-local-offer" && pc.remoteDescription) await pc.setLocalDescription({ type: "rollback" });
      await this.route.renew(pc);
      pc.restartIce();
      await this.offer(pc);
    });
  }

  /** Everything anew, when looking for a path has failed several times. */
  rebuild(): void {
    void this.queue(async () => {
      this.dispose();
      await this.build();
      if (this.options.polite) this.say({ want: "offer" });
      else this.addTransceivers();
    });
  }

  close(): void {
    this.closed = true;
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

  private async build(): Promise<void> {
    const pc = new RTCPeerConnection(await this.route.configuration());
    this.pc = pc;
    this.route.watch(pc);
    this.id = newId();
    this.early = [];
    this.makingOffer = false;
    this.theirs = this.answered = this.spoken = null;
    this.restarting = false;
    pc.onicecandidate = ({ candidate }) => {
      if (candidate && this.pc === pc && this.route.shows(candidate)) this.say({ candidate: candidate.toJSON() });
    };
    pc.onnegotiationneeded = () => void this.queue(() => this.offer(pc));
    this.watch = new Watch(pc, {
      onState: this.options.onState,
      onDoubt: this.options.onDoubt,
      reachable: this.options.reachable,
      onStill: () => void this.route.leave(pc, () => pc === this.pc && this.restart()),
      restart: () => this.restart(),
      rebuild: () => this.rebuild(),
    });
  }

  private addTransceivers(): void {
    for (const kind of ["audio", "video"] as const) {
      const transceiver = this.pc?.addTransceiver(kind, { direction: "sendrecv", sendEncodings: [encoding(kind, this.media)] });
      if (transceiver) prefer(transceiver);
    }
    this.attachBus(true);
    this.attach();
  }

  private attachBus(offerer: boolean): void {
    const { pc, id } = this;
    if (pc) this.options.bus.attach(pc, () => busSession(pc, id, offerer));
  }

  private async offer(pc: RTCPeerConnection): Promise<void> {
    if (pc !== this.pc || pc.signalingState !== "stable") return;
    try {
      this.makingOffer = true;
      await pc.setLocalDescription();
      if (pc === this.pc && pc.localDescription) {
        this.offeredAt = performance.now();
        this.say({ description: pc.localDescription.toJSON(), n: ++this.offers });
      }
    } catch {
      this.watch?.suspect();
    } finally {
      this.makingOffer = false;
    }
  }

  private async receive(data: SignalData): Promise<void> {
    if (this.retired.has(data.pc)) return;
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
    else if (data.description) await this.onDescription(data.description, data.n ?? 0);
    else if (data.candidate) await this.onCandidate(data.candidate);
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
    else if (pc.signalingState === "have-local-offer" && pc.localDescription) {
      // Asked for just as it went out: on a thin line a second one costs a second.
      if (performance.now() - this.offeredAt > LATELY) this.say({ description: pc.localDescription.toJSON(), n: this.offers });
    } else this.restart();
  }

  private async onDescription(description: RTCSessionDescriptionInit, n: number): Promise<void> {
    const pc = this.pc;
    if (!pc) return;
    const again = description.type === "offer" && this.theirs?.sdp === description.sdp;
    if (again) {
      if (pc.signalingState === "stable" && this.answered) this.say({ description: this.answered, n });
      return;
    }
    const collision = description.type === "offer" && (this.makingOffer || pc.signalingState !== "stable");
    if (collision && !this.options.polite) return;
    if (description.type === "answer" && (pc.signalingState !== "have-local-offer" || n !== this.offers)) return;
    const certificate = fingerprintIn(description.sdp);
    if (!certificate || (pc.remoteDescription && fingerprintIn(pc.remoteDescription.sdp) !== certificate)) {
      this.options.onCertificate();
      return;
    }
    if (description.type === "offer") this.route.follow(pc, description);
    await this.applyTheirs(pc, description, description);
    for (const candidate of this.early.splice(0)) await pc.addIceCandidate(candidate).catch(() => undefined);
    if (description.type !== "offer") return this.tuneAll();
    if (!this.options.bus.attached) this.attachBus(false);
    for (const transceiver of pc.getTransceivers()) {
      transceiver.direction = "sendrecv";
      prefer(transceiver);
    }
    await pc.setLocalDescription();
    this.answered = pc.localDescription?.toJSON() ?? null;
    if (this.answered) this.say({ description: this.answered, n });
    await this.tuneAll();
    this.attach();
  }

  /** `asIs` is what came; `description` what is applied of it: the same, or turned into an answer. */
  private async applyTheirs(pc: RTCPeerConnection, description: RTCSessionDescriptionInit, asIs: RTCSessionDescriptionInit): Promise<void> {
    const voice = this.media.voice ?? this.spoken ?? FIRST.voice;
    const start = Math.round(START_SHARE * (this.media.picture?.kbit ?? 60));
    const sdp = voice ? shaped(description.sdp ?? "", voice, Math.min(start, 600)) : description.sdp;
    await pc.setRemoteDescription({ type: description.type, sdp });
    if (description === asIs) this.restarting = false;
    this.theirs = asIs;
    this.spoken = voice;
  }

  /** Applies the other's last description anew, with what is wanted now; nothing is exchanged. */
  private async retune(): Promise<void> {
    const { pc, theirs, spoken } = this;
    const { voice } = this.media;
    if (this.restarting || !pc || !theirs || !voice || pc.signalingState !== "stable" || (spoken && sameVoice(spoken, voice))) return;
    try {
      await pc.setLocalDescription(await pc.createOffer());
      await this.applyTheirs(pc, asAnswer(theirs), theirs);
    } catch {
      // A browser that will not have it speaks on as before; what is half done is taken back.
      await pc.setLocalDescription({ type: "rollback" }).catch(() => undefined);
    }
  }

  private async tuneAll(): Promise<void> {
    for (const { sender, receiver } of this.pc?.getTransceivers() ?? []) {
      await tune(sender, receiver.track.kind as keyof Tracks, this.media).catch(() => undefined);
    }
  }

  private async onCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    if (this.pc?.remoteDescription) await this.pc.addIceCandidate(candidate).catch(() => undefined);
    else this.early.push(candidate);
  }

  private attach(): void {
    if (!this.open || !this.pc) return;
    for (const { sender, receiver } of this.pc.getTransceivers()) {
      const kind = receiver.track.kind as keyof Tracks;
      const track = this.tracks[kind];
      if (sender.track !== track) void sender.replaceTrack(track).catch(() => undefined);
    }
  }

  private dispose(): void {
    this.route.stop();
    this.watch?.stop();
    this.watch = null;
    this.options.bus.detach();
    if (this.pc) {
      this.pc.onicecandidate = this.pc.onicecandidateerror = this.pc.onnegotiationneeded = null;
      this.pc.close();
    }
    this.pc = null;
    this.remote = null;
  }
}
