import assert from "node:assert/strict";
import { test } from "node:test";
import { atTheDoor } from "./door.js";
import { middleLevel } from "./held-book.js";

for (const [seconds, level] of [[[0, 0, 60], 2], [[0, 0, 29, 0, 31], 4], [[0, 0, 31, 0, 29], 2], [[10, 0, 10, 0, 0, 30], 5], [[], 0]] as const) {
  test(`seconds at each level ${JSON.stringify(seconds)}: ${level} is the middle`, () => assert.equal(middleLevel(seconds), level));
}

test("at the door: the level that the rate is enough for, and MB of the whole session", () => {
  const hour = atTheDoor(300, 3_600_000);
  assert.equal(hour.level, 4);
  assert.ok(Math.abs(atTheDoor(300, 1_800_000).mb - hour.mb / 2) <= 1);
  assert.equal(atTheDoor(8, 3_600_000).level, 1);
});
