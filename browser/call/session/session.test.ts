import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChatLine, Other, ServerFrame, Welcome } from "../connection/protocol.js";
import { draftOf, sameDraft, saveBody, withIds, type CardState } from "./card.js";
import { merged } from "./chat.js";
import { cueAt, minutesLate, minutesLeft, phaseAt, serverNow, share, type Anchor } from "./clock.js";
import { reduce } from "./reduce.js";
import { initial, stageOf, type RoomState } from "./state.js";
import { deviceSentence, pictureSentence, roomSentence, waitingSentence } from "./status.js";

const ME = { id: 1, role: "client" as const, alias: "Kirana" };
const nur: Other = { id: 2, role: "counsellor", alias: "Bu Nur", here: true, tab: "t", state: { mic: "on", cam: "on" } };
const line = (n: number, key = `k${n}`): ChatLine => ({ n, key, from: 2, text: `line ${n}`, at: "2026-11-24T12:00:00Z" });
const welcome = (changes: Partial<Welcome> = {}): Welcome => ({
  t: "welcome", epoch: "e", seq: 1, resumed: false, me: ME, others: [nur], door: true, admitted: false, ended: null,
  clock: { now: "2026-11-24T12:00:00Z", starts_at: "2026-11-24T12:00:00Z", ends_at: "2026-11-24T12:50:00Z" },
  chat: [], status: { code: "not_yet", late_minutes: 0, may_choose: false }, ...changes,
});
const after = (state: RoomState, ...frames: ServerFrame[]): RoomState =>
  frames.reduce((s, frame) => reduce(s, { type: "frame", frame, at: 1000 }), state);
const seated = (changes: Partial<Welcome> = {}): RoomState => after(initial(ME), welcome(changes));

test("stages: connecting, waiting, in, ended, taken, shut", () => {
  assert.equal(stageOf(initial(ME)), "connecting");
  assert.equal(stageOf(seated()), "waiting");
  assert.equal(stageOf(after(seated(), { t: "admitted", user: 1 })), "in");
  assert.equal(stageOf(seated({ admitted: true })), "in");
  const straight = reduce(seated(), { type: "let_in" });
  assert.equal(stageOf(straight), "in");
  assert.equal(stageOf(after(straight, welcome({ admitted: false }))), "in");
  assert.equal(stageOf(after(seated({ admitted: true }), { t: "ended", by: 2, reason: "closed" })), "ended");
  assert.equal(stageOf(reduce(seated(), { type: "final", reason: "taken" })), "taken");
  assert.equal(stageOf(reduce(seated(), { type: "final", reason: "signed_out" })), "shut");
});

test("who went out by the door has left until coming back", () => {
  const told = (here: boolean): ServerFrame => ({ t: "presence", user: 2, here, tab: here ? "t" : null, state: {} });
  const gone = after(reduce(seated({ admitted: true }), { type: "bye" }), told(true), told(false));
  assert.equal(gone.otherLeft, true);
  assert.equal(after(gone, told(true)).otherLeft, false);
});

test("a line lost does not cost the seat", () => {
  const lost = reduce(seated({ admitted: true }), { type: "online", online: false });
  assert.equal(stageOf(lost), "in");
  assert.equal(roomSentence(lost)?.key, "state_lost");
});

test("chat: the server's order, each once, pending until the echo", () => {
  assert.deepEqual(merged([line(2), line(1)], [line(3), line(2)]).map(({ n }) => n), [1, 2, 3]);
  let state = reduce(seated(), { type: "say", key: "a", text: "  halo " });
  assert.deepEqual(state.pending, [{ key: "a", text: "halo", refused: false }]);
  state = after(state, { t: "chat", ...line(1, "a") }, { t: "chat", ...line(1, "a") });
  assert.deepEqual([state.pending.length, state.lines.length], [0, 1]);
});

test("chat: an echo that came while we were away is in the welcome", () => {
  const state = after(reduce(seated(), { type: "say", key: "a", text: "x" }), welcome({ chat: [line(1, "a")] }));
  assert.deepEqual([state.pending, state.lines.map(({ key }) => key)], [[], ["a"]]);
});

test("chat: later means later, a refusal is the writer's to decide", () => {
  const said = reduce(seated(), { type: "say", key: "a", text: "x" });
  const later = after(said, { t: "refused", what: "chat", key: "a", reason: "later" });
  assert.deepEqual([later.keepingLater, later.pending[0]?.refused], [true, false]);
  assert.equal(after(said, { t: "refused", what: "chat", key: "a", reason: "too_long" }).pending[0]?.refused, true);
});

test("a browser that sends what is not ours: sound, picture and chat go on", () => {
  const before = reduce(seated({ admitted: true }), { type: "link", link: "up" });
  const cut = reduce(reduce(before, { type: "cut" }), { type: "say", key: "a", text: "x" });
  assert.deepEqual([cut.cut, cut.link, stageOf(cut), cut.pending.length], [true, "up", "in", 1]);
  assert.equal(roomSentence(cut), null);
});

const NOW = 60_000;
const sentences: [string, (state: RoomState) => RoomState, string | null][] = [
  ["all well", (s) => s, null],
  ["server gone, media up", (s) => ({ ...s, online: false }), "state_server_lost"],
  ["server and media gone", (s) => ({ ...s, online: false, link: "down" }), "state_lost"],
  ["the other gone", (s) => ({ ...s, link: "down", others: [{ ...nur, here: false }] }), "state_other_gone"],
  ["the other's socket gone, media up", (s) => ({ ...s, others: [{ ...nur, here: false }] }), null],
  ["the other went out", (s) => ({ ...s, link: "none", otherLeft: true, others: [{ ...nur, here: false }] }), "state_other_left"],
  ["no microphone of one's own", (s) => ({ ...s, own: { ...s.own, microphone: "refused", camera: "on" } }), "device_mic_refused"],
  ["stuck", (s) => ({ ...s, link: "unsteady" }), "state_unsteady"],
  ["joining", (s) => ({ ...s, link: "connecting", linkWasUp: false }), "state_joining"],
  ["hidden, and no relay answers", (s) => ({ ...s, link: "connecting", relayAway: true }), "state_relay_away"],
  ["joining again", (s) => ({ ...s, link: "connecting", linkWasUp: true }), "state_again"],
  ["own microphone ended", (s) => ({ ...s, own: { ...s.own, mic: "ended" } }), "state_mic_ended"],
  ["muted", (s) => ({ ...s, others: [{ ...nur, state: { mic: "off", cam: "on" } }] }), "state_other_muted"],
  ["on the telephone", (s) => ({ ...s, senses: { ...s.senses, sense: "phone" } }), "state_other_phone"],
  ["own telephone", (s) => ({ ...s, own: { ...s.own, mic: "taken" } }), "state_mic_taken"],
  ["frozen", (s) => ({ ...s, senses: { ...s.senses, sense: "frozen" } }), "state_other_frozen"],
  ["silence is no matter", (s) => ({ ...s, senses: { ...s.senses, sense: "silence", quiet: 5000 } }), null],
  ["a long silence", (s) => ({ ...s, senses: { ...s.senses, sense: "silence", quiet: 13_000 } }), "state_silence"],
  ["nothing comes", (s) => ({ ...s, senses: { ...s.senses, sense: "gone" } }), "state_unsteady"],
  ["gone for twelve seconds", (s) => ({ ...s, link: "down", senses: { ...s.senses, sense: "gone", since: NOW - 12_000 } }), "state_other_gone_for"],
  ["elsewhere on the device", (s) => ({ ...s, others: [{ ...nur, state: { mic: "on", cam: "on", hidden: true } }] }), "state_other_hidden"],
];
for (const [name, change, expected] of sentences) {
  test(`the room's line: ${name}`, () => {
    const state = reduce(seated({ admitted: true }), { type: "link", link: "up" });
    assert.equal(roomSentence(change(state), NOW)?.key ?? null, expected);
  });
}

const pictures: [string, Partial<RoomState["quality"]>, Partial<Other>, string | null][] = [
  ["a moving one", { otherLevel: 5 }, {}, null],
  ["small", { otherLevel: 4 }, {}, null],
  ["not told yet", { otherLevel: null }, {}, null],
  ["camera off", { otherLevel: 5 }, { state: { cam: "off" } }, "picture_off"],
  ["stills", { otherLevel: 3 }, {}, "picture_stills"],
  ["voice", { otherLevel: 2 }, {}, "picture_voice"],
  ["spoken notes", { otherLevel: 1 }, {}, "picture_notes"],
  ["text", { otherLevel: 0 }, {}, "picture_text"],
  ["we wished it", { otherLevel: 2, pin: 2 }, {}, "picture_wished_here"],
  ["the other wished it", { otherLevel: 3, otherPin: 3 }, {}, "picture_wished_there"],
  ["thinner than wished", { otherLevel: 2, pin: 3 }, {}, "picture_voice"],
  ["text only, as wished", { otherLevel: 0, otherPin: 0 }, {}, "picture_text_wished"],
];
for (const [name, quality, other, expected] of pictures) {
  test(`in the picture's place: ${name}`, () => {
    const state = reduce(seated({ admitted: true }), { type: "link", link: "up" });
    const changed = { ...state, quality: { ...state.quality, ...quality }, others: [{ ...nur, ...other }] };
    assert.equal(pictureSentence(changed)?.key ?? null, expected);
  });
}

const START = Date.parse("2026-11-24T12:00:00Z");
const MINUTE = 60_000;
const waits: [string, Partial<Welcome>, number, string][] = [
  ["here", {}, START, "wait_here"],
  ["not yet", { others: [{ ...nur, here: false }] }, START - MINUTE, "wait_not_yet"],
  ["late", { others: [{ ...nur, here: false }] }, START + 3 * MINUTE, "wait_late"],
  ["elsewhere", { others: [{ ...nur, here: false }], status: { code: "elsewhere", late_minutes: 7, may_choose: false } }, START, "wait_elsewhere"],
];
for (const [name, changes, now, expected] of waits) {
  test(`waiting: ${name}`, () => assert.equal(waitingSentence(seated(changes), now).key, expected));
}

test("devices: refused, busy, none, in words", () => {
  const own = (microphone: string, camera: string) => deviceSentence({ ...seated(), own: { ...seated().own, microphone, camera } } as RoomState).key;
  assert.deepEqual(
    [own("on", "refused"), own("busy", "on"), own("none", "none"), own("refused", "none"), own("unsupported", "unsupported"), own("on", "on")],
    ["device_cam_refused", "device_mic_busy", "device_both_none", "device_both_refused", "device_unsupported", "device_ready"],
  );
});

const anchor: Anchor = { server: START, local: 5000, starts: START, ends: START + 50 * MINUTE };

test("the clock is the server's, whatever the browser's says", () => assert.equal(serverNow(anchor, 65_000), START + MINUTE));

for (const [minute, phase] of [[-1, "before"], [0, "opening"], [6.2, "opening"], [6.3, "working"], [39.9, "working"], [40, "closing"], [50, "over"]] as const) {
  test(`minute ${minute} is ${phase}`, () => assert.equal(phaseAt(anchor, START + minute * MINUTE), phase));
}

for (const [left, cue] of [[15.1, null], [15, 15], [14.1, 15], [14, null], [10, 10], [4.5, 5], [3, null]] as const) {
  test(`${left} minutes left: cue ${cue}`, () => assert.equal(cueAt(anchor, anchor.ends - left * MINUTE), cue));
}

test("minutes left, late, and the share of the arc", () => {
  assert.equal(minutesLeft(anchor, START + 20.5 * MINUTE), 30);
  assert.equal(minutesLeft(anchor, START - 2 * MINUTE), 2);
  assert.equal(minutesLate(anchor, START + 2.9 * MINUTE), 2);
  assert.equal(share(anchor, START + 25 * MINUTE), 0.5);
});

const card: CardState = { revision: 3, points: ["a"], tasks: [{ id: "7", text: "jalan", due_on: "2026-12-01" }], next: null, offers: [], additions: [], accepted_at: null, opened: true };

test("card: empty fields are not saved, and the same words are the same card", () => {
  const draft = { ...draftOf(card), points: [" a ", ""] };
  assert.equal(sameDraft(draft, draftOf(card)), true);
  assert.deepEqual(saveBody(draft, 3), { points: ["a"], tasks: card.tasks, next: null, revision: 3 });
});

test("card: a new task takes the server's id, also when typing went on meanwhile", () => {
  const sent = { points: [], tasks: [{ id: "", text: "", due_on: "" }, { id: "", text: "jal", due_on: "" }], next: null };
  const draft = { ...sent, tasks: [sent.tasks[0], { id: "", text: "jalan", due_on: "" }] } as typeof sent;
  assert.deepEqual(withIds(draft, sent, card).tasks[1], { id: "7", text: "jalan", due_on: "2026-12-01" });
});
