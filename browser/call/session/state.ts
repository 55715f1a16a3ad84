// Everything the room's page knows, as plain values: what is drawn follows from it alone.
import type { LinkState } from "../connection/peer-state.js";
import type { ChatLine, DeviceState, Ended, Other, Role, Whereabouts } from "../connection/protocol.js";
import type { Final } from "../connection/signalling.js";
import type { Opened } from "../media/problems.js";
import type { Anchor } from "./clock.js";
import type { QualityFacts } from "./quality.js";
import { NOTHING_YET, type Senses } from "./senses.js";

export type Stage = "connecting" | "waiting" | "in" | "ended" | "taken" | "shut";

export type { Other };

/** Typed here and not yet known to be kept. */
export interface Pending {
  key: string;
  text: string;
  /** The server will not take it as it is; the writer sees it and decides. */
  refused: boolean;
}

export type Opening = Opened | "not_asked" | "asking";

export interface Own {
  microphone: Opening;
  camera: Opening;
  mic: DeviceState;
  cam: DeviceState;
  /** The screen goes out in place of the camera's picture. */
  screen: boolean;
}

export interface RoomState {
  me: { id: number; role: Role; alias: string };
  seated: boolean;
  online: boolean;
  others: Other[];
  door: boolean;
  admitted: boolean;
  ended: Ended | null;
  final: Final | null;
  clock: Anchor | null;
  lines: ChatLine[];
  pending: Pending[];
  whereabouts: Whereabouts | null;
  waitingSince: string | null;
  own: Own;
  link: LinkState;
  linkWasUp: boolean;
  /** Addresses stay hidden, so only a relay may be used, and none was found well. */
  relayAway: boolean;
  /** The other went out by the door; not a line that broke. */
  otherLeft: boolean;
  /** After words that differed nothing goes between the two until each has asked for it. */
  stopped: boolean;
  /** The other browser sent what none of ours would: only sound, picture and what goes by the server are left. */
  cut: boolean;
  /** The server could not keep something just now and is asked again. */
  keepingLater: boolean;
  quality: QualityFacts;
  senses: Senses;
}

export function initial(me: RoomState["me"], pending: Pending[] = []): RoomState {
  return {
    me,
    seated: false,
    online: false,
    others: [],
    door: false,
    admitted: false,
    ended: null,
    final: null,
    clock: null,
    lines: [],
    pending,
    whereabouts: null,
    waitingSince: null,
    own: { microphone: "not_asked", camera: "not_asked", mic: "none", cam: "none", screen: false },
    link: "none",
    linkWasUp: false,
    relayAway: false,
    otherLeft: false,
    stopped: false,
    cut: false,
    keepingLater: false,
    quality: { level: 4, otherLevel: null, pin: 5, otherPin: 5, mbPerHour: null, rtt: null, measured: false, rate: null },
    senses: NOTHING_YET,
  };
}

export function stageOf(state: RoomState): Stage {
  if (state.ended || state.final === "ended") return "ended";
  if (state.final === "taken") return "taken";
  if (state.final) return "shut";
  if (!state.seated) return "connecting";
  return state.admitted ? "in" : "waiting";
}

/** The one other person of a session of two. */
export const otherOf = (state: RoomState): Other | null => state.others[0] ?? null;
