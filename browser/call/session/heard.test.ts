import assert from "node:assert/strict";
import { test } from "node:test";
import { deafFor, hasSound, isDeaf, listen, LISTENING, type Around, type Ear, type Stretch } from "./heard.js";

const well = { linkUp: true, audioPackets: 17, totalSamples: 48_000, concealed: 300, seconds: 1 };
const none = { ...well, audioPackets: 0, concealed: 48_000 };
const around: Around = { mic: true, live: true, here: true, online: true, left: false };

test("sound is heard where packets came and could be played", () => {
  const table: [string, typeof well, boolean][] = [
    ["speech", well, true],
    ["silence with packets", { ...well, concealed: 0 }, true],
    ["the murmur of a pause, played from comfort noise", { ...well, audioPackets: 3, concealed: 47_900 }, true],
    ["half of it missing", { ...well, audioPackets: 5, concealed: 24_000 }, true],
    ["no packet", none, false],
    ["packets, all too late", { ...well, concealed: 47_900 }, false],
    ["no link", { ...well, linkUp: false }, false],
    ["nothing played yet", { ...well, totalSamples: 0, concealed: 0 }, true],
    ["asleep for a minute, with a few packets after waking", { ...well, seconds: 60 }, false],
    ["a slow look with sound all the time", { ...well, seconds: 5, audioPackets: 80 }, true],
  ];
  for (const [name, sample, heard] of table) assert.equal(hasSound(sample), heard, name);
});

test("deaf: where sound should be there is none, or words have no way", () => {
  const down = { ...none, linkUp: false };
  const table: [string, typeof well, Partial<Around>, boolean][] = [
    ["all is well", well, {}, false],
    ["the other is muted", none, { mic: false }, false],
    ["spoken notes and text take other ways", none, { live: false }, false],
    ["the microphone is on and nothing comes", none, {}, true],
    ["the link is gone", down, {}, true],
    ["the link is gone, nobody speaks, the server carries words", down, { mic: false }, false],
    ["the link is gone, nobody speaks, the other is away", down, { mic: false, here: false }, true],
    ["the link is gone, nobody speaks, we are away", down, { mic: false, online: false }, true],
    ["her page went down and said so of its microphone, the link is not known to be gone", none, { mic: false, here: false }, true],
    ["gone by the door", down, { left: true, here: false }, false],
    ["the seat is gone but sound still comes", well, { here: false }, false],
  ];
  for (const [name, sample, facts, deaf] of table) assert.equal(isDeaf(sample, { ...around, ...facts }), deaf, name);
});

/** Looks once a second from 0 on; `deaf` gives the seconds in which nothing was heard. */
function run(deaf: (second: number) => boolean, seconds: number, start: Ear = LISTENING): { ear: Ear; told: Stretch[] } {
  let ear = start;
  const told: Stretch[] = [];
  for (let s = 0; s <= seconds; s++) {
    const step = listen(ear, 1000 * s, deaf(s));
    ear = step.ear;
    told.push(...step.told);
  }
  return { ear, told };
}
const joined = (told: Stretch[]): Stretch[] =>
  told.reduce<Stretch[]>((all, { from, to }) => {
    const last = all.at(-1);
    if (last?.to === from) last.to = to;
    else all.push({ from, to });
    return all;
  }, []);

test("a stretch runs from the last good look to the next", () => {
  assert.deepEqual(run((s) => s > 10 && s < 18, 30).told, [{ from: 10_000, to: 18_000 }]);
});

test("what is shorter than a breath is not told", () => {
  assert.deepEqual(run((s) => s > 10 && s < 13, 30).told, []);
  assert.deepEqual(run((s) => s > 10 && s < 14, 30).told, [{ from: 10_000, to: 14_000 }]);
});

test("a long one is told in pieces that join without a gap", () => {
  const { told } = run((s) => s > 10 && s < 75, 80);
  assert.equal(told.length, 7);
  assert.deepEqual(joined(told), [{ from: 10_000, to: 75_000 }]);
});

test("deaf from the first look on", () => {
  assert.deepEqual(run((s) => s < 8, 20).told, [{ from: 0, to: 8000 }]);
});

test("a reload goes on from what was kept", () => {
  const { ear } = run((s) => s > 10, 13);
  const kept = JSON.parse(JSON.stringify(ear)) as Ear;
  const { told } = listen(kept, 40_000, false);
  assert.deepEqual(told, [{ from: 10_000, to: 40_000 }]);
  assert.equal(deafFor(kept, 13_000), 3000);
  assert.equal(deafFor(LISTENING, 13_000), 0);
});
