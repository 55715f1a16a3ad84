import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Waits, Watch } from "./watch.js";

(mock.timers.enable as (wanted: unknown) => void).call(mock.timers, { apis: ["setTimeout", "setInterval"] }); // the types are older
Object.assign(globalThis, { window: globalThis });

class Path {
  connectionState: RTCPeerConnectionState = "new";
  onconnectionstatechange: (() => void) | null = null;
  bytes = 0;
  becomes(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
  async getStats(): Promise<RTCStatsReport> {
    const rows = [
      { id: "T", type: "transport", selectedCandidatePairId: "P" },
      { id: "P", type: "candidate-pair", bytesReceived: this.bytes },
    ];
    return new Map(rows.map((row) => [row.id, row])) as unknown as RTCStatsReport;
  }
}

let at = 0;
let reachable = true;
let hears = true;
let did: string[] = [];
const watches: Watch[] = [];

beforeEach(() => {
  for (const watch of watches.splice(0)) watch.stop();
  at = 0;
  reachable = hears = true;
  did = [];
});

function watched(path: Path, waits = new Waits()): Watch {
  const watch = new Watch(path as unknown as RTCPeerConnection, waits, {
    onState: () => undefined,
    onDoubt: async () => reachable,
    reachable: () => reachable,
    hears: async () => hears,
    ask: () => undefined,
    onStill: () => undefined,
    restart: () => did.push(`restart ${at / 1000}`),
    rebuild: () => did.push(`rebuild ${at / 1000}`),
  });
  watches.push(watch);
  return watch;
}

async function pass(seconds: number, each: () => void = () => undefined): Promise<void> {
  for (const end = at + 1000 * seconds; at < end; ) {
    at += 500;
    each();
    mock.timers.tick(500);
    for (let i = 0; i < 20; i++) await Promise.resolve();
  }
}

test("a path of which nothing comes is looked for anew, more and more seldom, and at last all is made anew", async () => {
  const path = new Path();
  watched(path);
  path.becomes("connected");
  path.becomes("disconnected");
  await pass(30);
  assert.deepEqual(did, ["restart 1.5", "restart 7.5", "rebuild 19.5"]);
});

test("a path that is called disconnected but brings something is only slow", async () => {
  const path = new Path();
  watched(path);
  path.becomes("connected");
  path.becomes("disconnected");
  await pass(20, () => (path.bytes += 10));
  assert.deepEqual(did, []);
  await pass(3);
  assert.deepEqual(did, ["restart 22.5"]); // the last word came at 20 and was seen at 21
});

test("one that failed is not waited for", async () => {
  const path = new Path();
  watched(path);
  path.becomes("connected");
  path.becomes("failed");
  await pass(0.5);
  assert.deepEqual(did, ["restart 0.5"]);
});

test("what was made anew is given longer, until something came up", async () => {
  const waits = new Waits();
  const path = new Path();
  const first = watched(path, waits);
  await pass(6);
  assert.deepEqual(did, ["rebuild 6"]);
  first.stop();
  watched(path, waits);
  await pass(11.5);
  assert.deepEqual(did, ["rebuild 6"]);
  await pass(0.5);
  assert.deepEqual(did, ["rebuild 6", "rebuild 18"]);
  path.becomes("connected");
  assert.equal(waits.ms, 6000);
});

test("while the other cannot hear of a path none is looked for", async () => {
  const path = new Path();
  watched(path);
  path.becomes("connected");
  reachable = false;
  path.becomes("disconnected");
  await pass(60);
  assert.deepEqual(did, []);
  reachable = true;
  await pass(6);
  assert.equal(did.length, 1);
});

test("nor while the other does not hear, though the server counts it as there", async () => {
  const path = new Path();
  watched(path);
  path.becomes("connected");
  hears = false;
  path.becomes("disconnected");
  path.becomes("failed");
  await pass(15);
  assert.deepEqual(did, []);
  hears = true;
  await pass(2);
  assert.equal(did.length, 1);
});
