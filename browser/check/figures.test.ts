import assert from "node:assert/strict";
import { test } from "node:test";
import { lineRate, oneWay, runs } from "./figures.js";

for (const [both, one] of [[0, 0], [0.19, 0.1], [0.0975, 0.05], [1, 1]] as const) {
  test(`${both} lost there and back is ${one} in one direction`, () => assert.equal(oneWay(both), one));
}

for (const [text, length] of [["++++", 1], ["+-+-+", 1], ["+---+-", 2], ["--++", 2], ["", 1]] as const) {
  test(`losses in a row of ${text || "nothing"}: ${length}`, () => assert.equal(runs([...text].map((sign) => sign === "+")), length));
}

const transfers: [string, Parameters<typeof lineRate>[0], number, number][] = [
  ["a short way without losses: as it was seen", { bytes: 150_000, ms: 400, rtt: 20, loss: 0 }, 3000, 3800],
  ["a thin line shows itself: slow beginnings hide in its queue", { bytes: 40_000, ms: 6000, rtt: 600, loss: 0 }, 53, 70],
  ["a long way: four round trips of beginning do not count", { bytes: 150_000, ms: 2600, rtt: 600, loss: 0 }, 1000, 2200],
  ["losses on a long way: the line takes more than TCP did", { bytes: 60_000, ms: 6000, rtt: 600, loss: 0.05 }, 160, 400],
  ["nothing came", { bytes: 0, ms: 6000, rtt: 600, loss: 0 }, 0, 0],
];
for (const [name, moved, least, most] of transfers) {
  test(`rate of a transfer: ${name}`, () => {
    const rate = lineRate(moved);
    assert.ok(rate >= least && rate <= most, `${rate} kbit/s`);
  });
}
