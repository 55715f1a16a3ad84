// What the server tells the page beside its markup.
import type { Relay } from "../connection/path.js";
import type { Role } from "../connection/protocol.js";
import type { Plan } from "./plan.js";

export interface Urls {
  socket: string;
  ticket: string;
  ice: string;
  leave: string;
  card: string;
  card_state: string;
  card_save: string;
  card_accept: string;
  card_add: string;
  casenotes: string;
  last_tasks: string;
  move: string;
  /** A page about nothing. */
  neutral: string;
  checkin?: string;
  /** What the line took; and the counsellor's way to take it now. */
  line: string;
  extend?: string;
  /** Where it is told what the line will hold, and what it held. */
  forecast: string;
  held: string;
}

export interface Config {
  code: string;
  me: { id: number; role: Role; alias?: string };
  urls: Urls;
  csrf: string;
  language?: string;
  zone?: string;
  /** Our own STUN server, where the operator named one. */
  stun?: string | null;
  /** Whether the practice has a relay, and found one of them well. */
  relay?: Relay;
  /** Addresses are to stay hidden from the other side. */
  hidden?: boolean;
  /** Minutes after the start from which another time may be chosen. */
  choice_after?: number;
  /** What was agreed for the moment the line is gone, and the other's name. */
  plan?: Plan;
  other?: string;
}

export type Words = Record<string, string>;
