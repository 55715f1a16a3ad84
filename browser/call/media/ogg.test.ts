import assert from "node:assert/strict";
import { test } from "node:test";
import { oggOpus, packed, unpacked } from "./ogg.js";

const packet = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i + length) & 0xff);

test("packets of every length come out as they went in", () => {
  const packets = [1, 45, 251, 252, 253, 255, 256, 1275].map(packet);
  assert.deepEqual(unpacked(packed(packets))?.map((each) => [...each]), packets.map((each) => [...each]));
});

const broken: [string, number[]][] = [["nothing", []], ["a length of none", [0]], ["a length beyond the end", [9, 1, 2]], ["half a length", [253]], ["more than Opus allows", [255, 255, 1]]];
for (const [name, bytes] of broken) test(`not packets: ${name}`, () => assert.equal(unpacked(Uint8Array.from(bytes)), null));

test("pages follow each other, end with the last sound and carry every packet", () => {
  const packets = Array.from({ length: 40 }, (_, i) => packet(40 + i * 8));
  const file = oggOpus(packets);
  const view = new DataView(file.buffer);
  const pages: { flags: number; granule: number; number: number }[] = [];
  const found: number[] = [];
  for (let at = 0; at < file.length; ) {
    assert.equal(String.fromCharCode(...file.subarray(at, at + 4)), "OggS");
    pages.push({ flags: file[at + 5] ?? 0, granule: view.getUint32(at + 6, true), number: view.getUint32(at + 18, true) });
    const lacing = [...file.subarray(at + 27, at + 27 + (file[at + 26] ?? 0))];
    let length = 0;
    for (const each of lacing) {
      length += each;
      if (each < 255) [length] = [(found.push(length), 0)];
    }
    at += 27 + lacing.length + lacing.reduce((a, b) => a + b, 0);
  }
  assert.deepEqual(pages.map(({ number }) => number), [0, 1, 2, 3, 4]);
  assert.deepEqual(pages.map(({ flags }) => flags), [2, 0, 0, 0, 4]);
  assert.deepEqual(pages.map(({ granule }) => granule), [0, 0, 16 * 2880, 32 * 2880, 40 * 2880]);
  assert.deepEqual(found.slice(2), packets.map(({ length }) => length));
});
