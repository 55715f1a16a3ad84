// What changes when something happens. Pure: no socket, no page, no clock but the one passed in.
import type { LinkState } from "../connection/peer-state.js";
import type { Other, OwnState, ServerFrame, Welcome } from "../connection/protocol.js";
import type { Final } from "../connection/signalling.js";
import type { Anchor } from "./clock.js";
import { merged, stillPending } from "./chat.js";
import type { QualityFacts } from "./quality.js";
import type { Senses } from "./senses.js";
import type { Own, RoomState } from "./state.js";

export type RoomEvent =
  | { type: "frame"; frame: ServerFrame; at: number }
  | { type: "online"; online: boolean }
  | { type: "final"; reason: Final }
  | { type: "say"; key: string; text: string }
  | { type: "unsay"; key: string }
  | { type: "own"; own: Partial<Own> }
  | { type: "link"; link: LinkState }
  | { type: "let_in" }
  | { type: "senses"; senses: Senses }
  | { type: "told"; told: OwnState }
  | { type: "quality"; facts: Partial<QualityFacts> }
  | { type: "stopped"; stopped: boolean }
  | { type: "cut" }
  | { type: "bye" };

export function reduce(state: RoomState, event: RoomEvent): RoomState {
  switch (event.type) {
    case "frame":
      return onFrame(state, event.frame, event.at);
    case "online":
      return { ...state, online: event.online, keepingLater: event.online && state.keepingLater };
    case "final":
      return { ...state, final: event.reason, online: false };
    case "say":
      return say(state, event.key, event.text);
    case "unsay":
      return { ...state, pending: state.pending.filter(({ key }) => key !== event.key) };
    case "own":
      return { ...state, own: { ...state.own, ...event.own } };
    case "link":
      return { ...state, link: event.link, linkWasUp: state.linkWasUp || event.link === "up" };
    case "let_in":
      return { ...state, door: true, admitted: true };
    case "senses":
      return { ...state, senses: event.senses };
    case "told":
      return { ...state, others: state.others.map((other) => ({ ...other, state: { ...other.state, ...event.told } })) };
    case "quality": {
      const changed = Object.entries(event.facts).some(([name, value]) => state.quality[name as keyof QualityFacts] !== value);
      return changed ? { ...state, quality: { ...state.quality, ...event.facts } } : state;
    }
    case "stopped":
      return { ...state, stopped: event.stopped };
    case "cut":
      return { ...state, cut: true };
    case "bye":
      return { ...state, otherLeft: true };
  }
}

function onFrame(state: RoomState, frame: ServerFrame, at: number): RoomState {
  switch (frame.t) {
    case "welcome":
      return welcomed(state, frame, at);
    case "presence": {
      const { user, here, tab, state: told, waiting_since } = frame;
      const comes = here && state.others.some((other) => other.id === user && !other.here);
      return withOther({ ...state, otherLeft: state.otherLeft && !comes }, user, (other) => ({
        ...other,
        here,
        tab,
        state: told,
        waiting_since: waiting_since ?? other.waiting_since,
        verdict: told.verdict ?? other.verdict,
      }));
    }
    case "door":
      return { ...state, door: frame.open };
    case "admitted":
      return { ...state, door: true, admitted: true };
    case "chat": {
      const { n, key, from, text, at: when } = frame;
      const lines = merged(state.lines, [{ n, key, from, text, at: when }]);
      return { ...state, lines, pending: stillPending(state.pending, lines), keepingLater: false };
    }
    case "clock":
      return { ...state, clock: anchor(frame, at) };
    case "ended":
      return { ...state, ended: { by: frame.by, reason: frame.reason } };
    case "status":
      return { ...state, whereabouts: { code: frame.code, late_minutes: frame.late_minutes, may_choose: frame.may_choose } };
    case "refused":
      return refused(state, frame.what, frame.key ?? null, frame.reason);
    default:
      return state;
  }
}

function welcomed(state: RoomState, frame: Welcome, at: number): RoomState {
  const lines = merged(state.lines, frame.chat);
  return {
    ...state,
    me: frame.me,
    seated: true,
    online: true,
    others: frame.others,
    door: frame.door,
    admitted: frame.admitted || state.admitted, // told straight by the other before the server could
    ended: frame.ended,
    clock: anchor(frame.clock, at),
    lines,
    pending: stillPending(state.pending, lines),
    whereabouts: frame.status ?? state.whereabouts,
    waitingSince: frame.waiting_since ?? state.waitingSince,
    keepingLater: false,
  };
}

const anchor = (told: Welcome["clock"], at: number): Anchor => ({
  server: Date.parse(told.now), local: at, starts: Date.parse(told.starts_at), ends: Date.parse(told.ends_at),
});

function withOther(state: RoomState, user: number, change: (other: Other) => Other): RoomState {
  return { ...state, others: state.others.map((other) => (other.id === user ? change(other) : other)) };
}

function say(state: RoomState, key: string, text: string): RoomState {
  const body = text.trim();
  if (!body || state.pending.some((p) => p.key === key)) return state;
  return { ...state, pending: [...state.pending, { key, text: body, refused: false }] };
}

function refused(state: RoomState, what: string, key: string | null, reason: string): RoomState {
  if (reason === "later") return { ...state, keepingLater: true };
  if (what !== "chat") return state;
  return { ...state, pending: state.pending.map((p) => (p.key === key ? { ...p, refused: true } : p)) };
}
