import assert from "node:assert/strict";
import { test } from "node:test";
import type { Sample } from "../connection/sample.js";
import { Listener } from "./report.js";

const SECOND = {
  at: 0, seconds: 1, linkUp: true, path: "direct", audioPackets: 50, audioLost: 1, audioMissed: 1, audioRuns: 0, totalSamples: 48_000, concealed: 960, silentConcealed: 0,
  audioEnergy: 0.04, videoPackets: 40, framesDecoded: 15, frameHeight: 240, rtt: 300, outLoss: 0, available: null, sentBytes: 1, receivedBytes: 20_000,
  audioSent: 50, saidEnergy: 0.04, framesSent: 15, framesCaptured: 20, answers: 0,
} as const satisfies Sample;
const nothing: Sample = { ...SECOND, audioPackets: 0, audioLost: 0, concealed: 48_000, framesDecoded: 0, receivedBytes: 0 };
/** The first sound after a gap tells all that was missed in it. */
const back: Sample = { ...SECOND, audioPackets: 20, audioLost: 130, concealed: 24_000, framesDecoded: 2 };

const stories: [string, Sample[], { loss: number | null; fps: number } | null][] = [
  ["a steady line", [SECOND, SECOND, SECOND, SECOND], { loss: 0.02, fps: 15 }],
  ["a line that loses much", [SECOND, { ...SECOND, audioLost: 50 }], { loss: 0.338, fps: 15 }],
  ["an outage is no loss of the line's", [SECOND, SECOND, nothing, nothing, back, SECOND, SECOND, SECOND], { loss: 0.02, fps: 15 }],
  ["while it lasts nothing is known", [SECOND, SECOND, nothing], null],
  ["nor before the line was seen for a while again", [SECOND, SECOND, nothing, back, SECOND, SECOND], null],
  ["sound that was sent again is not lost", [{ ...SECOND, audioLost: 5 }, { ...SECOND, audioLost: -5 }], { loss: 0, fps: 15 }],
];
for (const [name, samples, expected] of stories) {
  test(`report: ${name}`, () => {
    const listener = new Listener();
    for (const sample of samples) listener.add(sample);
    const report = listener.report();
    assert.deepEqual(report && { loss: report.loss, fps: report.fps }, expected);
  });
}
