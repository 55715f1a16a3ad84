import assert from "node:assert/strict";
import { test } from "node:test";
import { WORDS } from "./word-list.js";

function distance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const swap = (above[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      row.push(Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, swap));
    }
    above = row;
  }
  return above[other.length] ?? 0;
}

// What a bad line makes alike: p and b, t and d, k and g, c and j, s and z, l and r, m and n, and the dull vowels.
const ALIKE: Record<string, string> = { b: "p", f: "p", v: "p", d: "t", g: "k", j: "c", z: "s", l: "r", m: "n", y: "i", w: "u", o: "u" };
const heard = (word: string): string => [...word.replaceAll("ng", "N").replaceAll("ny", "Y")].map((c) => ALIKE[c] ?? c).join("");

test("distance", () => {
  assert.deepEqual([distance("akar", "akar"), distance("kuda", "kudu"), distance("kopi", "kop"), distance("rusa", "susu")], [0, 1, 1, 2]);
});

test("256 words of four to six plain letters, in one order", () => {
  assert.equal(WORDS.length, 256);
  assert.deepEqual(WORDS.filter((word) => !/^[a-z]{4,6}$/.test(word)), []);
  assert.deepEqual([...WORDS], [...new Set(WORDS)].sort());
});

test("no two begin alike", () => {
  assert.equal(new Set(WORDS.map((word) => word.slice(0, 3))).size, 256);
});

test("no two are one slip apart, by eye or by ear", () => {
  const close: string[] = [];
  WORDS.forEach((one, i) => {
    for (const other of WORDS.slice(i + 1)) {
      if (distance(one, other) < 2 || distance(heard(one), heard(other)) < 2) close.push(`${one} ${other}`);
    }
  });
  assert.deepEqual(close, []);
});
