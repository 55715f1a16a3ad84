import assert from "node:assert/strict";
import { test } from "node:test";
import { chosen } from "./codecs.js";
import { linkState } from "./peer-state.js";
import { parseFrame, type ServerFrame, type Welcome } from "./protocol.js";
import { follow } from "./resume.js";

const welcome = (changes: Partial<Welcome>): ServerFrame =>
  ({ t: "welcome", epoch: "e1", seq: 9, resumed: false, ...changes }) as ServerFrame;
const door = (seq: number): ServerFrame => ({ t: "door", open: true, seq });

const follows: [string, { epoch: string | null; seq: number }, ServerFrame, { epoch: string | null; seq: number }, boolean][] = [
  ["a first welcome sets the place", { epoch: null, seq: 0 }, welcome({}), { epoch: "e1", seq: 9 }, true],
  ["a resumed welcome waits for what was missed", { epoch: "e1", seq: 5 }, welcome({ resumed: true }), { epoch: "e1", seq: 5 }, true],
  ["another server's welcome starts afresh", { epoch: "e0", seq: 50 }, welcome({}), { epoch: "e1", seq: 9 }, true],
  ["the next frame is fresh", { epoch: "e1", seq: 5 }, door(6), { epoch: "e1", seq: 6 }, true],
  ["a frame seen before is not", { epoch: "e1", seq: 6 }, door(6), { epoch: "e1", seq: 6 }, false],
  ["a frame without number passes", { epoch: "e1", seq: 6 }, { t: "pong", n: 1 }, { epoch: "e1", seq: 6 }, true],
];
for (const [name, place, frame, expected, fresh] of follows) {
  test(name, () => assert.deepEqual(follow(place, frame), { place: expected, fresh }));
}

test("what is not a frame is none", () => {
  for (const text of ["", "[]", "{}", "null", '{"t":5}', new ArrayBuffer(2)]) assert.equal(parseFrame(text), null);
  assert.deepEqual(parseFrame('{"t":"pong","n":1}'), { t: "pong", n: 1 });
});

test("codecs: redundant speech first, nothing that is not needed, and all where the wanted one is missing", () => {
  const of = (...names: string[]) => names.map((mimeType) => ({ mimeType }));
  const names = (list: { mimeType: string }[]) => list.map(({ mimeType }) => mimeType);
  assert.deepEqual(names(chosen(of("audio/PCMU", "audio/opus", "audio/red"), ["audio/red", "audio/opus"])), ["audio/red", "audio/opus"]);
  assert.deepEqual(names(chosen(of("video/H264", "video/rtx"), ["video/vp8", "video/rtx"])), ["video/H264", "video/rtx"]);
});

test("states of a connection in words", () => {
  const states = ["new", "connecting", "connected", "disconnected", "failed", "closed"] as const;
  assert.deepEqual(states.map(linkState), ["connecting", "connecting", "up", "unsteady", "down", "none"]);
});
