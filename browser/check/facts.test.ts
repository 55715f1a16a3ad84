import assert from "node:assert/strict";
import { test } from "node:test";
import { lightOf, noiseOf, rounds } from "./facts.js";
import { split } from "./look.js";

for (const [db, expected] of [[-70, "quiet"], [-50.1, "quiet"], [-45, "some"], [-36, "loud"], [-20, "loud"]] as const) {
  test(`noise at ${db} dB is ${expected}`, () => assert.equal(noiseOf(db), expected));
}

for (const [middle, rim, expected] of [[120, 110, "fine"], [30, 40, "dark"], [40, 180, "behind"], [110, 190, "behind"], [240, 200, "bright"]] as const) {
  test(`light of ${middle} within ${rim} is ${expected}`, () => assert.equal(lightOf(middle, rim), expected));
}

test("pings: median, change from one to the next, share that never came back", () => {
  assert.deepEqual(rounds([100, 120, null, 110]), { rtt_ms: 110, jitter_ms: 15, loss: 0.25 });
  assert.deepEqual(rounds([null, null]), { rtt_ms: 0, jitter_ms: 0, loss: 1 });
  assert.deepEqual(rounds([100, 110, 420, 105]), { rtt_ms: 105, jitter_ms: 8, loss: 0.25 }, "TCP sent the third one again");
});

test("brightness of the middle and of the rim", () => {
  const pixels = Array.from({ length: 9 * 6 }, (_, i) => (i % 9 > 3 && i % 9 < 6 && i / 9 >= 2 && i / 9 < 5 ? 200 : 40)).flatMap((v) => [v, v, v, 255]);
  const { middle, rim } = split(pixels, 9, 6);
  assert.ok(Math.abs(middle - 200) < 1 && Math.abs(rim - 40) < 1, `${middle} ${rim}`);
});
