import assert from "node:assert/strict";
import { test } from "node:test";
import { NoteStore, type Rows, type Stored } from "./store.js";

type Row = Awaited<ReturnType<Rows["all"]>>[number];

function memory(): Rows & { rows: Map<string, Row> } {
  const rows = new Map<string, Row>();
  return {
    rows,
    all: () => Promise.resolve([...rows.values()]),
    put: (row) => Promise.resolve(void rows.set(row.id, row)),
    remove: (id) => Promise.resolve(void rows.delete(id)),
  };
}

const refusing: Rows = { all: () => Promise.reject(new Error()), put: () => Promise.reject(new Error()), remove: () => Promise.reject(new Error()) };
const secret = new Uint8Array(32).fill(3);
const note = (n: number): Stored => ({ stream: "00ff10203040a0b1", n, seconds: 2, type: "opus", data: new Uint8Array(400).fill(n) });
const HOUR = 3_600_000;

test("a reload finds what was kept, in order, and what is kept says nothing", async () => {
  const rows = memory();
  const store = new NoteStore("A1.7", secret, () => 0, rows);
  for (const n of [2, 1, 3]) await store.put(note(n));
  await store.remove(note(3));
  const sealed = [...rows.rows.values()].map((row) => new Uint8Array(row.sealed));
  assert.ok(sealed.every((bytes) => !Buffer.from(bytes).includes(Buffer.alloc(8, 1)) && !Buffer.from(bytes).includes(Buffer.alloc(8, 2))));
  assert.deepEqual(await new NoteStore("A1.7", secret, () => HOUR, rows).load(), [note(1), note(2)]);
});

test("another tab's, another person's and another day's notes are not read", async () => {
  const rows = memory();
  await new NoteStore("A1.7", secret, () => 0, rows).put(note(1));
  await new NoteStore("A1.8", secret, () => 0, rows).put(note(1));
  assert.deepEqual(await new NoteStore("A1.7", new Uint8Array(32), () => HOUR, rows).load(), []);
  assert.deepEqual(await new NoteStore("A1.7", secret, () => HOUR, rows).load(), [note(1)]); // still there for its own tab
  assert.deepEqual(await new NoteStore("A1.8", secret, () => 13 * HOUR, rows).load(), []);
  assert.equal(rows.rows.size, 0);
});

test("a row moved under another name is not opened", async () => {
  const rows = memory();
  await new NoteStore("A1.7", secret, () => 0, rows).put(note(1));
  const [row] = rows.rows.values();
  if (row) rows.rows.set("A1.7/00ff10203040a0b1.2", { ...row, id: "A1.7/00ff10203040a0b1.2", n: 2 });
  assert.deepEqual(await new NoteStore("A1.7", secret, () => 0, rows).load(), [note(1)]);
});

test("the end clears the reader's own and nobody else's", async () => {
  const rows = memory();
  const mine = new NoteStore("A1.7", secret, () => 0, rows);
  await mine.put(note(1));
  await new NoteStore("B2.7", secret, () => 0, rows).put(note(1));
  await mine.clear();
  assert.deepEqual([...rows.rows.keys()], ["B2.7/00ff10203040a0b1.1"]);
});

test("refused storage is told, and breaks nothing", async () => {
  const store = new NoteStore("A1.7", secret, () => 0, refusing);
  assert.equal(store.lasting, true);
  await store.put(note(1));
  await store.remove(note(1));
  await store.clear();
  assert.deepEqual([await store.load(), store.lasting], [[], false]);
  assert.equal(new NoteStore("A1.7", null, () => 0, memory()).lasting, false);
});
