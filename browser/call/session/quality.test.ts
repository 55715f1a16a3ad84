import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { fakeBuses, openBoth, type FakeBus } from "../../testing/fake-bus.js";
import { HEADERS } from "../../line/dispersion.js";
import { KIND } from "../connection/probe.js";
import type { Media } from "../connection/tuning.js";
import { Quality } from "./quality.js";

(mock.timers.enable as (wanted: unknown) => void).call(mock.timers, { apis: ["setInterval", "setTimeout"] }); // the types are older

interface Room {
  quality: Quality;
  other: FakeBus;
  /** What was to be sent, the last one last. */
  sent: Media[];
  rates: number[];
  answers: number[];
}

/** A side whose looks at the line are answered with `answers` in kbit/s, one after another. */
function waiting(answers: number[] = [], admitted = false): Room {
  const [bus, other] = fakeBuses();
  const sent: Media[] = [];
  const rates: number[] = [];
  other.onOnce(KIND, ([burst, index, count = 0]) => {
    if (index !== 0) return;
    const rate = answers.shift();
    const size = count === 3 ? 120 : count === 4 ? 280 : 1000;
    const at = Array.from({ length: count }, (_, i) => (i * (size + HEADERS) * 8) / (rate ?? 1));
    if (rate !== undefined) queueMicrotask(() => other.send("pre.probe", { burst, size, at: rate ? at : [0] }));
  });
  const quality = new Quality({
    bus,
    keep: { read: (_: string, otherwise: unknown) => otherwise, write: () => undefined } as never,
    admitted: () => admitted, seen: () => true, screen: () => false, beside: () => undefined, rest: () => undefined, patience: () => undefined,
    send: (media) => sent.push(media),
    tell: ({ rate }) => rate && rates.push(rate),
  });
  openBoth([bus, other]);
  return { quality, other, sent, rates, answers };
}

/** The first look, and no more of those that come by the clock. */
async function looked(answers: number[]): Promise<Room> {
  const room = waiting(answers);
  mock.timers.tick(0);
  for (let i = 0; i < 200; i++) await Promise.resolve();
  return room;
}

test("quality: while waiting, a look that tells of a thin line is taken again, and the best of three counts", async () => {
  assert.deepEqual((await looked([48, 62, 55, 999])).rates, [62]);
  assert.deepEqual((await looked([48, 44, 240, 260])).rates, [260], "then the long burst decides");
  assert.deepEqual((await looked([300, 290])).rates, [290], "wide enough at once: the long burst decides");
  assert.deepEqual((await looked([900, 0, 700])).rates, [519], "too little of that came: no full picture");
  assert.deepEqual((await looked([900, 0, 140])).rates, [140]);
});

test("quality: while waiting, the first look that tells of a thin line holds until others say better", async () => {
  const room = await looked([300, 290]);
  assert.equal(room.sent.at(-1)?.picture?.kbit, 110);
  // Those that only raise come first; of the last only the first is answered, and the next is long in coming.
  for (const [ms, ...answers] of [[1500, 300, 290], [2500, 300, 290], [8000, 9]] as [number, ...number[]][]) {
    room.answers.push(...answers);
    mock.timers.tick(ms);
    for (let i = 0; i < 200; i++) await Promise.resolve();
  }
  assert.deepEqual([room.sent.at(-1)?.picture, room.sent.at(-1)?.voice], [null, null]);
});

test("quality: while waiting, a line on which nothing comes back is one for a thin voice", async () => {
  assert.deepEqual((await looked([0, 0])).rates, [20]);
  assert.deepEqual((await looked([0, 45, 60, 58])).rates, [60], "the smaller one was answered");
});

test("quality: the browser measures the line where one of the two sends a full picture, and stops where none does", () => {
  const early = waiting();
  early.quality.refresh();
  assert.equal(early.sent.at(-1)?.measured, true, "while nothing is known and nothing sent");
  const { quality, other, sent } = waiting([], true);
  quality.refresh();
  const told = (level: number): boolean | undefined => {
    other.send("pre.level", level);
    return sent.at(-1)?.measured;
  };
  assert.deepEqual([sent.at(-1)?.measured, told(5), told(3), told(5)], [false, true, false, true]);
});

const sampled = (path: string) =>
  ({ at: performance.now(), linkUp: true, path, rtt: 300, seconds: 1, audioPackets: 0, audioLost: 0, audioMissed: 0, audioRuns: 0, totalSamples: 0, concealed: 0, silentConcealed: 0, sentBytes: 0, receivedBytes: 0 }) as never;

test("quality: one side's way over TCP is told, once, and counts for both", async () => {
  const { quality, other, sent } = await looked([300, 300]);
  const told: unknown[] = [];
  other.on("pre.tcp", (body) => told.push(body));
  assert.deepEqual([sent.at(-1)?.voice?.red, sent.at(-1)?.picture !== null], [true, true]);
  quality.onSample(sampled("relay-tcp"));
  quality.onSample(sampled("relay-tcp"));
  assert.deepEqual([told, sent.at(-1)?.voice?.red, sent.at(-1)?.picture], [[true], false, null]);
  quality.onSample(sampled("relay"));
  assert.deepEqual(told, [true, false]);
  const healthy = await looked([300, 300]);
  healthy.other.send("pre.tcp", true);
  healthy.quality.onSample(sampled("relay"));
  assert.deepEqual([healthy.sent.at(-1)?.voice?.red, healthy.sent.at(-1)?.picture], [false, null]);
});
