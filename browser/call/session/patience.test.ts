import assert from "node:assert/strict";
import { test } from "node:test";
import type { Sample } from "../connection/sample.js";
import { Patience } from "./patience.js";

const second = (at: number, rtt: number, audioPackets: number, audioMissed: number, concealed = 0) =>
  ({ at: at * 1000, seconds: 1, rtt, audioPackets, audioMissed, audioRuns: Number(audioMissed > 1), totalSamples: 48_000, concealed, silentConcealed: 0 }) as Sample;

const after = (seconds: number, rtt: number, packets: number, lost: (at: number) => number, concealed = 0): number | null => {
  const patience = new Patience();
  let last: number | null = null;
  for (let at = 1; at <= seconds; at++) last = patience.add(second(at, rtt, packets, lost(at), concealed));
  return last;
};

const everyThird = (at: number): number => (at % 3 === 0 ? 1 : 0);

for (const [name, rtt, packets, lost, concealed, expected] of [
  ["far away, single losses, long packets: until the next one is there", 700, 8, everyThird, 0, 300],
  ["shorter packets come sooner", 700, 17, everyThird, 0, 180],
  ["far away and nothing lost: as the browser likes", 700, 8, () => 0, 0, null],
  ["near, single losses that redundancy mends", 200, 17, everyThird, 0, 180],
  ["near, losses in runs: until it was asked for again", 200, 17, (at: number) => 3 * everyThird(at), 1000, 600],
  ["near, bad luck with single losses: no longer for that", 200, 17, everyThird, 1000, 180],
] as const) {
  test(`patience: ${name}`, () => assert.equal(after(12, rtt, packets, lost, concealed), expected));
}

test("patience: a while without losses is no reason to hurry again", () => {
  assert.equal(after(30, 700, 8, (at) => (at < 10 ? 1 : 0)), 300);
  assert.equal(after(75, 700, 8, (at) => (at < 10 ? 1 : 0)), null);
});

test("patience: over TCP until what was lost was sent again, counted from the nearest that the other was", () => {
  const patience = new Patience();
  assert.deepEqual([690, 2400, 700, 1500].map((rtt, at) => patience.add(second(at, rtt, 8, 0), true)), [1500, 1500, 1500, 1500]);
  assert.equal(new Patience().add(second(1, 3000, 8, 0), true), 1600);
});

test("patience: where hurrying again brought the runs back, the next wait is longer", () => {
  const patience = new Patience();
  const waits: number[] = [];
  for (let at = 1; at <= 400; at++) {
    const hurried = (waits.at(-1) ?? 0) < 500;
    waits.push(patience.add(second(at, 200, 17, 2, hurried ? 1000 : 0), false) ?? 0);
  }
  const hurries = waits.flatMap((wait, at) => (wait < 500 && (waits[at - 1] ?? 600) >= 500 ? [at] : []));
  assert.deepEqual(hurries.map((at, i) => at - (hurries[i - 1] ?? 0)).slice(1), [64, 126]);
});
