import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { fakeBuses, openBoth, type FakeBus } from "../../testing/fake-bus.js";
import { pictureType } from "../media/picture.js";
import { nextEffort, stillSize } from "../media/still.js";
import { Stills } from "./stills-desk.js";
import { cutStill, StillAssembler, StillPacer } from "./stills.js";

const bytes = (length: number, seed = 1): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7 + seed) & 0xff);

/** A lossy WebP's header that claims this size, filled up to `length`. */
function webp(length: number, width = 240, height = 180): Uint8Array {
  const file = bytes(length);
  file.set(new TextEncoder().encode("RIFF\0\0\0\0WEBPVP8 "));
  file.set([width & 0xff, width >> 8, height & 0xff, height >> 8], 26);
  return file;
}

const orders: [string, (parts: Uint8Array[]) => Uint8Array[]][] = [
  ["in order", (parts) => parts],
  ["backwards", (parts) => [...parts].reverse()],
  ["twice each", (parts) => parts.flatMap((part) => [part, part])],
];
for (const [name, arrange] of orders) {
  test(`a picture whose parts come ${name} comes out once and whole`, () => {
    const assembler = new StillAssembler();
    const out = arrange(cutStill(bytes(2700), 5)).map((part) => assembler.take(part)).filter(Boolean);
    assert.deepEqual(out, [bytes(2700)]);
  });
}

const weights: [number, number][] = [[0, 0], [1, 1], [545, 1], [546, 2], [2800, 6], [6540, 12], [6541, 0]];
for (const [weight, count] of weights) {
  test(`${weight} bytes are ${count} parts of at most 550`, () => {
    const parts = cutStill(bytes(weight), 0);
    assert.equal(parts.length, count);
    assert.ok(parts.every(({ length }) => length <= 550));
  });
}

const unfinished: [string, [number, number][], number[]][] = [
  ["an older one that lost a part is given up when a newer is whole", [[1, 0], [2, 0], [2, 1], [1, 1]], [2]],
  ["a newer one does not stop an older that is whole before it", [[1, 0], [2, 0], [1, 1], [2, 1]], [1, 2]],
  ["numbers begin again after 65,535", [[65535, 0], [65535, 1], [0, 0], [0, 1]], [65535, 0]],
  ["of four begun the oldest is given up", [[1, 0], [2, 0], [3, 0], [4, 0], [1, 1], [2, 1]], [2]],
  ["a begun one older than three others is not begun", [[2, 0], [3, 0], [4, 0], [1, 0], [1, 1], [2, 1]], [2]],
];
for (const [name, steps, expected] of unfinished) {
  test(name, () => {
    const assembler = new StillAssembler();
    const picture = (number: number) => bytes(900, number);
    const out: number[] = [];
    for (const [number, index] of steps) {
      const part = cutStill(picture(number), number)[index];
      const whole = part && assembler.take(part);
      if (whole) {
        assert.deepEqual(whole, picture(number));
        out.push(number);
      }
    }
    assert.deepEqual(out, expected);
  });
}

test("what is no part is dropped", () => {
  const [first = new Uint8Array(), second = new Uint8Array()] = cutStill(bytes(900), 1);
  const changed = (i: number, value: number) => Uint8Array.from(first, (byte, at) => (at === i ? value : byte));
  const garbage = [new Uint8Array(), first.subarray(0, 5), changed(0, 2), changed(3, 2), changed(4, 0), changed(4, 200), first.subarray(0, 99), bytes(1000)];
  const assembler = new StillAssembler();
  for (const each of garbage) assert.equal(assembler.take(each), null);
  assert.equal(assembler.take(first), null);
  const other = Uint8Array.from(second, (byte, at) => (at === 4 ? 3 : byte)); // the same picture, of another length
  assert.equal(assembler.take(other), null);
  assert.deepEqual(assembler.take(second), bytes(900));
});

const paces: [string, number, number[], number[]][] = [
  ["550 bytes a quarter of a second", 550, [0, 0, 0, 0, 0], [550, 550, 550, 550, 545]],
  ["twice that", 1100, [0, 0, 0], [1100, 1100, 545]],
  ["a third of it waits until a part is afforded", 184, [0, 0, 0, 0, 0, 0], [0, 0, 550, 0, 0, 550]],
  ["nothing while the network has not taken the last", 550, [0, 300, 300, 0], [550, 0, 0, 550]],
];
for (const [name, rate, waiting, expected] of paces) {
  test(`paced: ${name}`, () => {
    const pacer = new StillPacer(rate);
    pacer.offer(bytes(2720));
    assert.deepEqual(waiting.map((each) => pacer.tick(each).reduce((sum, { length }) => sum + length, 0)), expected);
  });
}

test("one picture on its way, and the newest replaces those that have not begun", () => {
  const pacer = new StillPacer();
  const assembler = new StillAssembler();
  pacer.offer(bytes(1600, 1));
  const sent = pacer.tick(0);
  for (const seed of [2, 3, 4]) pacer.offer(bytes(1600, seed));
  for (let i = 0; i < 5; i++) sent.push(...pacer.tick(0));
  assert.deepEqual(sent.map((part) => assembler.take(part)).filter(Boolean), [bytes(1600, 1), bytes(1600, 4)]);
  assert.equal(pacer.idle, true);
});

const efforts: [string, { quality: number; scale: number }, number, { quality: number; scale: number }][] = [
  ["too heavy: coarser", { quality: 0.3, scale: 1 }, 3000, { quality: 0.25, scale: 1 }],
  ["too heavy at the coarsest: smaller", { quality: 0.15, scale: 1 }, 3000, { quality: 0.15, scale: 0.85 }],
  ["never smaller than six tenths", { quality: 0.15, scale: 0.65 }, 3000, { quality: 0.15, scale: 0.6 }],
  ["about right: as it is", { quality: 0.2, scale: 1 }, 2500, { quality: 0.2, scale: 1 }],
  ["light: larger first", { quality: 0.15, scale: 0.85 }, 1500, { quality: 0.15, scale: 1 }],
  ["light at full size: finer", { quality: 0.15, scale: 1 }, 1500, { quality: 0.17, scale: 1 }],
  ["never finer than 0.3", { quality: 0.3, scale: 1 }, 900, { quality: 0.3, scale: 1 }],
];
for (const [name, before, weight, after] of efforts) {
  test(`a still ${name}`, () => assert.deepEqual(nextEffort(before, weight), after));
}

test("a still keeps the camera's proportions", () => {
  const sizes: [number, number][] = [[640, 480], [480, 640], [1280, 720], [3000, 100]];
  assert.deepEqual(sizes.map(([w, h]) => stillSize(w, h, 1)), [[240, 180], [180, 240], [277, 156], [294, 147]]);
});

const jpeg = (width: number, height: number): Uint8Array =>
  Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 17, 8, height >> 8, height & 0xff, width >> 8, width & 0xff, 3, 0, 0]);
const extended = Uint8Array.from(webp(40), (byte, i) => (i === 15 ? 0x58 : [239, 0, 0, 179, 0, 0][i - 24] ?? byte));
const pictures: [string, Uint8Array, string | null][] = [
  ["a WebP", webp(2000), "image/webp"],
  ["an extended WebP", extended, "image/webp"],
  ["a WebP that claims to be huge", webp(2000, 16383, 16383), null],
  ["a WebP without size", webp(2000, 0, 180), null],
  ["a JPEG", jpeg(240, 180), "image/jpeg"],
  ["a JPEG that claims to be huge", jpeg(60000, 60000), null],
  ["a JPEG cut off", jpeg(240, 180).subarray(0, 10), null],
  ["nothing", new Uint8Array(), null],
  ["text", new TextEncoder().encode("<svg onload=alert(1)>".repeat(9)), null],
];
for (const [name, file, type] of pictures) test(`before decoding: ${name}`, () => assert.equal(pictureType(file), type));

function desks(): { a: Stills; b: Stills; shown: (Blob | null)[]; buses: [FakeBus, FakeBus]; camera: { track: MediaStreamTrack | null } } {
  mock.timers.enable({ apis: ["setInterval", "setTimeout"] } as never); // newer than its types
  let now = 0;
  mock.method(performance, "now", () => (now += 250));
  const buses = fakeBuses();
  const camera = { track: {} as MediaStreamTrack | null };
  const lens = { take: () => Promise.resolve(webp(1000)), rest: () => undefined };
  const a = new Stills({ bus: buses[0], track: () => camera.track, camera: lens });
  const b = new Stills({ bus: buses[1], track: () => null, camera: lens });
  const shown: (Blob | null)[] = [];
  b.onPicture((picture) => shown.push(picture));
  return { a, b, shown, buses, camera };
}

async function quarters(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    mock.timers.tick(250);
    await Promise.resolve().then(() => Promise.resolve());
  }
}

const done = (): void => (mock.timers.reset(), mock.restoreAll());

test("stills go while wanted, and the other is told when they end", async () => {
  const { a, shown, buses } = desks();
  openBoth(buses);
  a.send(true);
  await quarters(20);
  const pictures = shown.length;
  assert.ok(pictures >= 2 && pictures <= 4, `${pictures} pictures in five seconds`);
  a.send(false);
  await quarters(8);
  assert.deepEqual(shown.slice(pictures), [null]);
  done();
});

test("no camera, no still: what was begun is not sent on", async () => {
  const { a, shown, buses, camera } = desks();
  openBoth(buses);
  camera.track = null;
  a.send(true);
  await quarters(12);
  assert.deepEqual(shown, []);
  done();
});

test("pictures that come without a word are shown for ten seconds; with one, until the end is told", async () => {
  const { shown, buses } = desks();
  openBoth(buses);
  const [other] = buses;
  const picture = (number: number) => cutStill(webp(1000), number).forEach((part) => other.sendLossy(1, part));
  picture(1);
  await quarters(39);
  assert.equal(shown.length, 1);
  await quarters(1);
  assert.deepEqual(shown.slice(1), [null]);
  other.send("still.on", { on: "yes" });
  other.send("still.on", { on: true });
  picture(2);
  await quarters(100);
  assert.equal(shown.length, 3);
  other.send("still.on", { on: false });
  picture(3);
  await quarters(1);
  assert.deepEqual(shown.slice(3), [null]);
  openBoth(buses, "2"); // another connection counts from the beginning
  picture(1);
  assert.equal(shown.length, 5);
  done();
});
