// The way of one connection: what it may show and where it looks, as admission and dead relays change it.
import { inUse, policyOf, ranked, shownCandidate, shownSdp, wayOf, type Ice } from "./path.js";
import type { SignalData } from "./protocol.js";

/** A direct way is looked for once sound and picture have had their first seconds for themselves. */
const WIDEN_AFTER = 2000; // ms
const ASKED_JUST_NOW = 3000; // ms
/** A code of our own beside ICE's (300 to 701): packets stopped coming through. */
const WENT_STILL = 700;

export interface RouteOptions {
  ice: () => Promise<Ice>;
  /** A relay did not let us through, with ICE's error code. */
  onRefused: (url: string, code: number) => void;
}

export class Route {
  private ice: Ice = { servers: [], relay: "none", hidden: false };
  private readonly dead = new Set<string>();
  private admitted = false;
  private inForce = "";
  /** Of the connection there is, where it was given some: a browser takes no configuration without them. */
  private certificates: RTCCertificate[] | undefined;
  private askedAt = -ASKED_JUST_NOW; // performance.now() when the other side last looked for a new path
  private widening: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: RouteOptions) {}

  /** For a connection that may come to nothing. */
  async wish(): Promise<RTCConfiguration> {
    this.ice = await this.options.ice();
    return this.wanted();
  }

  async configuration(): Promise<RTCConfiguration> {
    const configuration = await this.wish();
    this.certificates = undefined;
    this.inForce = JSON.stringify(configuration);
    return configuration;
  }

  /** A connection that was made elsewhere, with certificates of its own. */
  take(certificates: RTCCertificate[] | undefined): void {
    this.certificates = certificates;
    this.inForce = "";
  }

  watch(pc: RTCPeerConnection): void {
    pc.onicecandidateerror = ({ url, errorCode }) => {
      if (url.startsWith("turn")) this.options.onRefused(url, errorCode);
    };
  }

  shows({ candidate }: RTCIceCandidateInit): boolean {
    return shownCandidate({ candidate: candidate ?? "" }, this.policy) !== null;
  }

  /** What is sent to the other side, without an address that is not to be seen. */
  shown<Part extends Partial<SignalData>>(part: Part): Part {
    const { candidate, description } = part;
    if (candidate) return { ...part, candidate: shownCandidate(candidate, this.policy) ?? undefined };
    return description?.sdp ? { ...part, description: { ...description, sdp: shownSdp(description.sdp, this.policy) } } : part;
  }

  /** Other ways than the relay may be tried from now on. `look` looks for them; the side without one follows. */
  admit(pc: RTCPeerConnection | null, look: (() => void) | null): void {
    const narrow = this.policy === "relay";
    this.admitted = true;
    if (!pc || !look || !narrow || this.policy === "relay") return;
    if (pc.connectionState !== "connected") look();
    else this.widening = setTimeout(() => pc.connectionState !== "closed" && look(), WIDEN_AFTER);
  }

  /** The other side looks for a new path: so do we, wherever we may by now. Only then, since a new configuration
   * makes the next description of our own a search as well. */
  follow(pc: RTCPeerConnection, offer: RTCSessionDescriptionInit): void {
    const before = pc.remoteDescription;
    if (!before || ufrag(before) === ufrag(offer)) return;
    this.askedAt = performance.now();
    this.apply(pc);
  }

  /** Nothing comes through any more though the server is reached: the relay in use goes to the end of the list, and a new
   * path is looked for, unless the other side does so just now. */
  async leave(pc: RTCPeerConnection, look: () => void): Promise<void> {
    const { relay } = inUse([...(await pc.getStats()).values()] as never);
    if (relay) {
      this.dead.add(wayOf(relay));
      this.options.onRefused(relay, WENT_STILL);
    }
    if (performance.now() - this.askedAt > ASKED_JUST_NOW) look();
  }

  /** Just before a new path is looked for: by the newest passwords and ranks. */
  async renew(pc: RTCPeerConnection): Promise<void> {
    this.ice = await this.options.ice();
    this.apply(pc);
  }

  stop(): void {
    clearTimeout(this.widening);
  }

  private get policy(): RTCIceTransportPolicy {
    return policyOf(this.ice, this.admitted);
  }

  private apply(pc: RTCPeerConnection): void {
    const configuration = this.wanted();
    const text = JSON.stringify(configuration);
    if (text === this.inForce || pc.signalingState === "closed") return;
    try {
      pc.setConfiguration(this.certificates ? { ...configuration, certificates: this.certificates } : configuration);
    } catch {
      return; // then by what it has: an offer is answered all the same
    }
    this.inForce = text;
  }

  private wanted(): RTCConfiguration {
    const { policy } = this;
    return { iceServers: ranked(this.ice.servers, this.dead, policy), iceTransportPolicy: policy, bundlePolicy: "max-bundle" };
  }
}

const ufrag = ({ sdp = "" }: RTCSessionDescriptionInit): string => /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? "";
