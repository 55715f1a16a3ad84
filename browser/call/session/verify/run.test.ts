import assert from "node:assert/strict";
import { test } from "node:test";
import { toolsOf } from "./identity.js";
import { begin, receive, type Frame, type FrameKind, type Me, type Run, type Tools } from "./run.js";
import { commitmentOf, fromFingerprint, fromHex, pack, toHex, transcriptOf, wordsOf, type Bytes, type Ground, type Side } from "./transcript.js";

const filled = (length: number, value: number): Bytes => new Uint8Array(length).fill(value);
const GROUND: Ground = { code: "TT7M2Q", attempt: 1, fa: filled(32, 1), fb: filled(32, 2) };

interface End {
  me: Me;
  tools: Tools;
  run: Run;
}

async function end(side: Side, ground: Ground = GROUND): Promise<End> {
  const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const identity = new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey));
  return { me: { side, ground, identity }, tools: toolsOf(keys.privateKey), run: { at: "listening" } };
}

async function start(one: End): Promise<Frame[]> {
  const step = await begin(one.me, one.tools);
  one.run = step.run;
  return step.send;
}

async function hear(one: End, kind: FrameKind, body: unknown): Promise<Frame[]> {
  const step = await receive(one.me, one.run, { kind, body }, one.tools);
  one.run = step.run;
  return step.send;
}

type Change = (frame: Frame, from: Side, a: End, b: End) => { kind: FrameKind; body: unknown }[];

/** Carries frames to and fro until nobody says anything more; the table's change sits on the line. */
async function talk(a: End, b: End, change: Change = (frame) => [frame]): Promise<void> {
  const line: [Side, { kind: FrameKind; body: unknown }][] = [];
  const put = (from: Side, frames: Frame[]) => {
    for (const frame of frames) for (const each of change(frame, from, a, b)) line.push([from, each]);
  };
  put("a", await start(a));
  put("b", await start(b));
  for (let next = line.shift(); next; next = line.shift()) {
    const [from, { kind, body }] = next;
    put(from === "a" ? "b" : "a", await hear(from === "a" ? b : a, kind, body));
  }
}

const where = ({ run }: End): string => (run.at === "aborted" ? `aborted: ${run.why}` : run.at);

test("two honest ends prove themselves and see the same words", async () => {
  const [a, b] = [await end("a"), await end("b")];
  await talk(a, b);
  assert.deepEqual([where(a), where(b)], ["proved", "proved"]);
  assert.ok(a.run.at === "proved" && b.run.at === "proved");
  assert.deepEqual(wordsOf(a.run.hash), wordsOf(b.run.hash));
  assert.equal(new Set(wordsOf(a.run.hash)).has(""), false);
  assert.deepEqual([a.run.peer, b.run.peer], [b.me.identity, a.me.identity]);
});

test("each check has words of its own", async () => {
  const seen = new Set<string>();
  for (let i = 0; i < 20; i++) {
    const [a, b] = [await end("a"), await end("b")];
    await talk(a, b);
    if (a.run.at === "proved") seen.add(toHex(a.run.hash));
  }
  assert.equal(seen.size, 20);
});

test("nothing is revealed before the other is bound", async () => {
  const [a, b] = [await end("a"), await end("b")];
  const order: string[] = [];
  await talk(a, b, (frame, from) => {
    order.push(`${from} ${frame.kind} ${Object.keys(frame.body).sort().join()}`);
    return [frame];
  });
  assert.deepEqual(order, ["a commit attempt,c", "b nonce id,n", "a reveal id,n", "a sign s", "b sign s"]);
});

const swap = (kind: FrameKind, from: Side, field: string, value: (old: string) => unknown): Change => (frame, who) =>
  frame.kind === kind && who === from ? [{ kind, body: { ...frame.body, [field]: value(String(frame.body[field])) } }] : [frame];
const flip = (hex: string): string => (hex.startsWith("0") ? "1" : "0") + hex.slice(1);
const other = await end("a");
const strange = toHex(other.me.identity);
const zeros = (length: number) => () => "00".repeat(length);

const ABORTS: [string, Change, string, string][] = [
  // what happens on the line, what it is, where a ends, where b ends
  ["the commitment is another", swap("commit", "a", "c", flip), "agreed", "aborted: commitment"],
  ["the number of the attempt is another", swap("commit", "a", "attempt", () => 2), "agreed", "aborted: commitment"],
  ["a reveals another number", swap("reveal", "a", "n", flip), "agreed", "aborted: commitment"],
  ["a reveals another identity", swap("reveal", "a", "id", () => strange), "agreed", "aborted: commitment"],
  ["b's number is changed on the way", swap("nonce", "b", "n", flip), "aborted: signature", "aborted: signature"],
  ["b's identity is changed on the way", swap("nonce", "b", "id", () => strange), "aborted: signature", "aborted: signature"],
  ["a's signature is another", swap("sign", "a", "s", flip), "proved", "aborted: signature"],
  ["b's signature is another", swap("sign", "b", "s", flip), "aborted: signature", "proved"],
  ["an identity that is no point of the curve", swap("nonce", "b", "id", zeros(65)), "aborted: signature", "aborted: signature"],
  ["a's commitment is no text", swap("commit", "a", "c", () => 7), "committed", "aborted: garbled"],
  ["a's commitment is short", swap("commit", "a", "c", (c) => c.slice(2)), "committed", "aborted: garbled"],
  ["the attempt is no number", swap("commit", "a", "attempt", (n) => n), "committed", "aborted: garbled"],
  ["the attempt is below one", swap("commit", "a", "attempt", () => 0), "committed", "aborted: garbled"],
  ["b's number is too long", swap("nonce", "b", "n", (n) => n + "00"), "aborted: garbled", "answered"],
  ["b's number is in capitals", swap("nonce", "b", "n", () => "AB".repeat(32)), "aborted: garbled", "answered"],
  ["b's identity is missing", swap("nonce", "b", "id", () => undefined), "aborted: garbled", "answered"],
  ["a's identity is short", swap("reveal", "a", "id", (id) => id.slice(2)), "agreed", "aborted: garbled"],
  ["the signature is empty", swap("sign", "a", "s", () => ""), "proved", "aborted: garbled"],
  ["a frame is no object", (frame, from) => (frame.kind === "nonce" && from === "b" ? [{ kind: "nonce", body: "x" }] : [frame]), "aborted: garbled", "answered"],
  ["a frame is null", (frame, from) => (frame.kind === "reveal" && from === "a" ? [{ kind: "reveal", body: null }] : [frame]), "agreed", "aborted: garbled"],
  ["the commitment comes twice", (frame, from) => (frame.kind === "commit" && from === "a" ? [frame, frame] : [frame]), "agreed", "aborted: order"],
  ["b answers twice", (frame, from) => (frame.kind === "nonce" && from === "b" ? [frame, frame] : [frame]), "aborted: order", "proved"],
  ["a signs before it reveals", (frame, from) => (frame.kind === "reveal" && from === "a" ? [] : [frame]), "agreed", "aborted: order"],
  ["a second check is begun in the same connection", (frame, from, a) => (frame.kind === "sign" && from === "a" ? [frame, { kind: "commit", body: { attempt: a.me.ground.attempt, c: "00".repeat(32) } }] : [frame]), "proved", "aborted: order"],
  ["b's own number comes back to it", (frame, from, _a, b) => (frame.kind === "reveal" && from === "a" && b.run.at === "answered" ? [{ kind: "reveal", body: { ...frame.body, n: toHex(b.run.nonce) } }] : [frame]), "agreed", "aborted: reflected"],
  ["a's own identity comes back to it", (frame, from, a) => (frame.kind === "nonce" && from === "b" ? [{ kind: "nonce", body: { ...frame.body, id: toHex(a.me.identity) } }] : [frame]), "aborted: reflected", "answered"],
];

for (const [what, change, atA, atB] of ABORTS) {
  test(`broken off where ${what}`, async () => {
    const [a, b] = [await end("a"), await end("b")];
    await talk(a, b, change);
    assert.deepEqual([where(a), where(b)], [atA, atB]);
  });
}

test("ends that do not see the same certificates find it at the commitment", async () => {
  for (const changed of [{ fa: filled(32, 9) }, { fb: filled(32, 9) }, { code: "TT7M2R" }]) {
    const [a, b] = [await end("a"), await end("b", { ...GROUND, ...changed })];
    await talk(a, b);
    assert.equal(where(b), "aborted: commitment");
  }
});

test("after a check was broken off nothing more is listened to", async () => {
  const [a, b] = [await end("a"), await end("b")];
  await talk(a, b, swap("commit", "a", "c", flip));
  const [commit] = await start(a);
  assert.deepEqual(await hear(b, "commit", commit?.body), []);
  assert.equal(where(b), "aborted: commitment");
});

test("two sides of the same kind never agree", async () => {
  const [a, b] = [await end("a"), await end("a")];
  await talk(a, b);
  assert.deepEqual([where(a), where(b)], ["aborted: order", "aborted: order"]);
});

test("no two sets of fields make the same bytes", () => {
  const sets = [["ab", "c"], ["a", "bc"], ["abc"], ["", "abc"], ["abc", ""], ["a", "b", "c"]];
  assert.equal(new Set(sets.map((fields) => toHex(pack(...fields)))).size, sets.length);
  const [n, m] = [filled(32, 3), filled(32, 4)];
  assert.notDeepEqual(commitmentOf(GROUND, n, m), commitmentOf({ ...GROUND, fa: GROUND.fb, fb: GROUND.fa }, n, m));
  assert.notDeepEqual(transcriptOf(GROUND, n, m, n, m), transcriptOf(GROUND, m, n, n, m));
  assert.equal(toHex(pack("ab", filled(1, 255))), "00000002616200000001ff");
});

test("bytes out of a stranger's text", () => {
  const cases: [unknown, number, string | null][] = [
    ["00ff", 2, "00ff"], ["00FF", 2, null], ["00f", 2, null], ["00ffaa", 2, null], ["zz00", 2, null], [null, 2, null], [["00"], 1, null],
  ];
  for (const [value, length, hex] of cases) {
    const bytes = fromHex(value, length);
    assert.equal(bytes && toHex(bytes), hex);
  }
  assert.equal(fromFingerprint("AB:".repeat(31) + "CD")?.length, 32);
  assert.equal(fromFingerprint("AB:CD"), null);
});
