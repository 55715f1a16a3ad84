import assert from "node:assert/strict";
import { test } from "node:test";
import { SlowLine, type SlowLineOptions } from "../../../testing/slow-line.js";
import { crc32, cutPart, HEAVIEST, name, partsOf, readAnnounced, readHave, readPart, type Announced } from "./format.js";
import { Inbox, type InNote } from "./inbox.js";
import { Outbox } from "./outbox.js";

const STREAM = "00ff10203040a0b1";
const speech = (length: number, seed = 1): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 7) & 0xff);
const OPUS = 6600 / 8 + 1000 / 60; // bytes a second: what Chromium makes of 7 kbit/s, and a length to each frame

const note = (n: number, length: number, seconds = 3) => ({ stream: STREAM, n, data: speech(length, n), seconds, type: "opus" as const });
const announced = (n: number, data: Uint8Array, changes: Partial<Announced> = {}): Announced => ({
  stream: STREAM, n, parts: partsOf(data.length), bytes: data.length, crc: crc32(data), seconds: 3, type: "opus", ...changes,
});

test("the check sum is the one everybody has", () => assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926));

for (const length of [1, 491, 492, 5000, HEAVIEST]) {
  test(`${length} bytes: parts of at most 512 that know where they belong`, () => {
    const data = speech(length);
    const parts = Array.from({ length: partsOf(length) }, (_, index) => cutPart({ stream: STREAM, n: 7 }, data, index));
    assert.ok(parts.every((part) => part.length <= 512));
    const read = parts.map(readPart);
    assert.deepEqual(read.map((part) => part && [part.stream, part.n, part.index, part.count]), parts.map((_, i) => [STREAM, 7, i, parts.length]));
    assert.deepEqual(read.flatMap((part) => [...(part?.bytes ?? [])]), [...data]);
  });
}

test("a damaged, cut or foreign part is none", () => {
  const part = cutPart({ stream: STREAM, n: 1 }, speech(480), 0);
  const changed = (i: number) => Uint8Array.from(part, (byte, at) => (at === i ? byte ^ 1 : byte));
  for (const bad of [new Uint8Array(), part.subarray(0, 21), part.subarray(0, 300), changed(0), changed(14), changed(17), changed(300), new Uint8Array(513)]) {
    assert.equal(readPart(bad), null);
  }
});

const fine = announced(1, speech(3000));
const strange: [string, unknown][] = [
  ["nothing", null], ["a word", "note"], ["a list", [1]], ["another stream's shape", { ...fine, stream: "x" }], ["no number", { ...fine, n: "1" }],
  ["number nought", { ...fine, n: 0 }], ["too heavy", { ...fine, bytes: HEAVIEST + 1, parts: partsOf(HEAVIEST + 1) }], ["parts that do not fit", { ...fine, parts: 2 }],
  ["endless", { ...fine, seconds: Infinity }], ["no length", { ...fine, seconds: 0 }], ["an hour", { ...fine, seconds: 3600 }], ["another type", { ...fine, type: "text/html" }],
  ["a sum that is none", { ...fine, crc: -1 }],
];
for (const [what, body] of strange) test(`an announcement is refused: ${what}`, () => assert.equal(readAnnounced(body), null));
test("an announcement is read", () => assert.deepEqual(readAnnounced({ ...fine, more: 1 }), fine));
test("what the other has is read, and what is strange is not", () => {
  assert.deepEqual(readHave({ stream: STREAM, n: 1, have: "101", done: false, heard: 1 }), { stream: STREAM, n: 1, have: "101", done: false, heard: false });
  for (const body of [null, { stream: STREAM, n: 1, have: "12" }, { stream: STREAM, n: 1, have: "1".repeat(999) }, { stream: "", n: 1, have: "" }]) {
    assert.equal(readHave(body), null);
  }
});

/** Two pages and the line between them; either page can be made anew, and the line can go. */
class Pair {
  pace: number | null = null;
  readonly there: SlowLine;
  readonly back: SlowLine;
  outbox!: Outbox;
  inbox!: Inbox;
  readonly delivered: InNote[] = [];
  readonly arrivedAt = new Map<number, number>();
  kept: ReturnType<typeof note>[] = [];
  heard: string[] = [];
  parts = 0;
  now = 0;
  private up = false;

  constructor(options: SlowLineOptions) {
    this.there = new SlowLine(options);
    this.back = new SlowLine(options);
    this.newSender();
    this.newReceiver();
  }

  newSender(): void {
    const send = (channel: string, size: number, deliver: () => void): boolean => {
      if (this.up) this.there.put(channel, size, deliver);
      return this.up;
    };
    this.outbox = new Outbox({
      announce: (told) => send("talk", JSON.stringify(told).length + 30, () => this.inbox.onAnnounced(told)),
      part: (bytes) => send("bulk", bytes.length, () => (this.parts++, this.inbox.onPart(bytes))),
      waiting: () => this.there.waiting("bulk"),
      pace: () => this.pace,
    });
    for (const each of this.kept) this.outbox.add(each);
  }

  newReceiver(): void {
    const reply = (have: object): void => {
      if (this.up) this.back.put("talk", JSON.stringify(have).length + 30, () => this.outbox.onHave(have, this.now));
    };
    this.inbox = new Inbox(reply, (made) => {
      this.delivered.push(made);
      this.arrivedAt.set(made.n, this.now);
    }, this.heard);
  }

  speak(made: ReturnType<typeof note>): void {
    this.kept.push(made);
    this.outbox.add(made);
    this.outbox.tick(this.now);
  }

  connect(): void {
    this.up = true;
    this.outbox.opened();
  }

  lose(): void {
    this.up = false;
    this.there.drop();
    this.back.drop();
    this.outbox.closed();
  }

  run(seconds: number, until: () => boolean = () => false): void {
    const end = this.now + seconds * 1000;
    while (this.now < end && !until()) {
      this.now += 50;
      this.there.run(this.now);
      this.back.run(this.now);
      this.outbox.tick(this.now);
    }
  }

  numbers(): number[] {
    return this.delivered.map(({ n }) => n);
  }
}

const lines: [string, SlowLineOptions][] = [
  ["8 kbit/s, 300 ms", { kbit: 8, delay: 300 }],
  ["8 kbit/s, 300 ms, 5 % lost", { kbit: 8, delay: 300, loss: 5 }],
];
for (const [line, options] of lines) {
  for (const seconds of [1, 2, 5, 10, 30, 60, 120]) {
    test(`${line}: ${seconds} s of speech arrive within twice that and 5 s`, () => {
      const pair = new Pair(options);
      pair.connect();
      pair.speak(note(1, Math.round(seconds * OPUS), seconds));
      pair.run(3 * seconds + 20, () => pair.delivered.length > 0);
      const took = (pair.arrivedAt.get(1) ?? Infinity) / 1000;
      assert.ok(took <= 2 * seconds + 5, `${took.toFixed(1)} s`);
      assert.deepEqual(pair.delivered[0]?.data, speech(Math.round(seconds * OPUS), 1));
    });
  }
}

test("several notes come once each, in the order they were spoken, byte for byte", () => {
  const pair = new Pair({ kbit: 16, delay: 300, loss: 5 });
  pair.connect();
  for (const n of [1, 2, 3, 4]) pair.speak(note(n, 700 * n));
  pair.run(60);
  assert.deepEqual(pair.numbers(), [1, 2, 3, 4]);
  assert.deepEqual(pair.delivered.map(({ data }) => data), [1, 2, 3, 4].map((n) => speech(700 * n, n)));
  assert.deepEqual(pair.outbox.list().map(({ status }) => status), ["sent", "sent", "sent", "sent"]);
});

test("a line that breaks every four seconds loses no part twice and no note", () => {
  const pair = new Pair({ kbit: 8, delay: 300 });
  for (const n of [1, 2]) pair.speak(note(n, 8000));
  for (let i = 0; i < 20 && pair.delivered.length < 2; i++) {
    pair.connect();
    pair.run(4);
    pair.lose();
    pair.run(3);
  }
  assert.deepEqual(pair.numbers(), [1, 2]);
  // What arrived before a break is not sent again; only what was under way is.
  assert.equal(pair.parts, 2 * partsOf(8000));
});

test("on a thin line the next part waits until the one before has had its time", () => {
  const pair = new Pair({ kbit: 8, delay: 300 });
  pair.pace = 750;
  pair.connect();
  pair.speak(note(1, 8000));
  let most = 0;
  for (let i = 0; i < 200; i++) {
    pair.run(0.1);
    most = Math.max(most, pair.there.waiting("bulk"));
  }
  assert.deepEqual(pair.numbers(), [1]);
  assert.ok(most <= 2 * 600, `${most} bytes stood before the line`);
});

test("the sender's reload goes on where the receiver is", () => {
  const pair = new Pair({ kbit: 8, delay: 300 });
  pair.connect();
  pair.speak(note(1, 8000));
  pair.run(5);
  const before = pair.parts;
  assert.ok(before >= 2 && before < partsOf(8000), `${before} parts`);
  pair.lose();
  pair.newSender();
  pair.connect();
  pair.run(20);
  assert.deepEqual(pair.numbers(), [1]);
  assert.equal(pair.parts, partsOf(8000));
});

test("the receiver's reload gets again what it had not heard, and not what it had", () => {
  const pair = new Pair({ kbit: 64, delay: 100 });
  pair.connect();
  for (const n of [1, 2, 3]) pair.speak(note(n, 2000));
  pair.run(5);
  pair.inbox.heard({ stream: STREAM, n: 2 });
  pair.run(1);
  pair.heard = pair.inbox.heardBefore();
  pair.lose();
  pair.newReceiver();
  pair.connect();
  pair.run(5);
  assert.deepEqual(pair.numbers(), [1, 2, 3, 1, 3]);
  assert.deepEqual(pair.outbox.list().map(({ status }) => status), ["sent", "heard", "sent"]);
});

test("an answer that was lost is asked for again, and nothing comes twice", () => {
  const pair = new Pair({ kbit: 64, delay: 100 });
  pair.connect();
  pair.speak(note(1, 2000));
  pair.run(30, () => pair.delivered.length > 0);
  pair.back.drop(); // "it is here" never arrives
  pair.run(30);
  assert.deepEqual(pair.numbers(), [1]);
  assert.equal(pair.outbox.list()[0]?.status, "sent");
});

test("two greetings at once do not send a note twice", () => {
  const pair = new Pair({ kbit: 8, delay: 300 });
  pair.speak(note(1, 8000));
  pair.connect();
  pair.run(0.4);
  pair.outbox.again(); // their greeting arrives after our announcement went out
  pair.run(30);
  assert.deepEqual([pair.numbers(), pair.parts], [[1], partsOf(8000)]);
});

test("a note can be taken back until its announcement leaves", () => {
  const pair = new Pair({ kbit: 8, delay: 300 });
  pair.speak(note(1, 2000));
  pair.speak(note(2, 2000));
  assert.equal(pair.outbox.takeBack(1), true);
  pair.connect();
  pair.run(0.1);
  assert.equal(pair.outbox.takeBack(2), false);
  pair.run(20);
  assert.deepEqual(pair.numbers(), [2]);
});

test("parts in any order, twice, damaged or of another note: each note once", () => {
  const delivered: InNote[] = [];
  const inbox = new Inbox(() => undefined, (made) => delivered.push(made));
  const data = speech(4000);
  const parts = Array.from({ length: partsOf(4000) }, (_, i) => cutPart({ stream: STREAM, n: 1 }, data, i));
  inbox.onPart(parts[0] as Uint8Array); // not announced: dropped
  inbox.onAnnounced(announced(1, data));
  const foreign = cutPart({ stream: STREAM, n: 2 }, data, 0);
  const otherLength = cutPart({ stream: STREAM, n: 1 }, data.subarray(0, 900), 0);
  const damaged = Uint8Array.from(parts[3] as Uint8Array, (byte, i) => (i === 500 ? byte ^ 4 : byte));
  for (const each of [foreign, otherLength, damaged, ...[...parts].reverse(), ...parts]) inbox.onPart(each);
  inbox.onAnnounced(announced(1, data));
  for (const each of parts) inbox.onPart(each);
  assert.deepEqual(delivered.map((made) => made.data), [data]);
});

test("a whole that does not match what was announced is not handed out", () => {
  const delivered: InNote[] = [];
  const told: string[] = [];
  const inbox = new Inbox(({ have, done }) => told.push(done ? "done" : have), (made) => delivered.push(made));
  const data = speech(700);
  inbox.onAnnounced(announced(1, data, { crc: 5 }));
  for (let i = 0; i < 2; i++) inbox.onPart(cutPart({ stream: STREAM, n: 1 }, data, i));
  inbox.onAnnounced(announced(1, data, { crc: 5 }));
  assert.deepEqual([delivered.length, told], [0, ["00", "00"]]);
});

test("what is kept to be heard again has an end, and what was not heard is never thrown away for it", () => {
  const inbox = new Inbox(() => undefined, () => undefined);
  const take = (n: number): void => {
    inbox.onAnnounced(announced(n, speech(10, n)));
    inbox.onPart(cutPart({ stream: STREAM, n }, speech(10, n), 0));
  };
  for (let n = 1; n <= 25; n++) take(n);
  assert.equal(inbox.list().length, 25);
  for (let n = 1; n <= 25; n++) inbox.heard({ stream: STREAM, n });
  for (let n = 26; n <= 80; n++) take(n);
  assert.equal(inbox.list().filter(({ heard }) => !heard).length, 30);
  assert.ok(inbox.list().length <= 31, String(inbox.list().length));
  take(3); // heard long ago
  assert.equal(inbox.list().some((each) => name(each) === `${STREAM}.3`), false);
});
