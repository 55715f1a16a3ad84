// Which sentence is true now. Pure: a key of the page's words and what is filled in.
import { minutesLate } from "./clock.js";
import { LEVELS } from "./rungs.js";
import { LONG_SILENCE } from "./senses.js";
import { otherOf, type Opening, type RoomState } from "./state.js";

export interface Sentence {
  key: string;
  values: Record<string, string | number>;
  /** "care" asks for attention, "calm" only tells. */
  tone: "calm" | "care";
}

const calm = (key: string, values: Sentence["values"] = {}): Sentence => ({ key, values, tone: "calm" });
const care = (key: string, values: Sentence["values"] = {}): Sentence => ({ key, values, tone: "care" });

const SLOW = 800; // ms of round trip: what is said arrives nearly half a second later

/** The line at the top of the room, or null where all is well and nothing need be said. `now`: performance.now(). */
export function roomSentence(state: RoomState, now = 0): Sentence | null {
  const other = otherOf(state);
  const name = other?.alias ?? "";
  if (!state.online) return care(state.link === "up" ? "state_server_lost" : "state_lost");
  if (state.keepingLater) return care("state_saving_later");
  if (state.stopped) return null; // the panel over the picture says it all
  if (other?.here && other.state.stopped) return calm("state_other_stopped", { name });
  if (other && !other.here && state.otherLeft) return calm("state_other_left", { name });
  const { sense, since, quiet } = state.senses;
  const gone = sense === "gone" && now > since ? Math.round((now - since) / 1000) : 0;
  if (other && gone > 3 && (state.link !== "up" || !other.here)) return care("state_other_gone_for", { name, seconds: gone });
  if (other && !other.here && state.link !== "up") return care("state_other_gone", { name });
  if (state.link !== "up" && state.relayAway) return care("state_relay_away");
  if (state.link === "unsteady" || state.link === "down") return care("state_unsteady");
  if (state.link !== "up") return calm(state.linkWasUp ? "state_again" : "state_joining");
  if (state.own.mic === "ended") return care("state_mic_ended");
  if (state.own.mic === "taken") return care("state_mic_taken");
  if (sense === "gone") return care("state_unsteady");
  if (failed(state.own.microphone)) return deviceSentence(state);
  if (!other) return null;
  if (other.state.mic === "ended") return care("state_other_mic_ended", { name });
  if (other.state.mic === "none") return care("state_other_mic_none", { name });
  if (other.state.mic === "off") return calm("state_other_muted", { name });
  if (sense === "phone") return calm("state_other_phone", { name });
  if (sense === "frozen") return calm("state_other_frozen", { name });
  if (other.state.hidden) return calm("state_other_hidden", { name });
  if (sense === "silence" && (state.quality.otherLevel ?? 5) > LEVELS.notes && quiet > LONG_SILENCE) return calm("state_silence");
  return null;
}

/** Once a session, where words take long to arrive: nobody is to take the other's pause for coldness. */
export const isSlow = ({ quality, link }: RoomState): boolean => link === "up" && quality.rtt !== null && quality.rtt > SLOW;

/** Why no moving picture of the other is to be seen, in its place; null where one is. */
export function pictureSentence(state: RoomState): Sentence | null {
  const other = otherOf(state);
  const name = other?.alias ?? "";
  const { otherLevel, pin, otherPin } = state.quality;
  if (state.link === "none" || state.link === "connecting") return calm("picture_coming", { name });
  if (other?.state.cam !== undefined && other.state.cam !== "on") return calm("picture_off", { name });
  if (otherLevel === null || otherLevel >= LEVELS.small) return null;
  const wished = otherLevel >= Math.min(pin, otherPin);
  if (otherLevel === LEVELS.text) return calm(wished ? "picture_text_wished" : "picture_text", { name });
  if (otherLevel === LEVELS.notes) return calm("picture_notes", { name });
  if (wished) return calm(pin <= otherPin ? "picture_wished_here" : "picture_wished_there", { name });
  return calm(otherLevel === LEVELS.stills ? "picture_stills" : "picture_voice", { name });
}

/** What we send just now, for whoever wants to know. */
export const ownLevelKey = (state: RoomState): string => `level_${state.quality.level}`;

/** The title of the waiting room: where the counsellor truthfully is. */
export function waitingSentence(state: RoomState, now: number | null): Sentence {
  const other = otherOf(state);
  const name = other?.alias ?? "";
  if (!state.seated) return calm("wait_connecting");
  if (!state.online) return care("state_lost");
  if (other?.here) return calm("wait_here", { name });
  const where = state.whereabouts;
  if (where?.code === "elsewhere") return calm("wait_elsewhere", { name, minutes: where.late_minutes });
  const late = now !== null && state.clock ? minutesLate(state.clock, now) : (where?.late_minutes ?? 0);
  if (late > 0) return calm("wait_late", { name, minutes: late });
  return calm("wait_not_yet", { name });
}

const failed = (opened: Opening): boolean => opened !== "on" && opened !== "asking" && opened !== "not_asked";

/** What is said in the place of the own picture. */
export function deviceSentence(state: RoomState): Sentence {
  const { camera, microphone } = state.own;
  if (camera === "not_asked" && microphone === "not_asked") return calm("device_ask");
  if (camera === "asking" || microphone === "asking") return calm("device_asking");
  if (camera === "unsupported" && microphone === "unsupported") return care("device_unsupported");
  if (failed(camera) && failed(microphone)) {
    if (camera === "refused" || microphone === "refused") return care("device_both_refused");
    return care(camera === "busy" || microphone === "busy" ? "device_both_busy" : "device_both_none");
  }
  if (failed(microphone)) return care(`device_mic_${microphone === "unsupported" ? "none" : microphone}`);
  if (failed(camera)) return care(`device_cam_${camera === "unsupported" ? "none" : camera}`);
  return calm("device_ready");
}
