// A connection made ready while the line is good, for the moment a device comes to another network. Each side keeps what
// the other will offer then, and what it will itself have answered: whoever moved begins at once, in a frame that knows its
// new address, and the other, who knows the answer already, hears from it without a word through the server.
import type { Bus } from "./bus.js";
import { fingerprintIn } from "./certificates.js";
import type { Negotiation } from "./negotiation.js";
import type { SignalData } from "./protocol.js";
import { enter } from "./realm.js";
import type { Route } from "./route.js";
import { addBoth } from "./transceivers.js";
import type { Media } from "./tuning.js";

/** A connection that is up, to take the place of another. */
export interface Spared {
  pc: RTCPeerConnection;
  /** Ours and the other's name for it. */
  id: string;
  remote: string;
  negotiation: Negotiation;
  /** Made the offer: did not move. */
  offerer: boolean;
  certificates?: RTCCertificate[];
  frame: HTMLIFrameElement | null;
}

export interface SpareOptions {
  bus: Bus;
  route: Pick<Route, "wish" | "shown" | "shows">;
  media: () => Media;
  negotiating: (pc: RTCPeerConnection) => Negotiation;
  send: (data: SignalData) => boolean;
  onUp: (up: Spared) => void;
  /** It did not come up though the server is reached. */
  onFailed: () => void;
}

/** Of the other's, for our move. */
interface Kept {
  offer: string;
  answer: string;
  id: string;
  remote: string;
  certificate: RTCCertificate;
}

interface Going extends Spared {
  candidates: RTCIceCandidateInit[];
}

const CALM = 5; // s of a new connection that are left to sound and picture
const GATHERED_WITHIN = 3000; // ms
const LONGEST = 12_000; // characters of a description
const FIRST_ANSWER = 2000; // ms from the server's answer to one of the other's
const HANDSHAKE = 3000; // ms more, once it answered

/** ms in which the other must have taken up the same connection. */
export const BOTH_WITHIN = 4000;

export const newId = (): string => Math.random().toString(36).slice(2, 12) + Date.now().toString(36);

export class Spare {
  /** Ours, which waits for the other to move. */
  private waiting: (Omit<Spared, "remote"> & { remote: string | null }) | null = null;
  private kept: Kept | null = null;
  private going: Going | null = null;
  private calm = 0;
  private wanted = false;
  private given = false;
  private keeping = false;
  private closed = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: SpareOptions) {
    const { bus } = options;
    bus.on("spare.want", () => void this.give().catch(() => this.giveUp()));
    bus.on("spare.offer", (body) => void this.keep(body).catch(() => undefined));
    bus.on("spare.answer", (body) => void this.agree(body).catch(() => this.giveUp()));
    bus.on("spare.gone", () => (this.kept = null));
    bus.onClose(() => this.forget());
  }

  /** To be called once a second while the line has room: the other is asked for one, once in a connection, where this
   * browser can make use of it. */
  foresee(): void {
    if (this.wanted || this.closed || !("userAgentData" in navigator) || ++this.calm < CALM) return;
    this.wanted = this.options.bus.send("spare.want", true);
  }

  /** Our device moved. False: there is none, and what was begun before is over. */
  async begin(configuration: RTCConfiguration): Promise<boolean> {
    const { kept } = this;
    this.drop();
    this.kept = null;
    const place = kept && enter({ ...configuration, certificates: [kept.certificate] });
    if (!kept || !place) return false;
    const { pc, frame } = place;
    const negotiation = this.options.negotiating(pc);
    const certificates = [kept.certificate];
    const going = { pc, frame, id: kept.id, remote: kept.remote, offerer: false, certificates, negotiation, candidates: [] };
    this.going = going;
    pc.onicecandidate = ({ candidate }) => candidate && this.tellOne(going, candidate.toJSON());
    this.awaitUp(going, () => this.fail());
    try {
      await going.negotiation.resume({ type: "offer", sdp: kept.offer }, { type: "answer", sdp: kept.answer });
    } catch {
      this.drop(); // a browser that will have no answer but the last it made
    }
    return this.begun;
  }

  get begun(): boolean {
    return this.going !== null;
  }

  /** The server is reached again: where the other's firewall lets nobody in who was not asked, it is to ask. */
  tell(): void {
    const { going } = this;
    if (!going) return;
    for (const candidate of going.candidates) this.say(going, candidate);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (/connected|completed/.test(going.pc.iceConnectionState)) this.timer = setTimeout(() => this.fail(), HANDSHAKE);
      else this.fail();
    }, FIRST_ANSWER);
  }

  /** True where it is about the one that waits. */
  takes({ to, candidate }: SignalData): boolean {
    if (to === null || to !== this.waiting?.id) return false;
    if (candidate) void this.waiting.negotiation.onCandidate(candidate);
    return true;
  }

  close(): void {
    this.closed = true;
    this.forget();
  }

  /** What was agreed goes with the connection over which it was. */
  private forget(): void {
    this.drop();
    this.waiting?.pc.close();
    this.waiting = this.kept = null;
    this.wanted = this.given = this.keeping = false;
    this.calm = 0;
  }

  private drop(): void {
    clearTimeout(this.timer);
    if (this.going) close(this.going);
    this.going = null;
  }

  /** Ours will not come up (Firefox waits five seconds for addresses): the other is not to count on it. */
  private giveUp(): void {
    this.waiting?.pc.close();
    this.waiting = null;
    this.options.bus.send("spare.gone", true);
  }

  private fail(): void {
    if (!this.going) return;
    this.drop();
    this.options.onFailed();
  }

  private async give(): Promise<void> {
    if (this.given || this.closed) return;
    this.given = true;
    const { options } = this;
    const configuration = await options.route.wish();
    if (!this.given) return; // the connection is gone meanwhile
    const pc = new RTCPeerConnection(configuration);
    const waiting = { pc, id: newId(), remote: null, negotiation: options.negotiating(pc), offerer: true, frame: null };
    this.waiting?.pc.close();
    this.waiting = waiting;
    pc.createDataChannel("spare", { negotiated: true, id: 0 }); // so that there is a way for the bus
    addBoth(pc, options.media());
    await waiting.negotiation.offer();
    await gathered(pc);
    const { description } = options.route.shown({ description: pc.localDescription?.toJSON() });
    if (this.waiting === waiting && description?.sdp) options.bus.send("spare.offer", { id: waiting.id, sdp: description.sdp });
  }

  private async keep(body: unknown): Promise<void> {
    const { id: remote, sdp: offer } = fields(body);
    if (!this.wanted || this.keeping || !remote || !offer || !fingerprintIn(offer)) return;
    this.keeping = true; // one in a connection
    const certificate = await RTCPeerConnection.generateCertificate({ name: "ECDSA", namedCurve: "P-256" } as AlgorithmIdentifier);
    const pc = new RTCPeerConnection({ bundlePolicy: "max-bundle", certificates: [certificate] });
    const { sdp: answer } = await this.options.negotiating(pc).wouldAnswer({ type: "offer", sdp: offer }).finally(() => pc.close());
    const id = newId();
    if (answer && this.keeping && this.options.bus.send("spare.answer", { id, sdp: answer })) this.kept = { offer, answer, id, remote, certificate };
  }

  private async agree(body: unknown): Promise<void> {
    const { waiting } = this;
    const { id: remote, sdp } = fields(body);
    if (!waiting || waiting.remote !== null || !remote || !sdp) return;
    waiting.remote = remote;
    this.awaitUp({ ...waiting, remote }, () => this.giveUp());
    await waiting.negotiation.onDescription({ type: "answer", sdp }, 1);
  }

  private awaitUp(one: Spared, failed: () => void): void {
    one.pc.onconnectionstatechange = () => {
      if (one.pc.connectionState === "failed") failed();
      if (one.pc.connectionState !== "connected") return;
      one.pc.onconnectionstatechange = null;
      if (one.pc === this.going?.pc) {
        clearTimeout(this.timer);
        this.going = null;
      } else this.waiting = null;
      this.options.onUp(one);
    };
  }

  private tellOne(going: Going, candidate: RTCIceCandidateInit): void {
    going.candidates.push(candidate);
    this.say(going, candidate);
  }

  private say({ id, remote }: Spared, candidate: RTCIceCandidateInit): void {
    const { route, send } = this.options;
    if (route.shows(candidate)) send({ pc: id, to: remote, ...route.shown({ candidate }) });
  }
}

export function close({ pc, frame }: Pick<Spared, "pc" | "frame">): void {
  pc.close();
  frame?.remove();
}

function gathered(pc: RTCPeerConnection): Promise<void> {
  return new Promise((done) => {
    if (pc.iceGatheringState === "complete") return done();
    setTimeout(done, GATHERED_WITHIN);
    pc.onicegatheringstatechange = () => pc.iceGatheringState === "complete" && done();
  });
}

function fields(body: unknown): { id: string | null; sdp: string | null } {
  const { id, sdp } = (body ?? {}) as { id?: unknown; sdp?: unknown };
  return { id: text(id, 40), sdp: text(sdp, LONGEST) };
}

const text = (value: unknown, longest: number): string | null => (typeof value === "string" && value.length <= longest ? value : null);
