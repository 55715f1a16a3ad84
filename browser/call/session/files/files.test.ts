import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { fakeBuses, openBoth } from "../../../testing/fake-bus.js";
import { FileDesk, KEPT } from "./desk.js";
import { cleanName, kindOf, MOST, type Kind } from "./kinds.js";
import { Pace, SLOWEST } from "./pace.js";
import { PART, readOffer, readPart, writePart } from "./wire.js";

const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (c) => c.charCodeAt(0));
const PNG = "\u0089PNG\r\n\u001a\n";
const digest = (data: Uint8Array) => Promise.resolve(createHash("sha256").update(data).digest("hex"));
const settled = () => new Promise<void>((done) => setImmediate(done));

function png(size: number): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(size).map((_, i) => (i * 31 + (i >> 8)) % 251);
  data.set(bytes(PNG));
  return data;
}

function pair() {
  const buses = fakeBuses();
  const clock = { now: 0, allowed: 64 * 1024 };
  let n = 0;
  const [a, b] = buses.map(
    (bus) => new FileDesk({ bus, digest, allowed: () => clock.allowed, newId: () => String(++n).padStart(16, "0"), now: () => clock.now, changed: () => undefined }),
  ) as [FileDesk, FileDesk];
  openBoth(buses);
  return { a, b, buses, clock };
}

const only = (desk: FileDesk) => {
  const [row, ...more] = desk.view();
  assert.ok(row && more.length === 0);
  return row;
};

test("a kind is told by content", () => {
  const cases: [string, Kind | null][] = [
    ["\u00ff\u00d8\u00ff\u00e0 JFIF", "jpeg"],
    [PNG, "png"],
    ["RIFF1234WEBPVP8 ", "webp"],
    ["RIFF1234WAVEfmt \u0000", null],
    ["%PDF-1.7", "pdf"],
    ["PK\u0003\u0004 [Content_Types].xml word/document.xml", "docx"],
    ["PK\u0003\u0004 [Content_Types].xml word/document.xml word/vbaProject.bin", null],
    ["PK\u0003\u0004 anything", null],
    ["MZ\u0090\u0000", null],
    ["\u007fELF\u0002", null],
    ["Saya menulis ini.\n", "text"],
    ["<svg onload=alert(1)>", "text"],
    ["\u00ff\u00fe broken", null],
    ["", null],
  ];
  for (const [content, kind] of cases) assert.equal(kindOf(bytes(content)), kind, content);
});

test("a name is only a name", () => {
  const cases: [string, Kind, string][] = [
    ["catatan.pdf", "pdf", "catatan.pdf"],
    ["Foto.JPEG", "jpeg", "Foto.jpeg"],
    ["../../etc/passwd", "text", "passwd.txt"],
    ["C:\\x\\y.docx", "docx", "y.docx"],
    ["page.html", "text", "page.html.txt"],
    ["gpj\u202efdp.exe", "pdf", "gpjfdp.exe.pdf"],
    [".htaccess", "text", "htaccess.txt"],
    ["<img src=x>.png", "png", "img src=x.png"],
    ["", "png", "berkas.png"],
    ["a".repeat(300), "text", `${"a".repeat(60)}.txt`],
  ];
  for (const [raw, kind, name] of cases) assert.equal(cleanName(raw, kind), name);
});

test("an offer that is not one is dropped", () => {
  const good = { id: "00000000000000ff", name: "a.png", kind: "png", size: 10, sha: "a".repeat(64) };
  assert.deepEqual(readOffer(good), good);
  const wrong: unknown[] = [
    null, 7, "x", [], {}, { ...good, id: "1" }, { ...good, kind: "svg" }, { ...good, kind: "toString" }, { ...good, size: MOST + 1 },
    { ...good, size: 0 }, { ...good, size: 1.5 }, { ...good, size: "10" }, { ...good, sha: "A" }, { ...good, name: 3 }, { ...good, name: "a".repeat(501) },
  ];
  for (const body of wrong) assert.equal(readOffer(body), null, JSON.stringify(body)?.slice(0, 80));
});

test("a part is read as it was written, and no other", () => {
  const whole = png(PART + 5);
  const last = readPart(writePart("00ff00ff00ff00ff", 1, whole));
  assert.deepEqual(last && [last.id, last.index, [...last.data]], ["00ff00ff00ff00ff", 1, [...whole.subarray(PART)]]);
  for (const size of [0, 5, 12, PART + 13]) assert.equal(readPart(new Uint8Array(size)), null);
});

test("a file arrives whole once it is accepted, and both know", async () => {
  const { a, b } = pair();
  const data = png(100_000);
  assert.equal(await a.offer("foto.png", data), null);
  a.tick();
  assert.equal(only(b).status, "offered");
  assert.equal(only(a).share, 0); // nothing goes before the other wants it
  b.accept(only(b).id);
  for (let i = 0; i < 20; i++) a.tick();
  await settled();
  assert.deepEqual(only(b).bytes, data);
  assert.deepEqual([only(a).status, only(b).status, only(a).share], ["whole", "whole", 1]);
});

test("after a break it goes on where it was", async () => {
  const { a, b, buses } = pair();
  const data = png(100_000);
  await a.offer("foto.png", data);
  b.accept(only(b).id);
  a.tick();
  a.tick();
  const came = only(b).share;
  assert.ok(came > 0.2 && came < 0.6);
  for (const bus of buses) bus.close();
  a.tick();
  openBoth(buses, "2");
  assert.equal(only(b).share, came);
  a.tick();
  assert.ok(only(b).share > came);
  for (let i = 0; i < 20; i++) a.tick();
  await settled();
  assert.deepEqual(only(b).bytes, data);
});

test("what stood in the channel when it broke is sent again", async () => {
  const { a, b, buses } = pair();
  const data = png(60_000);
  await a.offer("foto.png", data);
  b.accept(only(b).id);
  const there = buses[1].hearBinary.bind(buses[1]);
  buses[1].hearBinary = () => undefined; // taken by the channel, never arrived
  a.tick();
  buses[1].hearBinary = there;
  assert.deepEqual([only(a).share > 0, only(b).share], [true, 0]);
  for (const bus of buses) bus.close();
  openBoth(buses, "2");
  for (let i = 0; i < 20; i++) a.tick();
  await settled();
  assert.deepEqual(only(b).bytes, data);
});

test("a file that is not what was said is thrown away", async () => {
  for (const [spoil, status] of [["hash", "broken"], ["kind", "wrong"]] as const) {
    const { a, b, buses } = pair();
    const data = png(9000);
    const sha = await digest(data);
    const id = "00000000000000aa";
    buses[0].send("file.offer", { id, name: "x", kind: spoil === "kind" ? "pdf" : "png", size: data.length, sha });
    buses[1].send = () => true; // the other desk knows nothing of it
    b.accept(id);
    const sent = data.slice();
    if (spoil === "hash") sent[8000] = 1;
    for (let i = 0; i < 3; i++) buses[0].sendBulk(2, writePart(id, i, sent));
    await settled();
    assert.deepEqual([only(b).status, only(b).bytes, a.view().length], [status, null, 0]);
  }
});

test("garbage changes nothing", async () => {
  const { a, b, buses } = pair();
  await a.offer("foto.png", png(9000));
  const { id } = only(b);
  const junk: unknown[] = [null, 1, "x", [], { id: 4 }, { id }, { id, from: -1 }, { id, from: 99 }, { id, from: 0.5 }, { id, from: "0" }];
  for (const body of junk) buses[1].send("file.want", body);
  assert.deepEqual([only(a).status, only(a).share], ["offered", 0]);
  buses[0].sendBulk(2, writePart(id, 0, png(9000))); // before it was accepted
  b.accept(id);
  buses[0].sendBulk(2, writePart(id, 2, png(9000))); // out of turn
  buses[0].sendBulk(2, writePart(id, 0, png(100))); // too short
  buses[0].sendBulk(2, new Uint8Array(3));
  assert.equal(only(b).share, 0);
  buses[0].send("file.no", { id }); // only the one who receives says this
  buses[0].send("file.got", { id });
  assert.equal(only(b).status, "moving");
});

test("too large, the wrong kind, too many", async () => {
  const { a, b } = pair();
  assert.equal(await a.offer("x.png", png(MOST + 1)), "large");
  assert.equal(await a.offer("x.pdf", bytes("MZ\u0090\u0000")), "kind");
  for (let i = 0; i < 12; i++) assert.equal(await a.offer(`${i}.txt`, bytes("tes")), null);
  assert.equal(await a.offer("13.txt", bytes("tes")), "many");
  assert.equal(b.view().length, 12);
});

test("a thin line makes it wait, and a full channel too", async () => {
  const { a, b, buses, clock } = pair();
  await a.offer("foto.png", png(40_000));
  b.accept(only(b).id);
  clock.allowed = 0;
  a.tick();
  assert.equal(only(b).share, 0);
  clock.allowed = 64 * 1024;
  buses[0].bulkBuffered = () => 14 * 1024;
  a.tick();
  assert.equal(only(b).share, 0);
  buses[0].bulkBuffered = () => 0;
  a.tick();
  assert.ok(only(b).share > 0);
});

test("declined, taken back, expired, and a page made anew", async () => {
  const { a, b, buses, clock } = pair();
  await a.offer("1.txt", bytes("tes"));
  b.drop(only(b).id);
  assert.deepEqual([only(a).status, only(b).status], ["declined", "declined"]);
  const second = pair();
  await second.a.offer("1.txt", bytes("tes"));
  second.a.drop(only(second.a).id);
  assert.equal(only(second.b).status, "gone");
  const third = pair();
  await third.a.offer("1.txt", bytes("tes"));
  third.clock.now = KEPT + 1;
  third.b.tick();
  assert.equal(only(third.b).status, "expired");
  buses[1].send("file.want", { id: "00000000000000bb", from: 0 }); // of a page that is gone
  assert.deepEqual(buses[0].sent.at(-1), ["file.gone", { id: "00000000000000bb" }]);
  b.clear();
  assert.deepEqual([b.view(), clock.now], [[], 0]);
});

test("the pace gives way to a queue and stops on a thin line", () => {
  const rates = (lines: { level: number; rtt: number | null }[]): number[] => {
    const pace = new Pace();
    pace.next({ level: 5, rtt: 40 }, 0);
    return lines.map((line, i) => pace.next(line, (i + 1) * 1000) / 1000);
  };
  const fine = rates(Array(12).fill({ level: 5, rtt: 45 }));
  assert.ok(fine.every((rate, i) => i === 0 || rate >= (fine[i - 1] ?? 0)) && fine[11] === 160);
  const queued = rates(Array(8).fill({ level: 5, rtt: 400 }));
  assert.equal(queued[7], SLOWEST);
  assert.deepEqual(rates(Array(3).fill({ level: 3, rtt: 40 })), [0, 0, 0]);
  assert.equal(Math.max(...rates(Array(5).fill({ level: 4, rtt: null }))), 12);
});
