// The desk for spoken notes of one room's page.
import { AUDIO, openOne } from "../../media/devices.js";
import { LEVELS } from "../rungs.js";
import type { Session } from "../session.js";
import { otherOf, stageOf } from "../state.js";
import { SpokenDesk } from "./desk.js";
import { NoteStore } from "./store.js";

interface Kept {
  stream: string;
  next: number;
  secret: string;
}

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

export function openDesk(session: Session, changed: () => void): SpokenDesk {
  const { keep, config } = session;
  const random = (bytes: number) => hex(crypto.getRandomValues(new Uint8Array(bytes)));
  const kept = keep.read<Kept | null>("spoken", null) ?? { stream: random(8), next: 1, secret: random(32) };
  const write = () => keep.write("spoken", kept);
  write();
  // Where this tab can keep no key, a note in its database could never be read again.
  const secret = keep.read<Kept | null>("spoken", null) && crypto.subtle ? unhex(kept.secret) : null;
  const desk = new SpokenDesk({
    bus: session.bus,
    store: new NoteStore(`${config.code}.${config.me.id}`, secret, Date.now),
    stream: kept.stream,
    nextNumber: () => {
      const n = kept.next++;
      write();
      return n;
    },
    heard: keep.read<string[]>("spoken_heard", []),
    keepHeard: (names) => keep.write("spoken_heard", names),
    microphone: () => ownTrack(session),
    holdLive: (held) => holdLive(session, held),
    instead: () => session.spoken.on,
    pace: () => paceAt(session.quality.rate),
    mayPlayAloud: (otherToo) => {
      const { state } = session;
      if (state.quality.pin === LEVELS.text) return false; // "someone is near me"
      return session.spoken.on || otherToo || state.link !== "up" || otherOf(state)?.state.mic !== "on";
    },
    changed,
  });
  session.spoken.onChange(() => desk.switched());
  session.spoken.onHush(() => desk.hush());
  document.addEventListener("visibilitychange", () => desk.playNext());
  session.subscribe((state, before) => {
    if (state.quality.pin === LEVELS.text && before.quality.pin !== LEVELS.text) desk.hush();
    const stage = stageOf(state);
    if (stage === stageOf(before) || !["ended", "taken", "shut"].includes(stage)) return;
    desk.stop(stage === "ended" || state.final === "signed_out");
  });
  return desk;
}

const LEAST = 6; // kbit/s: one read as less was read beside something
const SHARE = 0.75; // reports, answers and the browser's own looks want some too
const WIDE = 100; // kbit/s: there a note is through before it could be in the way

/** `rate` in kbit/s; bytes a second. */
const paceAt = (rate: number | null): number | null => (rate === null || rate > WIDE ? null : (SHARE * Math.max(rate, LEAST) * 1000) / 8);

/** A copy of the microphone's track: a note is heard also where the live voice is muted, and ends by itself. */
async function ownTrack({ devices }: Session): Promise<MediaStreamTrack | null> {
  const live = devices.audio?.readyState === "live" ? devices.audio.clone() : null;
  const track = live ?? (await openOne({ audio: AUDIO }))[1];
  if (track) track.enabled = true;
  return track;
}

function holdLive({ devices, state }: Session, held: boolean): void {
  if (devices.audio) devices.audio.enabled = !held && state.own.mic === "on";
}
