import assert from "node:assert/strict";
import { test } from "node:test";
import { kbit, lightOf, lineWord, noiseOf, report, rounds, verdictOf, type Facts, type Line } from "./facts.js";
import { split } from "./look.js";

const line = (changes: Partial<Line> = {}): Line => ({ rtt_ms: 60, jitter_ms: 10, loss: 0, down_kbit: 4000, up_kbit: 1500, ...changes });

const verdicts: [string, Facts, string][] = [
  ["a good line", { line: line(), path: "yes" }, "picture"],
  ["no path for media, however good the line", { line: line(), path: "no" }, "text"],
  ["3G in the country", { line: line({ rtt_ms: 320, down_kbit: 280, up_kbit: 260, loss: 0.05 }) }, "voice"],
  ["2G", { line: line({ rtt_ms: 700, down_kbit: 45, up_kbit: 40 }) }, "voice"],
  ["a line for writing only", { line: line({ down_kbit: 12, up_kbit: 10 }) }, "text"],
  ["every third ping lost", { line: line({ loss: 0.34 }) }, "text"],
  ["one ping in ten lost", { line: line({ loss: 0.1 }) }, "voice"],
  ["three seconds there and back", { line: line({ rtt_ms: 3000 }) }, "text"],
  ["restless", { line: line({ jitter_ms: 300 }) }, "voice"],
  ["no camera of one's own still sees", { line: line(), camera: "refused" }, "picture"],
  ["nothing to send with and a thin line", { line: line({ down_kbit: 100 }), camera: "none", microphone: "none" }, "text"],
  ["not measured yet", {}, "voice"],
];
for (const [name, facts, expected] of verdicts) {
  test(`verdict: ${name}`, () => assert.equal(verdictOf(facts), expected));
}

for (const [db, expected] of [[-70, "quiet"], [-50.1, "quiet"], [-45, "some"], [-36, "loud"], [-20, "loud"]] as const) {
  test(`noise at ${db} dB is ${expected}`, () => assert.equal(noiseOf(db), expected));
}

for (const [middle, rim, expected] of [[120, 110, "fine"], [30, 40, "dark"], [40, 180, "behind"], [110, 190, "behind"], [240, 200, "bright"]] as const) {
  test(`light of ${middle} within ${rim} is ${expected}`, () => assert.equal(lightOf(middle, rim), expected));
}

test("line words go down with the rate", () => {
  const words = [2000, 120, 40, 10].map((rate) => lineWord({ line: line({ down_kbit: rate, up_kbit: rate }) }));
  assert.deepEqual(words, ["good", "middling", "weak", "text"]);
});

test("pings: median, change from one to the next, share that never came back", () => {
  assert.deepEqual(rounds([100, 120, null, 110]), { rtt_ms: 110, jitter_ms: 15, loss: 0.25 });
  assert.deepEqual(rounds([null, null]), { rtt_ms: 0, jitter_ms: 0, loss: 1 });
  assert.equal(kbit(150_000, 1200), 1000);
});

test("the report holds what is known and nothing else", () => {
  assert.deepEqual(report({ path: "yes", camera: "on", luminance: 99, line: line() }), {
    verdict: "picture",
    facts: { rtt_ms: 60, jitter_ms: 10, loss: 0, down_kbit: 4000, up_kbit: 1500, camera: "on", light: 99, path: "yes" },
  });
});

test("brightness of the middle and of the rim", () => {
  const pixels = Array.from({ length: 9 * 6 }, (_, i) => (i % 9 > 3 && i % 9 < 6 && i / 9 >= 2 && i / 9 < 5 ? 200 : 40)).flatMap((v) => [v, v, v, 255]);
  const { middle, rim } = split(pixels, 9, 6);
  assert.ok(Math.abs(middle - 200) < 1 && Math.abs(rim - 40) < 1, `${middle} ${rim}`);
});
