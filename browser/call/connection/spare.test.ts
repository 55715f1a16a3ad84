import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { fakeBuses, openBoth } from "../../testing/fake-bus.js";
import { FakePc, linked, made, NO_RELAY, OpenBus, pair, pass, settled } from "../../testing/fake-links.js";
import { fingerprintIn } from "./certificates.js";
import { FIRST } from "./tuning.js";
import type { SignalData } from "./protocol.js";

/** Both linked and let in, and the client has what it needs for a move: `waiting` is the counsellor's, `tried` the client's. */
async function foreseen() {
  const buses = fakeBuses().map((bus) => Object.setPrototypeOf(bus, OpenBus.prototype) as OpenBus) as [OpenBus, OpenBus];
  const two = await linked(pair(NO_RELAY, buses as never));
  for (const link of [two.client, two.counsellor]) link.openTap();
  openBoth(buses);
  for (let second = 0; second < 6; second++) two.client.foresee();
  await settled();
  const [first, second, waiting, tried] = made;
  assert.ok(first && second && waiting && tried);
  assert.deepEqual([made.length, waiting.signalingState, tried.signalingState], [4, "stable", "closed"]);
  two.post.splice(0);
  return { ...two, buses, waiting };
}

test("who moved takes up the connection kept for it, and the other, without a word of a description", async () => {
  const { client, counsellor, post, waiting } = await foreseen();
  client.onMoved();
  await settled();
  const moved = made[4];
  assert.equal(fingerprintIn(moved?.localDescription?.sdp), fingerprintIn(waiting.remoteDescription?.sdp));
  assert.equal(fingerprintIn(moved?.remoteDescription?.sdp), fingerprintIn(waiting.localDescription?.sdp));
  moved?.come("connected");
  waiting.come("connected");
  await settled();
  const told = moved?.localDescription?.sdp;
  client.send({ ...FIRST, voice: { kbit: 6, ptime: 120, red: false, dtx: true, nack: true } });
  await settled();
  assert.match(moved?.remoteDescription?.sdp ?? "", /ptime:120/);
  assert.equal(moved?.localDescription?.sdp, told, "the other plays what that one names");
  client.onSocketBack(true);
  await pass(8000);
  assert.deepEqual(made.map(({ connectionState }) => connectionState), ["closed", "closed", "connected", "closed", "connected"]);
  assert.equal(post.length, 0);
  client.restart(); // each is the other's from now on
  await settled();
  const said: SignalData[] = post.map(({ data }) => data);
  assert.deepEqual(said.map(({ description }) => description?.type), ["offer", "answer"]);
  assert.equal(moved?.configured, 1, "with its certificate: without, no browser takes another configuration");
  assert.ok(counsellor.admitted);
});

test("an address found meanwhile is told once the server is reached, to the connection that waits", async () => {
  const { client, loses, waiting } = await foreseen();
  loses.when = () => true;
  client.onMoved();
  await settled();
  const found = { candidate: "candidate:1 1 udp 1 192.0.2.1 9 typ host" };
  made[4]?.onicecandidate?.({ candidate: { ...found, toJSON: () => found } });
  loses.when = () => false;
  client.onSocketBack(true);
  await settled();
  assert.deepEqual(waiting.added, [found]);
});

test("what was kept and does not come up is let go, and everything made anew through the server", async () => {
  const { client, post } = await foreseen();
  for (const pc of made.slice(0, 1)) pc.still = true;
  client.onMoved();
  await settled();
  client.onSocketBack(true);
  await pass(1800);
  assert.equal(post.length, 0);
  await pass(400);
  assert.equal(made[4]?.connectionState, "closed");
  assert.deepEqual(post.map(({ data }) => data.description?.type), ["offer", "answer"]);
});

test("where the other did not take up the same one, everything is made anew soon", async () => {
  const { client, buses, post } = await foreseen();
  buses[1].dead = true;
  client.onMoved();
  await settled();
  made[4]?.come("connected");
  await pass(3800);
  assert.equal(post.length, 0);
  await pass(400);
  assert.equal(made[4]?.connectionState, "closed");
  assert.equal(post[0]?.data.description?.type, "offer");
});

test("another move while the one kept is under way: what lives on the old path goes on, and is watched", async () => {
  const { client, post } = await foreseen();
  client.onMoved();
  client.onMoved();
  await settled();
  assert.equal(made[4]?.connectionState, "closed");
  client.onSocketBack(true);
  await settled();
  assert.deepEqual(post.map(({ data }) => data.description?.type), ["offer", "answer"]);
  assert.deepEqual([made[0]?.connectionState, typeof made[0]?.onconnectionstatechange], ["connected", "function"]);
});

test("what did not come up does not end an old path that lives", async () => {
  const { client } = await foreseen();
  client.onMoved();
  await settled();
  client.onSocketBack(true);
  await pass(2200);
  assert.deepEqual([made[0]?.connectionState, made[4]?.connectionState], ["connected", "closed"]);
});

test("one that will not come up is not counted on", async () => {
  const { client, buses, waiting } = await foreseen();
  waiting.come("failed");
  assert.equal(waiting.connectionState, "closed");
  assert.deepEqual(buses[0].sent.at(-1)?.[0], "spare.gone");
  client.onMoved();
  await settled();
  assert.equal(made[4]?.localDescription, null);
});

test("a browser that takes no answer but the last it made goes the long way at once", async () => {
  const { client, post } = await foreseen();
  for (const pc of made) pc.still = true;
  mock.method(FakePc.prototype, "createAnswer", () => Promise.reject(new Error("no")), { times: 1 });
  client.onMoved();
  await settled();
  client.onSocketBack(true);
  await settled();
  assert.deepEqual(post.map(({ data }) => data.description?.type), ["offer", "answer"]);
});

test("what was kept goes with the connection over which it was agreed", async () => {
  const { client, buses, waiting } = await foreseen();
  buses.forEach((bus) => bus.close());
  client.onMoved();
  await settled();
  assert.equal(waiting.connectionState, "closed");
  assert.equal(made[4]?.localDescription, null);
});

test("nothing is kept of what is no description, or is too long", async () => {
  const { client, buses } = await foreseen();
  for (const body of [null, 7, { id: "x" }, { id: "x", sdp: "v=0" }, { id: "x", sdp: "a".repeat(20_000) }]) {
    buses[1].hear("spare.offer", body);
    buses[0].hear("spare.answer", body);
  }
  await settled();
  assert.equal(made.length, 4);
  client.onMoved();
  await settled();
  assert.ok(made[4]?.localDescription);
});
