import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Hunt } from "./hunt.js";

(mock.timers.enable as (wanted: unknown) => void).call(mock.timers, { apis: ["setTimeout"] }); // the types are older

/** As Chromium has it: one at a time connects, in the order in which they were begun, and asks again more and more seldom. */
class Socket {
  static line = false;
  static all: Socket[] = [];
  static begun: number[] = [];
  state: "waits" | "connects" | "open" | "closed" = "waits";
  since = Infinity;
  answered = Infinity;
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  constructor() {
    Socket.all.push(this);
    Socket.begun.push(now);
  }
  close(): void {
    this.state = "closed";
  }
  open(): void {
    this.state = "open";
    this.onopen?.();
  }
  refuse(): void {
    this.onclose?.();
  }
}

const ASKS = [0, 1000, 3000, 7000]; // ms
let now = 0;
Object.assign(globalThis, { WebSocket: Socket });
const navigator = { onLine: true };
Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });

async function pass(ms: number, needs = 1000): Promise<void> {
  for (const end = now + ms; now < end; ) {
    mock.timers.tick(100);
    now += 100;
    const first = Socket.all.find(({ state }) => state === "waits" || state === "connects");
    if (first) {
      if (first.state === "waits") Object.assign(first, { state: "connects", since: now });
      if (Socket.line && ASKS.includes(now - first.since)) first.answered = Math.min(first.answered, now);
      if (now - first.answered >= needs) first.open();
    }
    await Promise.resolve();
  }
}

beforeEach(() => {
  Object.assign(Socket, { line: false, all: [], begun: [] });
  navigator.onLine = true;
  now = 0;
});

async function opened(hunt: Hunt, wait: () => Promise<void>): Promise<boolean> {
  let got: unknown = null;
  void hunt.open().then((socket) => (got = socket));
  await wait();
  await Promise.resolve();
  hunt.stop();
  return got !== null;
}

for (const gone of [1000, 30_000, 91_300, 300_000]) {
  test(`a line that was gone for ${gone / 1000} s is found within five seconds`, async () => {
    const there = await opened(new Hunt({ url: "wss://x", within: () => 1500 }), async () => {
      await pass(gone);
      Socket.line = true;
      await pass(5000);
    });
    assert.ok(there);
    assert.equal(Socket.all.filter(({ state }) => state !== "closed").length, 1, "those that still waited are given up");
  });
}

test("a line that has become so thin that a socket takes six seconds is found as well", async () => {
  const there = await opened(new Hunt({ url: "wss://x", within: () => 700 }), async () => {
    await pass(40_000);
    Socket.line = true;
    await pass(30_000, 6000);
  });
  assert.ok(there);
});

test("where sockets are refused the pause grows, and a first one after a move is not waited for", async () => {
  const hunt = new Hunt({ url: "wss://x", within: () => 1500 });
  const refuse = async (times: number): Promise<number[]> => {
    Socket.begun.splice(0);
    const last = (): Socket => Socket.all[Socket.all.length - 1] as Socket;
    for (let i = 0; i < times; i++) {
      const before = Socket.all.length;
      last().refuse();
      for (let ms = 0; ms < 3000 && Socket.all.length === before; ms += 100) await pass(100);
    }
    return Socket.begun.map((at, i) => Math.round((at - (Socket.begun[i - 1] ?? now)) / 100) * 100).slice(1);
  };
  void hunt.open();
  const pauses = await refuse(10);
  assert.ok((pauses[0] ?? 0) <= 500 && (pauses[8] ?? 0) >= 1900, String(pauses));
  hunt.anew();
  assert.ok((await refuse(2)).every((ms) => ms <= 100));
  hunt.stop();
});

test("without a network hardly anything is tried, and at once when there is one", async () => {
  navigator.onLine = false;
  const hunt = new Hunt({ url: "wss://x", within: () => 1500 });
  void hunt.open();
  Socket.all[0]?.refuse();
  await pass(25_000);
  assert.ok(Socket.all.length <= 3, String(Socket.all.length));
  navigator.onLine = true;
  Socket.begun.splice(0);
  hunt.anew();
  assert.deepEqual(Socket.begun, [now]);
  hunt.stop();
});

test("what is stopped opens nothing more", async () => {
  const hunt = new Hunt({ url: "wss://x", within: () => 1500 });
  const answer = hunt.open();
  hunt.stop();
  const before = Socket.all.length;
  await pass(20_000);
  assert.deepEqual([await answer, Socket.all.length], [null, before]);
});
