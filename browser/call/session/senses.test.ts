import assert from "node:assert/strict";
import { test } from "node:test";
import type { Sample } from "../connection/sample.js";
import { isNews, NOTHING_YET, sensed, type Sense, type Told } from "./senses.js";

const HALF = {
  seconds: 0.5, linkUp: true, path: "direct", audioPackets: 25, audioLost: 0, totalSamples: 24_000, concealed: 0, silentConcealed: 0,
  audioEnergy: 0.02, videoPackets: 20, framesDecoded: 7, frameHeight: 240, rtt: 300, outLoss: 0, available: null, sentBytes: 1, receivedBytes: 900,
  audioSent: 25, framesSent: 7,
} as const;
const on: Told = { mic: "on", moving: true };

/** One letter a half second: t talking, s silent, f no new picture, x nothing comes, and how it is sensed. */
function walk(story: string, told: Told = on): Sense[] {
  let senses = NOTHING_YET;
  return [...story].map((what, i) => {
    const glimpse: Sample = { ...HALF, at: 500 * (i + 1) };
    if (what === "s") Object.assign(glimpse, { audioEnergy: 0.000001, audioPackets: 2 });
    if (what === "f") Object.assign(glimpse, { framesDecoded: 0, videoPackets: 0 });
    if (what === "x") Object.assign(glimpse, { audioEnergy: 0, audioPackets: 0, framesDecoded: 0, videoPackets: 0, receivedBytes: 0 });
    senses = sensed(senses, glimpse, told);
    return senses.sense;
  });
}

const stories: [string, string, Told, Sense][] = [
  ["talk", "tttttt", on, "talking"],
  ["a breath is not silence", "ttsstt", on, "talking"],
  ["silence", "ttsss", on, "silence"],
  ["silence without a picture", "ttsss", { mic: "on", moving: false }, "silence"],
  ["one slow picture is not frozen", "ttfft", on, "talking"],
  ["frozen", "ttfff", on, "frozen"],
  ["no picture is sent, so none is missing", "ttfff", { mic: "on", moving: false }, "talking"],
  ["a short gap is not gone", "ttxxt", on, "talking"],
  ["gone", "ttxxx", on, "gone"],
  ["gone beats what was told before", "ttxxx", { mic: "off", moving: true }, "gone"],
  ["muted", "tss", { mic: "off", moving: true }, "muted"],
  ["on the phone", "tss", { mic: "taken", moving: true }, "phone"],
  ["back at once", "txxxxxxt", on, "talking"],
];
for (const [name, story, told, expected] of stories) {
  test(`senses: ${name}`, () => assert.equal(walk(story, told).at(-1), expected));
}

test("senses: each is told within two seconds", () => {
  for (const [what, sense] of [["s", "silence"], ["f", "frozen"], ["x", "gone"]] as const) {
    assert.ok(walk(`tt${what.repeat(4)}`).indexOf(sense) <= 5, sense);
  }
});

test("senses: a link that fell and sends nothing is gone at once", () => {
  const glimpse: Sample = { ...HALF, at: 500, linkUp: false, receivedBytes: 0 };
  assert.equal(sensed(NOTHING_YET, glimpse, on).sense, "gone");
});

test("senses: a pause in speech is drawn when it begins and once it is long, a lost line all the while", () => {
  const at = (sense: Sense, quiet = 0) => ({ ...NOTHING_YET, sense, quiet });
  assert.deepEqual(
    [isNews(at("talking"), at("silence", 1500), 0.5), isNews(at("silence", 1500), at("silence", 2000), 0.5), isNews(at("silence", 11_900), at("silence", 12_400), 0.5), isNews(at("silence", 12_400), at("silence", 12_900), 0.5), isNews(at("gone"), at("gone"), 0.5)],
    [true, false, true, false, true],
  );
});
