// What the room's socket says and hears (docs/architecture.md, "The room's socket").

export type Role = "client" | "counsellor";
export type Verdict = "picture" | "voice" | "text";
/** "taken": the device holds it back just now, as in a telephone call. */
export type DeviceState = "on" | "off" | "ended" | "none" | "taken";

/** What each side tells of itself; never guessed by the other. */
export interface OwnState {
  mic?: DeviceState;
  cam?: DeviceState;
  hidden?: boolean;
  screen?: boolean;
  verdict?: Verdict;
  /** What the own line will hold, measured at the door, and MB of the session. */
  level?: number;
  mb?: number;
  /** The four words differed, and this side has stopped sound and picture. */
  stopped?: boolean;
}

export interface Other {
  id: number;
  role: Role;
  alias: string;
  here: boolean;
  tab: string | null;
  state: OwnState;
  verdict?: Verdict | null;
  /** As it was foreseen in the preparation. */
  forecast?: { level: number; mb: number } | null;
  waiting_since?: string | null;
}

export interface ChatLine {
  n: number;
  key: string;
  from: number;
  text: string;
  at: string;
}

/** Where the counsellor truthfully is, for the client who waits. */
export interface Whereabouts {
  code: "here" | "not_yet" | "elsewhere" | "late";
  late_minutes: number;
  may_choose: boolean;
}

export interface Ended {
  by: number | null;
  reason: string;
}

export interface Welcome {
  t: "welcome";
  epoch: string;
  seq: number;
  resumed: boolean;
  me: { id: number; role: Role; alias: string };
  others: Other[];
  door: boolean;
  admitted: boolean;
  ended: Ended | null;
  clock: { now: string; starts_at: string; ends_at: string };
  chat: ChatLine[];
  waiting_since?: string | null;
  status: Whereabouts | null;
  /** Good once, for the next socket. */
  again?: string;
}

/** A description as it travels: each line in full, or its number (shorthand.ts). */
export interface Short {
  edition: number;
  lines: (string | number)[];
}

export interface SignalData {
  pc: string;
  to: string | null;
  description?: { type: RTCSdpType; sdp?: string; short?: Short };
  candidate?: RTCIceCandidateInit;
  /** Number of an offer; an answer bears that of its offer, so that a late one is not taken for another's. */
  n?: number;
  bye?: true;
  /** "full": what was sent in short could not be read. "word": any sign that this is heard, such as `word`. */
  want?: "offer" | "full" | "word";
  word?: true;
}

export type ServerFrame = (
  | Welcome
  | { t: "signal"; from: number; tab: string; d: SignalData }
  | { t: "presence"; user: number; here: boolean; tab: string | null; state: OwnState; waiting_since?: string | null }
  | { t: "door"; open: boolean }
  | { t: "admitted"; user: number }
  | ({ t: "chat" } & ChatLine)
  | { t: "clock"; now: string; starts_at: string; ends_at: string }
  | { t: "card"; revision: number }
  | { t: "ended"; by: number | null; reason: string }
  | ({ t: "status" } & Whereabouts)
  | { t: "pong"; n: number; again?: string }
  | { t: "refused"; what: string; key?: string | null; reason: string }
) & { seq?: number };

export type ClientFrame =
  | { t: "signal"; d: SignalData }
  | { t: "state"; d: OwnState }
  | { t: "chat"; key: string; text: string }
  | { t: "admit"; user: number }
  | { t: "open" }
  | { t: "end" }
  | { t: "leave" }
  | { t: "ping"; n: number };

export const CLOSED = {
  ticket: 4401,
  notInWindow: 4403,
  noHello: 4408,
  takenOver: 4409,
  tooLong: 4413,
  notOurs: 4422,
} as const;

/** One of the server's frames, or null for what is not one. */
export function parseFrame(text: unknown): ServerFrame | null {
  if (typeof text !== "string") return null;
  try {
    const frame: unknown = JSON.parse(text);
    if (typeof frame !== "object" || frame === null || typeof (frame as { t?: unknown }).t !== "string") return null;
    return frame as ServerFrame;
  } catch {
    return null;
  }
}
