import assert from "node:assert/strict";
import { test } from "node:test";
import { ABORTS, isChecked, isRaised, MOST_RUNS, onTrust, untold, type PeerKind, type Trust, type TrustEvent } from "./trust.js";

const WORDS = ["akar", "awan", "kuda", "zebra"];
const proved = (peer: PeerKind = "new"): TrustEvent => ({ type: "proved", words: WORDS, peer, since: peer === "known" ? 5 : null, remembers: true });
const opened: TrustEvent = { type: "opened" };
const closed: TrustEvent = { type: "closed" };
const mine: TrustEvent = { type: "match", who: "me" };
const theirs: TrustEvent = { type: "match", who: "other" };
const after = (...events: TrustEvent[]): Trust => events.reduce(onTrust, untold());
const told = (trust: Trust) => [trust.is, isChecked(trust), isRaised(trust)];

const TABLE: [string, TrustEvent[], [Trust["is"], boolean, boolean]][] = [
  // what happened, what it is, whether it may be called checked, whether it is shown unasked
  ["nothing", [], ["none", false, false]],
  ["connected", [opened], ["running", false, false]],
  ["words, unread", [opened, proved()], ["words", false, false]],
  ["only I say they match", [opened, proved(), mine], ["words", false, false]],
  ["only the other says so", [opened, proved(), theirs], ["words", false, false]],
  ["both say so", [opened, proved(), mine, theirs], ["words", true, false]],
  ["both, the other first", [opened, proved(), theirs, mine], ["words", true, false]],
  ["a device that was confirmed before", [opened, proved("known")], ["words", true, false]],
  ["another device", [opened, proved("changed")], ["words", false, true]],
  ["another device, both say they match", [opened, proved("changed"), mine, theirs], ["words", true, false]],
  ["a match before there are words", [opened, mine, theirs, proved()], ["words", false, false]],
  ["the connection ends", [opened, proved(), mine, theirs, closed], ["none", false, false]],
  ["a new connection has to be checked anew", [opened, proved(), mine, theirs, closed, opened, proved()], ["words", false, false]],
  ["a new connection without a word of the old one's end", [opened, proved(), mine, theirs, opened], ["running", false, false]],
  ["another certificate ends it", [opened, proved("known"), { type: "aborted", why: "certificate" }], ["aborted", false, true]],
  ["another certificate before anything", [{ type: "aborted", why: "certificate" }], ["aborted", false, true]],
  ["any other reason before anything is nothing", [{ type: "aborted", why: "garbled" }], ["none", false, false]],
  ["no retry within one connection", [opened, { type: "aborted", why: "signature" }, proved("known"), mine, theirs], ["aborted", false, true]],
  ["they differ", [opened, proved(), { type: "differ", who: "me" }], ["stopped", false, false]],
  ["the other says they differ", [opened, proved("known"), { type: "differ", who: "other" }], ["stopped", false, false]],
  ["stopped outlives everything but asking", [opened, proved(), { type: "differ", who: "me" }, closed, opened, proved("known"), mine, theirs], ["stopped", false, false]],
  ["asked for anew", [opened, proved(), { type: "differ", who: "me" }, { type: "resumed" }], ["none", false, false]],
  ["no cryptography", [opened, { type: "no_crypto" }], ["unavailable", false, false]],
];

for (const [what, events, expected] of TABLE) {
  test(`trust: ${what}`, () => assert.deepEqual(told(after(...events)), expected));
}

test("trust: every way of breaking off is shown, checked or not", () => {
  for (const why of ABORTS) {
    for (const before of [[opened], [opened, proved()], [opened, proved("known")], [opened, proved(), mine, theirs]]) {
      const trust = after(...before, { type: "aborted", why });
      assert.deepEqual([...told(trust), trust.why, trust.words], ["aborted", false, true, why, []]);
    }
  }
});

test("trust: connections are counted, and after too many the words are worth nothing", () => {
  let trust = untold();
  for (let i = 0; i < MOST_RUNS; i++) trust = onTrust(onTrust(trust, closed), opened);
  assert.deepEqual([trust.is, trust.run], ["running", MOST_RUNS]);
  trust = onTrust(onTrust(trust, closed), opened);
  assert.deepEqual([trust.is, trust.without], ["unavailable", "too_many"]);
  assert.equal(onTrust(trust, proved("known")).is, "unavailable");
});
