import assert from "node:assert/strict";
import { test } from "node:test";
import type { Sample } from "../connection/sample.js";
import { isNews, NOTHING_YET, OwnSilence, Sensing, sensed, type Sense, type Told } from "./senses.js";

const QUARTER = {
  seconds: 0.25, linkUp: true, path: "direct", audioPackets: 12, audioLost: 0, audioMissed: 0, audioRuns: 0, answers: 0, totalSamples: 12_000, concealed: 0, silentConcealed: 0,
  audioEnergy: 0.01, videoPackets: 10, framesDecoded: 4, frameHeight: 240, rtt: 300, outLoss: 0, available: null, sentBytes: 1, receivedBytes: 450,
  audioSent: 12, saidEnergy: 0.01, framesSent: 4, framesCaptured: 4,
} as const;
const NO_PICTURE = { framesDecoded: 0, videoPackets: 0 };
const level = (loud: number): Partial<Sample> => ({ audioEnergy: 0.25 * loud ** 2 });

/** A quarter of a second each. */
const LETTERS: Record<string, Partial<Sample>> = {
  t: {},
  s: { audioEnergy: 0.0000005, audioPackets: 1 }, // silent
  r: level(0.005), // a room with a fan, nobody speaking
  q: level(0.02), // a quiet voice
  f: NO_PICTURE,
  x: { audioEnergy: 0, audioPackets: 0, receivedBytes: 0, ...NO_PICTURE }, // nothing comes
  b: { audioEnergy: 0, audioPackets: 0, ...NO_PICTURE }, // it comes again, but no sound or picture yet
};
const on: Told = { mic: "on", moving: true, voice: true };
const off: Told = { ...on, mic: "off" };
const hushed: Told = { ...on, quiet: true };
const unseen: Told = { ...on, moving: false };

/** Told by a letter before it, for what follows: M muted, O open again. */
const TELLS: Record<string, Told> = { M: off, O: on };

function walk(story: string, first: Told = on): Sense[] {
  let [senses, told, at] = [NOTHING_YET, first, 0];
  const seen: Sense[] = [];
  for (const letter of story) {
    if (TELLS[letter]) told = TELLS[letter];
    else {
      senses = sensed(senses, { ...QUARTER, ...LETTERS[letter], at: (at += 250) }, told);
      seen.push(senses.sense);
    }
  }
  return seen;
}

const stories: [string, string, Told, Sense][] = [
  ["talk", "tttttttt", on, "talking"],
  ["a breath is not silence", "ttssstt", on, "talking"],
  ["nor is it while it lasts", "ttsss", on, "talking"],
  ["silence", "ttssss", on, "silence"],
  ["silence without a picture", "ttssss", unseen, "silence"],
  ["silence that the other side tells, once it is heard", "tts", hushed, "silence"],
  ["what she said before it is still to be heard", "tttt", hushed, "talking"],
  ["muted, whatever was told of a silence before", "tts", { ...hushed, mic: "off" }, "muted"],
  ["a picture that halts is not frozen", "ttfffftt", on, "talking"],
  ["frozen", "ttfffff", on, "frozen"],
  ["no picture is sent, so none is missing", "ttfffffff", unseen, "talking"],
  ["a short gap is not gone", "ttxxxx", on, "talking"],
  ["gone", "ttxxxxx", on, "gone"],
  ["gone beats what was told before", "ttxxxxx", off, "gone"],
  ["muted", "tss", off, "muted"],
  ["muted for long", "tssssssssss", off, "muted"],
  ["on the phone", "tss", { ...on, mic: "taken" }, "phone"],
  ["a headset that was pulled", "tss", { ...on, mic: "ended" }, "phone"],
  ["without a microphone there is no silence to tell", "tsssssss", { ...on, mic: "none" }, "talking"],
  ["without live voice there is none either", "tsssssss", { ...unseen, voice: false }, "talking"],
  ["between spoken notes nothing need come", "txxxxxxxxxxxx", { ...unseen, voice: false }, "talking"],
  ["between spoken notes nothing comes for long", `t${"x".repeat(32)}`, { ...unseen, voice: false }, "gone"],
  ["a microphone that ended sends nothing", "txxxxxxxx", { ...unseen, mic: "ended" }, "phone"],
  ["back at once", "txxxxxxt", on, "talking"],
];
for (const [name, story, told, expected] of stories) {
  test(`senses: ${name}`, () => assert.equal(walk(story, told).at(-1), expected));
}

/** What was shown, each once. */
const shown = (story: string, told: Told = on): Sense[] => walk(story, told).filter((sense, i, all) => sense !== all[i - 1]);

const passages: [string, string, Sense[]][] = [
  ["a line that goes is not first a silence", "tttxxxxxxx", ["talking", "gone"]],
  ["a line that is back is not silent before the first sound is there", "tttxxxxxxxbbbt", ["talking", "gone", "talking"]],
  ["nor frozen until the first picture had time to come", "tttxxxxxxxfffffffffft", ["talking", "gone", "talking"]],
  ["but frozen where none comes", "tttxxxxxxxffffffffffff", ["talking", "gone", "talking", "frozen"]],
  ["who opens the microphone again is not silent before she is heard", "ttMsssssssssOssst", ["talking", "muted", "talking"]],
  ["who opens it and says nothing is silent", "ttMsssssssssOsssss", ["talking", "muted", "talking", "silence"]],
  ["who falls silent and then mutes is muted", "ttsssssMss", ["talking", "silence", "muted"]],
];
for (const [name, story, expected] of passages) test(`senses: ${name}`, () => assert.deepEqual(shown(story), expected));

test("senses: each is told within two seconds, whenever it begins between two glimpses", () => {
  for (const [what, sense] of [["s", "silence"], ["f", "frozen"], ["x", "gone"]] as const) {
    // The quarter in which it began is not counted: what was heard in its first part hides it.
    const glimpses = 1 + walk(what.repeat(8)).indexOf(sense);
    assert.ok(250 * (glimpses + 1) <= 1500, sense);
  }
});

test("senses: silence in a room with a fan is one, as soon as the room is known", () => {
  const talk = "ttttrttttt".repeat(10);
  assert.equal(walk(talk).every((sense) => sense === "talking"), true);
  assert.equal(walk(`${talk}rrrrrr`).at(-1), "silence");
  assert.equal(walk("r".repeat(80)).at(-1), "silence", "heard from the first moment on");
});

test("senses: what has not come yet does not tell how loud the room is", () => {
  assert.equal(walk(`${"ttttrttttt".repeat(10)}xxxxxxxbbbtttrrrrr`).at(-1), "silence");
});

test("senses: a quiet voice is not taken for the room, however long it speaks", () => {
  assert.deepEqual(shown("q".repeat(400)), ["talking"]);
});

test("senses: what is heard of a muted room does not tell how loud it is", () => {
  assert.equal(sensed({ ...NOTHING_YET, room: 0.005 }, { ...QUARTER, ...LETTERS.s, at: 250 }, off).room, 0.005);
});

test("senses: a link that fell and sends nothing is gone at once", () => {
  const glimpse: Sample = { ...QUARTER, at: 250, linkUp: false, receivedBytes: 0 };
  assert.equal(sensed(NOTHING_YET, glimpse, on).sense, "gone");
});

test("senses: a pause in speech is drawn when it begins and once it is long, a lost line all the while", () => {
  const at = (sense: Sense, quiet = 0) => ({ ...NOTHING_YET, sense, quiet });
  assert.deepEqual(
    [isNews(at("talking"), at("silence", 1500), 0.5), isNews(at("silence", 1500), at("silence", 2000), 0.5), isNews(at("silence", 11_900), at("silence", 12_400), 0.5), isNews(at("silence", 12_400), at("silence", 12_900), 0.5), isNews(at("gone"), at("gone"), 0.5)],
    [true, false, true, false, true],
  );
});

test("senses: what the other sends decides what can be missed", () => {
  const last = (letter: string, other: object, sent: 0 | 2 | 5) => {
    const sensing = new Sensing();
    const seen = ["talking", ...Array.from({ length: 8 }, (_, i) => sensing.take({ ...QUARTER, ...LETTERS[letter], at: 250 * i }, other, sent)?.sense)];
    return seen.filter(Boolean).at(-1);
  };
  assert.equal(last("f", { mic: "on", cam: "on" }, 5), "frozen");
  assert.equal(last("f", { mic: "on", cam: "on" }, 2), "talking", "voice alone");
  assert.equal(last("f", { mic: "on", cam: "off" }, 5), "talking");
  assert.equal(last("f", { mic: "on", cam: "on", hidden: true }, 5), "talking", "a telephone stops the camera of a page out of sight");
  assert.equal(last("s", { mic: "on", cam: "off" }, 0), "talking", "they write");
});

/** What is told of one's own silence, by the letters above; C: the microphone is shut. */
function own(story: string): (boolean | null)[] {
  const silence = new OwnSilence();
  return [...story].map((letter) => silence.take({ ...QUARTER, at: 0, saidEnergy: LETTERS[letter]?.audioEnergy ?? QUARTER.audioEnergy }, letter !== "C")).filter((said) => said !== null);
}

test("senses: one's own silence is told when it begins and when it ends", () => {
  assert.deepEqual(own("ttssssssttsstt"), [true, false]);
});

test("senses: whoever shuts the microphone or was never heard has no silence to tell", () => {
  assert.deepEqual(own("ttCCCCCC"), []);
  assert.deepEqual(own("ttssssCCC"), [true, false]);
  assert.deepEqual(own("ssssssss"), [], "a browser that does not tell how loud we are");
});
