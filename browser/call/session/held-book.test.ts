import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { Sample } from "../connection/sample.js";
import { atTheDoor } from "./door.js";
import { HeldBook, middleLevel } from "./held-book.js";
import { initial, type RoomState } from "./state.js";

for (const [seconds, level] of [[[0, 0, 60], 2], [[0, 0, 29, 0, 31], 4], [[0, 0, 31, 0, 29], 2], [[10, 0, 10, 0, 0, 30], 5], [[], 0]] as const) {
  test(`seconds at each level ${JSON.stringify(seconds)}: ${level} is the middle`, () => assert.equal(middleLevel(seconds), level));
}

test("at the door: the level that the rate is enough for, and MB of the whole session", () => {
  const hour = atTheDoor(300, 3_600_000);
  assert.equal(hour.level, 4);
  assert.ok(Math.abs(atTheDoor(300, 1_800_000).mb - hour.mb / 2) <= 1);
  assert.equal(atTheDoor(8, 3_600_000).level, 1);
});

function telling(kept: unknown[] = []) {
  const posted: { level: number }[][] = [];
  let held = kept;
  mock.method(globalThis, "fetch", (_url: string, { body }: { body: string }) => {
    posted.push((JSON.parse(body) as { held: { level: number }[] }).held);
    return Promise.resolve(new Response("{}", { status: 200 }));
  });
  const state = { ...initial({} as RoomState["me"]), seated: true, admitted: true };
  let sampled: (sample: Sample) => void = () => undefined;
  let changed: (state: RoomState, before: RoomState) => void = () => undefined;
  const session = {
    state, config: { urls: { held: "/held" }, csrf: "" },
    keep: { read: () => held, write: (_: string, value: unknown[] | null) => (held = value ?? []) },
    onSample: (listener: typeof sampled) => (sampled = listener),
    subscribe: (listener: typeof changed) => (changed = listener),
  };
  new HeldBook(session as never);
  const minutes = async (count: number, level: 3 | 4): Promise<void> => {
    state.quality = { ...state.quality, level };
    for (let s = 0; s < 60 * count; s++) sampled({ linkUp: true, seconds: 1, sentBytes: 100, receivedBytes: 100 } as Sample);
    await new Promise((done) => setImmediate(done));
  };
  const end = async (): Promise<void> => {
    changed({ ...state, final: "ended" }, state);
    await new Promise((done) => setImmediate(done));
  };
  return { posted, minutes, end, kept: () => held };
}

test("what a thin line held is told at the end, or with the first minute of a moving picture", async () => {
  const { posted, minutes, end, kept } = telling([{ key: "before a reload", level: 3, seconds: 60, bytes: 1 }]);
  await minutes(2, 3);
  assert.deepEqual([posted.length, kept().length], [0, 3]);
  await minutes(1, 4);
  assert.deepEqual([posted.map((rows) => rows.map(({ level }) => level)), kept().length], [[[3, 3, 3, 4]], 0]);
  await minutes(1, 3);
  await end();
  assert.deepEqual(posted.at(-1)?.map(({ level }) => level), [3]);
  mock.restoreAll();
});
