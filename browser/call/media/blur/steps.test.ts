import assert from "node:assert/strict";
import { test } from "node:test";
import { begun, paced, type Pace, type Step } from "./steps.js";

/** Frames that take so long each, at most fifteen a second. */
function walk(pace: Pace, cost: number, ms: number): Pace {
  const start = pace.since;
  for (let now = start + Math.max(cost, 66); now <= start + ms; now += Math.max(cost, 66)) pace = paced(pace, cost, now);
  return pace;
}

const rows: [string, number, number, Step][] = [
  ["a quick device stays", 12, 60_000, "full"],
  ["just at the limit stays", 40, 60_000, "full"],
  ["too slow: the first step within two seconds", 45, 1800, "seldom"],
  ["still too slow: the second", 45, 3000, "plain"],
  ["too slow all along: off within five seconds", 45, 5000, "off"],
  ["very slow: off within five seconds", 600, 5000, "off"],
  ["off stays off", 5000, 20_000, "off"],
];
for (const [name, cost, ms, step] of rows) {
  test(name, () => assert.equal(walk(begun(0), cost, ms).step, step));
}

test("one slow frame among quick ones changes nothing", () => {
  let pace = begun(0);
  for (let i = 1; i <= 60; i++) pace = paced(pace, i === 20 ? 300 : 10, i * 66);
  assert.equal(pace.step, "full");
});

test("a step that is quick enough is kept", () => {
  const slow = walk(begun(0), 50, 1500);
  assert.equal(slow.step, "seldom");
  assert.equal(walk(slow, 20, 30_000).step, "seldom");
});
