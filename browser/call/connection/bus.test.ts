import assert from "node:assert/strict";
import { test } from "node:test";
import { Allowance } from "./allowance.js";
import { ChannelBus } from "./bus.js";

class FakeChannel {
  readyState = "open";
  bufferedAmount = 0;
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  sent: unknown[] = [];
  send(data: unknown): void {
    this.sent.push(data);
  }
  close(): void {
    this.readyState = "closed";
  }
}

const session = { id: "1", offerer: true, fingerprints: { mine: "A", theirs: "B" } };

function attached(onAbuse = () => undefined) {
  const channels = new Map<string, FakeChannel>();
  const bus = new ChannelBus(onAbuse);
  const pc = { createDataChannel: (name: string) => channels.set(name, new FakeChannel()).get(name) };
  bus.attach(pc as unknown as RTCPeerConnection, () => session);
  const hear = (name: string, data: unknown) => channels.get(name)?.onmessage?.({ data });
  channels.get("talk")?.onopen?.();
  return { bus, channels, hear };
}

test("bus: before admission only what has to be is handed on", () => {
  const { bus, hear } = attached();
  const heard: unknown[] = [];
  for (const kind of ["pre.words.c", "still.on"]) bus.on(kind, (body) => heard.push([kind, body]));
  bus.onLossy(1, (data) => heard.push([...data]));
  bus.onOnce(9, (data) => heard.push([...data]));
  const say = () => {
    hear("talk", '{"k":"still.on","d":1}');
    hear("talk", '{"k":"pre.words.c","d":2}');
    hear("lossy", new Uint8Array([1, 7]).buffer);
    hear("once", new Uint8Array([9, 8]).buffer);
  };
  say();
  assert.deepEqual(heard.splice(0), [["pre.words.c", 2], [8]]);
  bus.admit();
  say();
  assert.deepEqual(heard, [["still.on", 1], ["pre.words.c", 2], [7], [8]]);
});

test("bus: what is not a message is dropped", () => {
  const { bus, hear } = attached();
  bus.admit();
  bus.on("a", () => assert.fail("nothing of this is a message"));
  for (const text of ["", "[]", "null", "5", '{"k":5}', "{", '{"d":"a"}']) hear("talk", text);
  hear("lossy", new ArrayBuffer(0));
});

test("bus: a message too long closes the channels and is told", () => {
  let told = 0;
  const { bus, channels, hear } = attached(() => void told++);
  hear("talk", "x".repeat(16 * 1024 + 1));
  assert.deepEqual([told, bus.session, channels.get("talk")?.readyState], [1, null, "closed"]);
  assert.equal(bus.send("a", 1), false);
});

test("bus: a full channel takes nothing more", () => {
  const { bus, channels } = attached();
  const bulk = channels.get("bulk");
  assert.equal(bus.sendBulk(2, new Uint8Array(10)), true);
  if (bulk) bulk.bufferedAmount = 65 * 1024;
  assert.equal(bus.sendBulk(2, new Uint8Array(10)), false);
});

test("allowance: a flood is told from a file, and the next window begins anew", () => {
  const allowance = new Allowance();
  for (let i = 0; i < 1000; i++) assert.equal(allowance.takes(16_000, 20_000), true);
  for (let i = 0; i < 2000; i++) allowance.takes(10, 20_001);
  assert.equal(allowance.takes(10, 20_002), false);
  assert.equal(allowance.takes(10, 30_500), true);
});
