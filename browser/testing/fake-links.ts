// Two links over a mailbox that loses what it is told to: no browser, only the state machine of descriptions. Time stands
// still until it is let pass.
import assert from "node:assert/strict";
import { after, beforeEach, mock } from "node:test";
import { ChannelBus } from "../call/connection/bus.js";
import { Link } from "../call/connection/peer.js";
import type { SignalData } from "../call/connection/protocol.js";
import { FakeBus } from "./fake-bus.js";

type Description = { type: "offer" | "answer" | "rollback"; sdp: string };

/** Of the test that runs, in the order they were made. */
export const made: FakePc[] = [];
let descriptions = 0;

export class FakePc {
  signalingState = "stable";
  connectionState = "new";
  localDescription: (Description & { toJSON(): Description }) | null = null;
  remoteDescription: Description | null = null;
  onnegotiationneeded: (() => void) | null = null;
  /** A new path was asked for and none agreed yet. */
  private wished = false;
  onconnectionstatechange: (() => void) | null = null;
  failing = false;
  readonly iceGatheringState = "complete";
  onicecandidate: ((event: { candidate: { candidate: string; toJSON(): object } }) => void) | null = null;
  readonly added: unknown[] = [];
  still = false;
  /** What was in force of the other's when we answered, and last. */
  readonly heard: string[] = [];
  offered = 0;
  private readonly agreed: { local: FakePc["localDescription"]; remote: Description | null } = { local: null, remote: null };
  private readonly print: string;
  private readonly certificates: unknown;
  /** How often it took another configuration. */
  configured = 0;
  private transceivers: object[] = [];

  constructor(configuration?: { certificates?: { print: string }[] }) {
    this.certificates = configuration?.certificates;
    const nth = String(10 + made.push(this));
    this.print = configuration?.certificates?.[0]?.print ?? Array(32).fill(nth).join(":");
  }
  getTransceivers(): object[] {
    return this.transceivers;
  }
  addTransceiver(kind: string): object {
    const sender = { track: null, replaceTrack: () => Promise.resolve(), getParameters: () => ({}) };
    const made = { sender, receiver: { track: { kind } }, direction: "sendrecv" };
    this.transceivers.push(made);
    queueMicrotask(() => this.onnegotiationneeded?.());
    return made;
  }
  createDataChannel(): object {
    return { close: () => undefined };
  }
  restartIce(): void {
    this.wished = true;
  }
  setConfiguration({ certificates }: { certificates?: unknown[] }): void {
    if (JSON.stringify(certificates) !== JSON.stringify(this.certificates)) throw new Error("InvalidModificationError");
    this.configured += 1;
  }
  getStats(): Promise<Map<string, unknown>> {
    const alive = { id: "p", type: "candidate-pair", nominated: true, state: "succeeded", bytesReceived: this.still ? 1 : ++descriptions };
    return Promise.resolve(new Map([["p", alive]]));
  }
  addIceCandidate(candidate: unknown): Promise<void> {
    this.added.push(candidate);
    return Promise.resolve();
  }
  createAnswer(): Promise<Description> {
    return Promise.resolve(this.describe("answer"));
  }
  static generateCertificate(): Promise<{ print: string }> {
    return Promise.resolve({ print: Array(32).fill("99").join(":") });
  }
  createOffer(): Promise<Description> {
    this.offered += 1;
    return Promise.resolve(this.describe("offer"));
  }
  async setLocalDescription(given?: Description): Promise<void> {
    if (this.failing) throw new Error("no");
    if (given?.type === "rollback") {
      if (this.wished) queueMicrotask(() => this.onnegotiationneeded?.());
      return this.settle(this.agreed.local, this.agreed.remote);
    }
    const answering = this.signalingState === "have-remote-offer";
    const plain = given ?? this.describe(answering ? "answer" : "offer");
    const local = { ...plain, toJSON: () => plain };
    this.localDescription = local;
    if (answering) this.heard.push(this.remoteDescription?.sdp ?? "");
    if (answering) this.settle(local, this.remoteDescription);
    else this.signalingState = "have-local-offer";
  }
  async setRemoteDescription(description: Description): Promise<void> {
    if (description.type === "rollback") return this.settle(this.agreed.local, this.agreed.remote);
    if (description.type === "offer") {
      this.localDescription = this.agreed.local;
      this.signalingState = "have-remote-offer";
      this.remoteDescription = description;
    } else {
      this.wished = false;
      this.settle(this.localDescription, description);
    }
  }
  close(): void {
    this.connectionState = this.signalingState = "closed";
  }
  come(state: string): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
  private describe(type: "offer" | "answer"): Description {
    return { type, sdp: `v=0\r\na=fingerprint:sha-256 ${this.print}\r\na=number:${++descriptions}\r\nm=audio 9 X 111\r\na=rtpmap:111 opus/48000/2\r\nm=video 9 X 96\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 transport-cc\r\na=sendrecv\r\n` };
  }
  private settle(local: FakePc["localDescription"], remote: Description | null): void {
    Object.assign(this.agreed, { local, remote });
    Object.assign(this, { localDescription: local, remoteDescription: remote, signalingState: "stable" });
  }
}

Object.assign(globalThis, { window: globalThis, RTCPeerConnection: FakePc });
const frame = { hidden: false, remove: () => undefined, contentWindow: { RTCPeerConnection: FakePc } };
export const around = { navigator: { userAgentData: {} }, document: { createElement: () => frame, body: { append: () => undefined } } };
for (const [name, value] of Object.entries(around)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
(mock.timers.enable as (wanted: unknown) => void).call(mock.timers, { apis: ["setInterval", "setTimeout"] }); // the types are older
let time = 0;
mock.method(performance, "now", () => time);
const open: Link[] = [];
after(() => open.forEach((link) => link.close()));
beforeEach(() => {
  open.splice(0).forEach((link) => link.close());
  made.length = 0;
});

export const settled = async (): Promise<void> => {
  for (let i = 0; i < 60; i++) await Promise.resolve();
};

export async function pass(ms: number): Promise<void> {
  for (const end = time + ms; time < end; ) {
    time += 200;
    mock.timers.tick(200);
    await settled();
  }
}

/** Over a connection that is up already it is open as soon as it is attached. */
export class OpenBus extends FakeBus {
  attached = false;
  dead?: boolean;
  attach(_pc: unknown, _session: unknown, _onDead: unknown, under = false): void {
    this.attached = true;
    if (under && !this.dead) this.open({ id: "2", offerer: false, fingerprints: { mine: "", theirs: "" } });
  }
  detach(): void {
    if (this.attached) this.close();
    this.attached = false;
  }
  admit(): void {}
}

export const NO_RELAY = () => Promise.resolve({ servers: [], relay: "none", hidden: false });

export function pair(ice: () => Promise<unknown> = NO_RELAY, buses = [new ChannelBus(), new ChannelBus()] as [ChannelBus, ChannelBus]) {
  const post: { to: "client" | "counsellor"; data: SignalData }[] = [];
  const loses: { when: (to: string, data: SignalData) => boolean } = { when: () => false };
  const link = (polite: boolean): Link => {
    const other = polite ? "counsellor" : "client";
    const made = new Link({
      polite,
      bus: buses[Number(polite)] as ChannelBus,
      ice: ice as never,
      send: (data) => {
        post.push({ to: other, data });
        if (!loses.when(other, data)) void (polite ? both.counsellor : both.client).onSignal(data);
        return true;
      },
      onRefused: () => undefined, onState: () => undefined, onBye: () => undefined, onCertificate: () => assert.fail("same certificate"),
      onDoubt: () => Promise.resolve(true), reachable: () => true, hears: () => Promise.resolve(true),
    });
    open.push(made);
    return made;
  };
  const both = { client: link(true), counsellor: link(false) };
  return { ...both, post, loses };
}

/** Both linked. */
export async function linked(two = pair()) {
  await two.client.ensure();
  await settled();
  for (const pc of made) pc.come("connected");
  assert.deepEqual(made.map((pc) => pc.signalingState), ["stable", "stable"]);
  two.post.splice(0);
  return two;
}

