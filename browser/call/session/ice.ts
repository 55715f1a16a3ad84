// Ways and passwords for relays, kept as long as they count; what a relay refused is told to the server once.
import type { Ice, Relay } from "../connection/path.js";
import { post, type Answer } from "./api.js";

const MARGIN = 10 * 60; // s before their end in which passwords are no longer given out
const HASTE = 1500; // ms
const TELL_AFTER = 4000; // ms: several relays' errors come together
/** A way that one browser cannot take (a firewall) is no fault of the password; these are. */
const REFUSALS = new Set([400, 401, 403, 437, 438, 441, 486, 508]);

export interface IceOptions {
  url: string;
  csrf: string;
  stun: string | null;
  relay: Relay;
  hidden: boolean;
  now?: () => number;
  ask?: (url: string, csrf: string, body: unknown) => Promise<Answer>;
}

interface Given {
  iceServers?: RTCIceServer[];
  ttl?: number;
  hidden?: boolean;
  away?: boolean;
}

export class IceSource {
  private kept: { ice: Ice; until: number } | null = null;
  private readonly told = new Set<string>();
  private doubts: { url: string; code: number }[] = [];
  private fetching: Promise<Ice> | null = null;
  private telling: ReturnType<typeof setTimeout> | undefined;
  private readonly now: () => number;
  private readonly ask: NonNullable<IceOptions["ask"]>;

  constructor(private readonly options: IceOptions) {
    this.now = options.now ?? (() => performance.now());
    this.ask = options.ask ?? post;
  }

  /** Never waits long where there is something to go on with: a new path is looked for in haste. */
  async get(): Promise<Ice> {
    const { kept } = this;
    if (kept && this.now() < kept.until) return kept.ice;
    this.fetching ??= this.fetch().finally(() => (this.fetching = null));
    return kept === null ? this.fetching : Promise.race([this.fetching, new Promise<Ice>((done) => setTimeout(done, HASTE, kept.ice))]);
  }

  doubt(url: string, code: number): void {
    if (REFUSALS.has(code) && this.kept) this.kept.until = 0;
    const key = `${url} ${code}`;
    if (this.told.has(key)) return;
    this.told.add(key);
    this.doubts.push({ url, code });
    this.telling ??= setTimeout(() => void this.fetch(), TELL_AFTER);
  }

  stop(): void {
    clearTimeout(this.telling);
  }

  private async fetch(): Promise<Ice> {
    clearTimeout(this.telling);
    this.telling = undefined;
    const doubts = this.doubts.splice(0);
    const { status, body } = await this.ask(this.options.url, this.options.csrf, doubts.length ? { doubts } : {});
    const given = status === 200 ? (body as Given) : null;
    if (!given?.iceServers || !given.ttl) {
      this.doubts.unshift(...doubts);
      return this.kept?.ice ?? this.without();
    }
    const hidden = given.hidden === true;
    const there = given.iceServers.some(({ username }) => username !== undefined);
    const servers = given.iceServers.length ? given.iceServers : this.without().servers;
    const ice: Ice = { servers, relay: !there ? "none" : given.away === true ? "away" : "well", hidden };
    this.kept = { ice, until: this.now() + 1000 * Math.max(60, given.ttl - MARGIN) };
    return ice;
  }

  /** The server does not answer: what the page said holds, so that an address is not shown for want of an answer. */
  private without(): Ice {
    const { stun, relay, hidden } = this.options;
    return { servers: stun ? [{ urls: stun }] : [], relay, hidden };
  }
}
