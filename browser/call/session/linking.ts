// The connection to the other, as long as the page lives: when it is made, tapped, stopped and made anew follows from the
// state of the room.
import { Hearing } from "../connection/hearing.js";
import { mayMeet } from "../connection/path.js";
import { Link, type LinkOptions } from "../connection/peer.js";
import type { SignalData } from "../connection/protocol.js";
import { Shorthand } from "../connection/shorthand.js";
import type { Config } from "./config.js";
import { LEVELS } from "./rungs.js";
import { otherOf, stageOf, type RoomState } from "./state.js";

export interface LinkingNeeds {
  config: Config;
  state: () => RoomState;
  link: Omit<LinkOptions, "polite" | "hears">;
  /** Made, nothing exchanged yet. */
  onMade: (link: Link) => void;
  /** Let in: the tap may be opened. */
  onAdmitted: (link: Link) => void;
}

const LAST_WORD = 1500; // ms for what is told the other before the connection closes

export class Linking {
  private current: Link | null = null;
  private closing: Link | null = null;
  private readonly shorthand: Shorthand;
  private readonly hearing: Hearing;

  constructor(private readonly needs: LinkingNeeds) {
    this.shorthand = new Shorthand(needs.link.send);
    this.hearing = new Hearing(needs.link.send);
  }

  get link(): Link | null {
    return this.current;
  }

  onSignal(data: SignalData): void {
    const told = this.hearing.take(data) ? null : this.shorthand.read(data);
    if (told) void this.peer()?.onSignal(told);
  }

  /** Built as soon as neither address is shown before it may be; tapped once admitted. */
  connect(): void {
    const state = this.needs.state();
    const { door, admitted } = state;
    const other = otherOf(state);
    const { relay = "none", hidden = false } = this.needs.config;
    if (!other || !mayMeet({ relay, hidden, door, admitted })) return;
    const link = this.peer();
    if (!link) return;
    if (admitted && !link.admitted) this.needs.onAdmitted(link);
    if (other.here) void link.ensure();
  }

  /** Once a second: where both ways have room for it, what a move will need is made ready. */
  foresee(): void {
    const { level, otherLevel } = this.needs.state().quality;
    if (Math.min(level, otherLevel ?? 0) >= LEVELS.small) this.current?.foresee();
  }

  /** Nothing goes out or is played any more; a last word still passes. */
  stop(): void {
    const link = this.current;
    this.closing?.close();
    this.current = null;
    this.closing = link;
    link?.closeTap();
    setTimeout(() => {
      if (this.closing === link) this.closeStopped();
    }, LAST_WORD);
  }

  /** What had its last word need not wait. */
  closeStopped(): void {
    this.closing?.close();
    this.closing = null;
  }

  connectAnew(): void {
    if (this.current) this.current.rebuild();
    else this.connect();
  }

  close(): void {
    this.current?.close();
    this.current = null;
  }

  private peer(): Link | null {
    const state = this.needs.state();
    const stage = stageOf(state);
    if (state.stopped || typeof RTCPeerConnection !== "function" || (stage !== "waiting" && stage !== "in")) return null;
    if (!this.current) {
      const send = this.shorthand.say.bind(this.shorthand);
      this.current = new Link({ ...this.needs.link, send, hears: () => this.hearing.ask(), polite: state.me.role === "client" });
      this.needs.onMade(this.current);
    }
    return this.current;
  }
}
