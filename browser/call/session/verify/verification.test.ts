import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeBuses, type FakeBus } from "../../../testing/fake-bus.js";
import { toolsOf, identityOf, type Identity, type Peer } from "./identity.js";
import { isChecked } from "./trust.js";
import { same, type Bytes } from "./transcript.js";
import { Verification } from "./verification.js";

const print = (byte: string): string => Array(32).fill(byte).join(":");

/** A device whose browser keeps things, without a browser. */
async function device(): Promise<{ id: Bytes; peers: Peer[]; identity: typeof identityOf }> {
  const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const id = new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey));
  const peers: Peer[] = [];
  const without = (gone: Bytes) => peers.splice(0, peers.length, ...peers.filter((peer) => !same(peer.id, gone)));
  const identity = async (): Promise<Identity> => ({
    id, remembers: true, peers: [...peers], tools: toolsOf(keys.privateKey),
    remember: async (peer, on) => void (without(peer), peers.push({ id: peer, on })),
    forget: async (peer) => void without(peer),
  });
  return { id, peers, identity };
}
type Device = Awaited<ReturnType<typeof device>>;

interface Seat {
  bus: FakeBus;
  verification: Verification;
  did: string[];
}

function seat(bus: FakeBus, role: "counsellor" | "client", of: Device | null, used: { mine: string; theirs: string } | null = null): Seat {
  const did: string[] = [];
  const verification = new Verification({
    bus, code: "TT7M2Q", role,
    pair: () => (role === "client" ? { me: 1, other: 2 } : { me: 2, other: 1 }),
    certificates: async () => used,
    now: () => 777,
    stop: () => void did.push("stop"),
    anew: () => void did.push("anew"),
    identity: of?.identity ?? identityOf,
  });
  return { bus, verification, did };
}

let sessions = 0;
function connect(a: Seat, b: Seat, fingerprints = { a: print("AA"), b: print("BB") }): void {
  const id = String(++sessions);
  const [mine, theirs] = [fingerprints.a, fingerprints.b];
  b.bus.open({ id: `b${id}`, offerer: false, fingerprints: { mine: theirs, theirs: mine } });
  a.bus.open({ id: `a${id}`, offerer: true, fingerprints: { mine, theirs } });
}

function disconnect(a: Seat, b: Seat): void {
  a.bus.close();
  b.bus.close();
}

/** Until both have come to rest somewhere; the test's own limit ends what never does. */
async function settled(...seats: Seat[]): Promise<void> {
  const restless = ({ verification: { trust } }: Seat) => trust.is === "running" || trust.is === "none";
  while (seats.some(restless)) await new Promise((done) => setTimeout(done, 1));
}
async function until(fact: () => boolean): Promise<void> {
  while (!fact()) await new Promise((done) => setTimeout(done, 1));
}

async function pair(of: { a?: Device | null; b?: Device | null } = {}): Promise<[Seat, Seat]> {
  const [one, two] = fakeBuses();
  return [
    seat(one, "counsellor", of.a === undefined ? await device() : of.a),
    seat(two, "client", of.b === undefined ? await device() : of.b),
  ];
}
const is = ({ verification: { trust } }: Seat): string => (trust.why ? `${trust.is}: ${trust.why}` : trust.is);
const agree = async (a: Seat, b: Seat): Promise<void> => {
  for (const one of [a, b]) one.verification.match(one.verification.trust.run);
  await until(() => isChecked(a.verification.trust) && isChecked(b.verification.trust));
  await new Promise((done) => setTimeout(done, 5));
};

test("two browsers come to the same words, and both have to say so", { timeout: 30_000 }, async () => {
  const [a, b] = await pair();
  connect(a, b);
  await settled(a, b);
  assert.deepEqual(a.verification.trust.words, b.verification.trust.words);
  assert.equal(a.verification.trust.peer, "new");
  a.verification.match(1);
  await until(() => b.verification.trust.theirs);
  assert.equal(isChecked(a.verification.trust) || isChecked(b.verification.trust), false);
  b.verification.match(1);
  await until(() => isChecked(a.verification.trust) && isChecked(b.verification.trust));
});

test("the pair is remembered: in a new connection nothing need be read", { timeout: 30_000 }, async () => {
  const of = { a: await device(), b: await device() };
  const [a, b] = await pair(of);
  connect(a, b);
  await settled(a, b);
  assert.equal(of.a.peers.length + of.b.peers.length, 0);
  await agree(a, b);
  assert.deepEqual([of.a.peers, of.b.peers], [[{ id: of.b.id, on: 777 }], [{ id: of.a.id, on: 777 }]]);
  const words = a.verification.trust.words;
  disconnect(a, b);
  assert.equal(is(a), "none");
  connect(a, b, { a: print("A1"), b: print("B1") });
  await settled(a, b);
  assert.deepEqual([a.verification.trust.peer, a.verification.trust.since, isChecked(a.verification.trust)], ["known", 777, true]);
  assert.notDeepEqual(a.verification.trust.words, words);
});

test("one side's word is not enough to be remembered", { timeout: 30_000 }, async () => {
  const of = { a: await device(), b: await device() };
  const [a, b] = await pair(of);
  connect(a, b);
  await settled(a, b);
  a.verification.match(1);
  await until(() => b.verification.trust.theirs);
  assert.equal(of.a.peers.length + of.b.peers.length, 0);
});

test("another device of the other's is raised, and once read it is remembered beside the first", { timeout: 30_000 }, async () => {
  const [laptop, phone, tablet] = [await device(), await device(), await device()];
  const first = await pair({ a: laptop, b: phone });
  connect(...first);
  await settled(...first);
  await agree(...first);
  const second = await pair({ a: laptop, b: tablet });
  connect(...second);
  await settled(...second);
  assert.deepEqual(second.map(({ verification: { trust } }) => trust.peer), ["changed", "new"]);
  assert.equal(isChecked(second[0].verification.trust), false);
  await agree(...second);
  assert.deepEqual(laptop.peers.map(({ id }) => id), [phone.id, tablet.id]);
  for (const again of [phone, tablet]) {
    const third = await pair({ a: laptop, b: again });
    connect(...third);
    await settled(...third);
    assert.deepEqual(third.map(({ verification: { trust } }) => trust.peer), ["known", "known"]);
  }
});

test("a browser that keeps nothing checks all the same, and says so", { timeout: 30_000 }, async () => {
  const [a, b] = await pair({ a: null }); // node has no IndexedDB: storage refused
  connect(a, b);
  await settled(a, b);
  assert.deepEqual([is(a), a.verification.trust.remembers, b.verification.trust.remembers], ["words", false, true]);
  await agree(a, b);
  disconnect(a, b);
  const again = await pair({ a: null });
  connect(...again);
  await settled(...again);
  assert.equal(again[0].verification.trust.peer, "new");
});

test("an opening told twice is one check", { timeout: 30_000 }, async () => {
  const [a, b] = await pair();
  connect(a, b);
  await settled(a, b);
  const session = a.bus.session;
  assert.ok(session);
  a.bus.open(session);
  await new Promise((done) => setTimeout(done, 10));
  assert.deepEqual([is(a), is(b), a.verification.trust.run], ["words", "words", 1]);
});

test("words that have changed meanwhile are neither confirmed nor refused by the press meant for the old ones", { timeout: 30_000 }, async () => {
  const [a, b] = await pair();
  connect(a, b);
  await settled(a, b);
  disconnect(a, b);
  connect(a, b);
  await settled(a, b);
  a.verification.match(1);
  a.verification.stop(1);
  assert.deepEqual([is(a), a.verification.trust.mine], ["words", false]);
});

test("they differ: both sides stop, both are told by whom, and what was remembered is forgotten", { timeout: 30_000 }, async () => {
  const of = { a: await device(), b: await device() };
  const [a, b] = await pair(of);
  connect(a, b);
  await settled(a, b);
  await agree(a, b);
  b.verification.stop(1);
  assert.deepEqual([is(a), a.verification.trust.stoppedBy, a.did], ["stopped", "other", ["stop"]]);
  assert.deepEqual([is(b), b.verification.trust.stoppedBy, b.did], ["stopped", "me", ["stop"]]);
  await until(() => of.a.peers.length + of.b.peers.length === 0);
});

test("stopped stays stopped until each has asked for a new connection", { timeout: 30_000 }, async () => {
  const [a, b] = await pair();
  connect(a, b);
  await settled(a, b);
  a.verification.stop(1);
  disconnect(a, b);
  a.verification.anew();
  assert.deepEqual([is(a), a.did, is(b), b.did], ["none", ["stop", "anew"], "stopped", ["stop"]]);
  b.verification.anew();
  connect(a, b);
  await settled(a, b);
  assert.deepEqual([is(a), is(b)], ["words", "words"]);
});

test("a stop that was kept over a reload holds", () => {
  const [bus] = fakeBuses();
  const kept = new Verification({ bus, code: "X", role: "client", pair: () => null, certificates: async () => null, now: () => 0, stop: () => undefined, anew: () => undefined }, "other");
  bus.open({ id: "x", offerer: false, fingerprints: { mine: print("AA"), theirs: print("BB") } });
  assert.deepEqual([kept.trust.is, kept.trust.stoppedBy, kept.stopped], ["stopped", "other", true]);
});

const BROKEN: [string, (a: Seat, b: Seat) => void, string, string][] = [
  ["a middle that shows each its own certificate", (a, b) => {
    b.bus.open({ id: "mb", offerer: false, fingerprints: { mine: print("BB"), theirs: print("C1") } });
    a.bus.open({ id: "ma", offerer: true, fingerprints: { mine: print("AA"), theirs: print("C2") } });
  }, "aborted: other", "aborted: commitment"],
  ["a fingerprint that is none", (a, b) => connect(a, b, { a: "AA", b: print("BB") }), "aborted: certificate", "aborted: certificate"],
  ["another certificate in a later description", (a, b) => {
    connect(a, b);
    a.verification.certificateChanged();
  }, "aborted: certificate", "aborted: other"],
  ["nonsense over the bus", (a, b) => {
    connect(a, b);
    b.bus.hear("pre.words.commit", { attempt: "x" });
  }, "aborted: other", "aborted: garbled"],
];
for (const [what, act, atA, atB] of BROKEN) {
  test(`broken off and shown on both sides: ${what}`, { timeout: 30_000 }, async () => {
    const [a, b] = await pair();
    act(a, b);
    const done = () => is(a).startsWith("aborted") && is(b).startsWith("aborted");
    await until(done);
    assert.deepEqual([is(a), is(b)], [atA, atB]);
    a.verification.anew();
    assert.deepEqual(a.did, ["anew"]);
  });
}

test("the encryption itself uses another certificate than the descriptions promise", { timeout: 30_000 }, async () => {
  const [one, two] = fakeBuses();
  const a = seat(one, "counsellor", await device(), { mine: print("AA"), theirs: print("EE") });
  const b = seat(two, "client", await device(), { mine: print("BB"), theirs: print("AA") });
  connect(a, b);
  await settled(a, b);
  assert.deepEqual([is(a), is(b)], ["aborted: certificate", "aborted: other"]);
});

test("what does not belong to a check is not heard", { timeout: 30_000 }, async () => {
  const [a, b] = await pair();
  for (const body of [null, 7, "x", {}, { match: "yes" }, { match: 1 }]) b.bus.hear("pre.words.said", body);
  connect(a, b);
  await settled(a, b);
  for (const body of [null, 7, "x", {}, { match: "yes" }, { match: 1 }]) b.bus.hear("pre.words.said", body);
  await new Promise((done) => setTimeout(done, 5));
  assert.deepEqual([is(b), b.verification.trust.theirs], ["words", false]);
});

test("no answer within a minute is told", { timeout: 30_000 }, async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] } as never); // the types are of an older node
  const [bus] = fakeBuses();
  const alone = seat(bus, "counsellor", await device());
  bus.open({ id: "alone", offerer: true, fingerprints: { mine: print("AA"), theirs: print("BB") } });
  t.mock.timers.tick(60_000);
  while (is(alone) === "running") await new Promise((done) => setImmediate(done));
  assert.equal(is(alone), "aborted: silent");
});

test("other channels of the same encryption: what was read stands, and what was not told is told", async () => {
  const [a, b] = await pair();
  connect(a, b);
  await settled(a, b);
  const { words } = a.verification.trust;
  const [ofA, ofB] = [a.bus.session, b.bus.session];
  assert.ok(ofA && ofB);
  disconnect(a, b);
  a.verification.match(a.verification.trust.run);
  assert.deepEqual([is(a), is(b)], ["none", "none"]);
  b.bus.open(ofB);
  a.bus.open(ofA);
  assert.deepEqual([is(a), is(b), a.verification.trust.words], ["words", "words", words]);
  a.verification.match(a.verification.trust.run);
  disconnect(a, b);
  b.bus.open(ofB);
  a.bus.open(ofA);
  await agree(a, b);
});

test("other channels of the same encryption do not hide a check that was broken off", async () => {
  const [a, b] = await pair();
  connect(a, b);
  await settled(a, b);
  const [ofA, ofB] = [a.bus.session, b.bus.session];
  assert.ok(ofA && ofB);
  a.verification.certificateChanged();
  await until(() => a.verification.trust.is === "aborted");
  const before = is(a);
  disconnect(a, b);
  b.bus.open(ofB);
  a.bus.open(ofA);
  assert.equal(is(a), before);
});
