// Two buses over two connections whose channels are joined by number, as a browser joins them.
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { ChannelBus } from "./bus.js";

class Channel {
  readyState = "connecting";
  bufferedAmount = 0;
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  constructor(
    private readonly pc: Connection,
    readonly id: number,
  ) {
    queueMicrotask(() => {
      if (this.readyState !== "connecting") return;
      this.readyState = "open";
      this.onopen?.();
    });
  }
  send(data: unknown): void {
    const there = this.pc.other?.channels.get(this.id);
    // What comes for a number that nobody has there is lost.
    if (there) queueMicrotask(() => there.readyState === "open" && there.onmessage?.({ data }));
  }
  close(): void {
    if (this.readyState === "closed") return;
    this.readyState = "closed";
    this.pc.channels.delete(this.id);
    const there = this.pc.other?.channels.get(this.id);
    queueMicrotask(() => there?.closeThere());
  }
  /** As where the other, or the browser itself, closed it. */
  closeThere(): void {
    if (this.readyState === "closed") return;
    this.close();
    this.onclose?.();
  }
}

class Connection {
  connectionState = "connected";
  sctp = { state: "connected", transport: { state: "connected" } };
  other: Connection | null = null;
  readonly channels = new Map<number, Channel>();
  made = 0;
  createDataChannel(_name: string, { id = 0 }: { id?: number }): Channel {
    if (this.channels.has(id)) throw new Error("in use");
    const channel = new Channel(this, id);
    this.channels.set(id, channel);
    this.made += 1;
    return channel;
  }
}

const TALK = 1;
const LOSSY = 2;

interface Side {
  bus: ChannelBus;
  pc: Connection;
  did: string[];
  attach: (pc?: Connection) => void;
}

function side(): Side {
  const did: string[] = [];
  const bus = new ChannelBus(() => did.push("abuse"));
  bus.admit();
  bus.onOpen(() => did.push("open"));
  bus.onClose(() => did.push("close"));
  bus.on("word", (body) => did.push(`heard ${String(body)}`));
  const made: Side = {
    bus, did, pc: new Connection(),
    attach: (pc = made.pc) => {
      made.pc = pc;
      const session = { id: "1", offerer: true, fingerprints: { mine: "A", theirs: "B" } };
      bus.attach(pc as unknown as RTCPeerConnection, () => session, () => did.push("dead") > 0);
    },
  };
  return made;
}

const settled = async (): Promise<void> => {
  for (let i = 0; i < 40; i++) await Promise.resolve();
};
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 100) {
    mock.timers.tick(100);
    await settled();
  }
}

async function joined(): Promise<[Side, Side]> {
  const [a, b] = [side(), side()];
  [a.pc.other, b.pc.other] = [b.pc, a.pc];
  a.attach();
  b.attach();
  await settled();
  for (const { did } of [a, b]) assert.deepEqual(did.splice(0), ["open"]);
  return [a, b];
}

beforeEach(() => (mock.timers.enable as (wanted: unknown) => void).call(mock.timers, { apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

for (const [name, id] of [["talk", TALK], ["lossy", LOSSY]] as const) {
  test(`channels: ${name} closes alone, and all are opened once more, once`, async () => {
    const [a, b] = await joined();
    a.pc.channels.get(id)?.closeThere();
    await pass(6000);
    for (const one of [a, b]) assert.deepEqual([one.did.splice(0), one.pc.made], [["close", "open"], 8]);
    assert.equal(a.bus.send("word", 1), true);
    await settled();
    assert.deepEqual(b.did, ["heard 1"]);
  });
}

test("channels: nothing is said over them before the other listens as well", async () => {
  const [a, b] = await joined();
  b.pc.connectionState = "disconnected"; // on this side only, for a while
  a.pc.channels.get(TALK)?.closeThere();
  a.bus.onOpen(() => a.bus.send("word", 2));
  await pass(5000);
  assert.deepEqual([a.did, b.did], [["close"], ["close"]]);
  b.pc.connectionState = "connected";
  await pass(6000);
  assert.deepEqual([a.did, b.did], [["close", "open"], ["close", "open", "heard 2"]]);
});

test("channels: what goes down with its connection is left to the next one", async () => {
  const [a] = await joined();
  a.pc.connectionState = "failed";
  a.pc.channels.get(TALK)?.closeThere();
  await pass(5000);
  assert.deepEqual([a.did.splice(0), a.pc.made], [["close"], 4]);
  a.attach(new Connection());
  await pass(5000);
  assert.deepEqual([a.did, a.pc.made], [["open"], 4]);
});

test("channels: where the connection can have no more, a new one is asked for once", async () => {
  const [a] = await joined();
  a.pc.sctp.state = "closed";
  a.pc.channels.get(TALK)?.closeThere();
  await pass(8000);
  assert.deepEqual([a.did, a.pc.made], [["close", "dead"], 4]);
});

test("channels: the other who closes them each time is not followed for ever", async () => {
  const [a, b] = await joined();
  for (let i = 0; i < 12; i++) {
    b.pc.channels.get(TALK)?.closeThere();
    await pass(2000);
  }
  assert.equal(a.pc.made, 4 * 6);
});

for (const [name, flood] of [
  ["too large", (pc: Connection) => pc.channels.get(TALK)?.send("x".repeat(16 * 1024 + 1))],
  ["too fast", (pc: Connection) => { for (let i = 0; i < 3001; i++) pc.channels.get(LOSSY)?.send(new ArrayBuffer(2)); }],
  ["not ours", (pc: Connection) => { for (let i = 0; i < 21; i++) pc.channels.get(TALK)?.send("{"); }],
  ["of the wrong kind", (pc: Connection) => { for (let i = 0; i < 21; i++) pc.channels.get(LOSSY)?.send("hello"); }],
] as const) {
  test(`channels: what is ${name} closes them for good, and nobody opens them again`, async () => {
    const [a, b] = await joined();
    flood(b.pc);
    await pass(20_000);
    assert.deepEqual([a.did.splice(0), a.bus.session], [["close", "abuse"], null]);
    assert.deepEqual(b.did, ["close"]); // it asks once more, and nobody answers
    assert.equal(b.bus.session, null);
    a.attach(new Connection());
    await pass(2000);
    assert.deepEqual([a.did, a.pc.made, a.bus.attached], [[], 0, true]);
  });
}

test("channels: kinds of another version and a few strange messages close nothing", async () => {
  const [a, b] = await joined();
  for (let i = 0; i < 200; i++) b.bus.send("of.tomorrow", i);
  for (let i = 0; i < 20; i++) b.pc.channels.get(TALK)?.send("{");
  b.bus.send("word", 3);
  await settled();
  assert.deepEqual(a.did, ["heard 3"]);
});
