import assert from "node:assert/strict";
import { test } from "node:test";
import { RUNGS } from "../line/rungs.js";
import { lineWord, verdictOf, type Facts, type Line } from "./facts.js";
import { forecast, report, type Fix } from "./forecast.js";

const line = (changes: Partial<Line> = {}): Line => ({ rtt_ms: 60, jitter_ms: 10, loss: 0, burst: 1, down_kbit: 2000, up_kbit: 1500, route: "relay", ...changes });
const both = (kbit: number, changes: Partial<Line> = {}): Line => line({ down_kbit: kbit, up_kbit: kbit, ...changes });

const table: [string, Facts, number, Fix[]][] = [
  ["a good line", { line: line(), path: "yes" }, 5, []],
  ["3G in the country", { line: both(300, { rtt_ms: 320, loss: 0.03 }), path: "yes" }, 4, ["thin"]],
  ["2G", { line: both(50, { rtt_ms: 640, loss: 0.05 }), path: "yes" }, 3, ["lossy", "thin", "far"]],
  ["32 kbit/s", { line: both(32), path: "yes" }, 2, ["thin"]],
  ["16 kbit/s", { line: both(16), path: "yes" }, 2, ["thin"]],
  ["8 kbit/s: spoken messages", { line: both(8), path: "yes" }, 1, ["thin"]],
  ["the narrower direction counts", { line: line({ up_kbit: 45 }), path: "yes" }, 3, ["thin"]],
  ["no way for a call, however good the line", { line: line(), path: "no" }, 0, ["path"]],
  ["no way on a thin line: one thing helps", { line: both(20, { rtt_ms: 900, loss: 0.1 }), path: "no" }, 0, ["path"]],
  ["no way and nothing measured", { path: "no" }, 0, ["path"]],
  ["by TCP as much again by half is asked for", { line: both(150, { route: "relay-tcp" }), path: "yes" }, 3, ["tcp", "thin"]],
  ["one in ten lost, one at a time: it is borne", { line: both(300, { loss: 0.1 }), path: "yes" }, 4, ["lossy", "thin"]],
  ["one in ten lost, four in a row: a step back", { line: both(300, { loss: 0.1, burst: 4 }), path: "yes" }, 3, ["lossy", "thin"]],
  ["one in five lost: the thinnest voice", { line: line({ loss: 0.2 }), path: "yes" }, 2, ["lossy"]],
  ["one in three lost: no live voice", { line: line({ loss: 0.34 }), path: "yes" }, 1, ["lossy"]],
  ["others use the line", { line: both(300, { jitter_ms: 200 }), path: "yes" }, 4, ["busy", "thin"]],
  ["three at most, the weightiest first", { line: both(20, { loss: 0.1 }), path: "yes", tone: "not_heard", microphone: "none", noise: "loud" }, 2, ["microphone", "tone", "lossy"]],
];
for (const [name, facts, level, fixes] of table) {
  test(`forecast: ${name}`, () => {
    const found = forecast(facts, 50);
    assert.equal(found?.level, level);
    assert.deepEqual(found?.fixes.filter((fix) => fix !== "data"), fixes);
  });
}

test("nothing is foreseen before the line was measured", () => assert.equal(forecast({ camera: "on" }, 50), null));

test("each rung's own threshold decides, as in the room", () => {
  for (const { level, needs } of RUNGS.slice(1)) {
    assert.equal(forecast({ line: both(needs), path: "yes" }, 50)?.level, level);
    assert.ok((forecast({ line: both(needs - 0.1), path: "yes" }, 50)?.level ?? 9) <= level);
  }
});

test("MB follow the length of the session and the level", () => {
  const mb = (kbit: number, minutes: number) => forecast({ line: both(kbit), path: "yes" }, minutes)?.mb ?? 0;
  assert.ok(Math.abs(mb(300, 100) - 2 * mb(300, 50)) <= 1);
  assert.ok(mb(16, 50) < mb(40, 50) && mb(40, 50) < mb(300, 50) && mb(300, 50) < mb(2000, 50));
  assert.deepEqual(forecast({ line: both(2000), path: "yes" }, 60)?.mb, Math.round(forecast({ line: both(2000), path: "yes" }, 60)?.perHour[5] ?? 0));
});

test("words for a level", () => {
  assert.deepEqual(([5, 4, 3, 2, 1, 0] as const).map(lineWord), ["good", "middling", "weak", "weak", "text", "text"]);
  assert.deepEqual(([5, 4, 3, 2, 1, 0] as const).map(verdictOf), ["picture", "voice", "voice", "voice", "text", "text"]);
});

test("the report holds what is known and nothing else", () => {
  const facts: Facts = { path: "yes", camera: "on", luminance: 99, line: both(300) };
  const found = { level: 4, mb: 80, perHour: [], fixes: ["thin", "data"] } as const;
  assert.deepEqual(report(facts, { ...found, fixes: [...found.fixes], perHour: [] }), {
    verdict: "voice",
    facts: {
      rtt_ms: 60, jitter_ms: 10, loss: 0, burst: 1, down_kbit: 300, up_kbit: 300, route: "relay",
      camera: "on", light: 99, path: "yes", level: 4, mb: 80, fixes: "thin,data",
    },
  });
});
