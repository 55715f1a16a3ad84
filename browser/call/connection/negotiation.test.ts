import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { around, FakePc, linked, made, pair, pass, settled } from "../../testing/fake-links.js";
import { FIRST } from "./tuning.js";

/** The counsellor has offered a new path, and nobody heard of it. */
async function offeredInVain(): ReturnType<typeof linked> {
  const all = await linked();
  all.loses.when = () => true;
  all.counsellor.restart();
  await settled();
  all.loses.when = () => false;
  all.post.splice(0);
  return all;
}

test("a wish for an offer that reached nobody is said again, by the same connection", async () => {
  const { client, post, loses } = pair();
  loses.when = (_to, data) => data.want !== undefined;
  await client.ensure();
  loses.when = () => false;
  await pass(3400);
  assert.equal(post.filter(({ data }) => data.want).length, 2);
  assert.deepEqual(made.map((pc) => pc.signalingState), ["stable", "stable"]);
});

test("once the other is back it is asked at once", async () => {
  const { client, loses } = pair();
  loses.when = () => true;
  await client.ensure();
  loses.when = () => false;
  client.onOtherBack();
  await settled();
  assert.equal(made[0]?.remoteDescription?.type, "offer");
});

test("a link that is closed while it is being made makes nothing", async () => {
  let give: (ice: unknown) => void = () => undefined;
  const { client, post } = pair(() => new Promise((done) => (give = done)));
  const ready = client.ensure();
  await settled();
  client.close();
  give({ servers: [], relay: "none", hidden: false });
  await ready;
  assert.deepEqual([made.length, post.length], [0, 0]);
});

test("two look for a new path at once: the client gives way and both are agreed", async () => {
  const { client, counsellor } = await linked();
  client.restart();
  counsellor.restart();
  await settled();
  assert.deepEqual(made.map((pc) => pc.signalingState), ["stable", "stable"]);
});

test("whoever stayed takes back what it offered in vain, and who comes back offers, once", async () => {
  const { client, counsellor, post, loses } = await linked();
  loses.when = () => true;
  counsellor.restart();
  await settled();
  for (const pc of made) pc.come("failed");
  await settled();
  loses.when = () => false;
  post.splice(0);
  counsellor.onOtherBack();
  client.onSocketBack(false);
  await settled();
  for (const pc of made) pc.come("connected");
  await pass(9000);
  assert.deepEqual(post.filter(({ data }) => data.description).map(({ to, data }) => [to, data.description?.type]), [["counsellor", "offer"], ["client", "answer"]]);
  assert.deepEqual(made.map((pc) => pc.signalingState), ["stable", "stable"]);
});

test("where who comes back offers nothing, the other does", async () => {
  const { counsellor, post } = await offeredInVain();
  const pc = made[1];
  assert.ok(pc);
  pc.still = true;
  pc.come("disconnected");
  counsellor.onOtherBack();
  await pass(2400);
  assert.deepEqual(post.filter(({ data }) => data.description).map(({ data }) => data.description?.type), ["offer", "answer"]);
});

test("where the path came back by itself, what was offered in vain is only taken back", async () => {
  const { counsellor, post } = await offeredInVain();
  counsellor.onOtherBack();
  await pass(9000);
  assert.deepEqual(post.filter(({ data }) => data.description), []);
  assert.deepEqual(made.map((pc) => pc.signalingState), ["stable", "stable"]);
});

test("a path that is looked for gets its time before it is looked for again", async () => {
  const { client, post, loses } = await linked();
  loses.when = (to) => to === "client";
  post.splice(0);
  client.restart();
  await settled();
  const [pc] = made;
  assert.ok(pc);
  pc.still = true;
  pc.come("disconnected");
  const offers = (): number => post.filter(({ data }) => data.description?.type === "offer").length;
  await pass(4000);
  assert.equal(offers(), 1);
  await pass(3000);
  assert.equal(offers(), 2);
});

test("an offer of the counsellor that was lost is sent again when the client offers in vain", async () => {
  const { client, counsellor, loses } = await linked();
  loses.when = (to) => to === "client";
  counsellor.restart();
  await settled();
  loses.when = () => false;
  await pass(4200);
  client.restart();
  await settled();
  assert.deepEqual(made.map((pc) => pc.signalingState), ["stable", "stable"]);
});

test("an answer that was lost is given again though the client has an offer under way by now", async () => {
  const { client, counsellor, loses } = await linked();
  loses.when = (to, data) => to === "counsellor" && data.description?.type === "answer";
  counsellor.restart();
  await settled();
  loses.when = () => false;
  await pass(4200);
  client.restart();
  await settled();
  const theirs = made.find((pc) => pc.remoteDescription?.type === "answer");
  assert.equal(theirs?.signalingState, "stable");
});

test("another form of the voice needs no exchange, and who answered answers again", async () => {
  const { client, counsellor, post } = await linked();
  for (const link of [client, counsellor]) link.send({ ...FIRST, voice: { kbit: 6, ptime: 120, red: false, dtx: true, nack: true } });
  await settled();
  assert.deepEqual(made.map((pc) => [pc.signalingState, pc.remoteDescription?.type, pc.offered]), [["stable", "offer", 0], ["stable", "answer", 1]]);
  assert.equal(post.length, 0);
});

test("whoever answers is told once more what to believe, and takes that back", async () => {
  const { client } = await linked();
  const [pc] = made as [FakePc];
  const given = mock.method(pc, "setRemoteDescription");
  const small = { ...FIRST, picture: { kbit: 110, scale: 2, fps: 20 }, measured: false };
  const words = (): (string | undefined)[] => given.mock.calls.map(({ arguments: [{ type, sdp }] }) => /min-bitrate=\d+/.exec(sdp ?? "")?.[0] ?? type);
  client.send(small);
  await settled();
  assert.deepEqual([words(), pc.signalingState], [["min-bitrate=210", "min-bitrate=209", "rollback"], "stable"]);
  client.send({ ...small, picture: { ...small.picture, kbit: 18 } });
  await settled();
  assert.deepEqual(words().slice(3), ["offer"], "below a small picture there is nothing to hold");
});

test("a browser that will not have it is not asked again, and is left as it was", async () => {
  const { client } = await linked();
  const [pc] = made as [FakePc];
  const refused = mock.method(pc, "setRemoteDescription", () => Promise.reject(new Error("no")));
  for (let i = 0; i < 2; i++) {
    client.send({ ...FIRST, voice: { kbit: 6, ptime: 120, red: false, dtx: true, nack: true } });
    await settled();
  }
  assert.deepEqual([refused.mock.callCount(), pc.signalingState], [1, "stable"]);
});

test("an offer that failed over a path that still lives is made again", async () => {
  const { counsellor, post } = await linked();
  for (const pc of made) pc.failing = true;
  counsellor.restart();
  await settled();
  for (const pc of made) pc.failing = false;
  assert.equal(post.length, 0);
  await pass(6400);
  assert.deepEqual(made.map((pc) => pc.signalingState), ["stable", "stable"]);
  assert.ok(post.some(({ data }) => data.description));
});

test("an offer the server never had is sent when the socket is back, and no new path is looked for", async () => {
  const { counsellor, post } = await offeredInVain();
  counsellor.onSocketBack(false);
  await settled();
  assert.deepEqual(made.map((pc) => pc.signalingState), ["stable", "stable"]);
  assert.equal(post.filter(({ data }) => data.description).length, 2);
});

test("on another network, with the old path dead, whoever moved offers a new connection", async () => {
  const { client, post } = await linked();
  for (const pc of made) pc.still = true;
  client.onMoved();
  await settled();
  client.onSocketBack(true);
  await settled();
  assert.equal(made.length, 4);
  assert.deepEqual(made.map((pc) => pc.signalingState), ["closed", "closed", "stable", "stable"]);
  const said = post.filter(({ data }) => data.description ?? data.want).map(({ to, data }) => [to, data.want ?? data.description?.type]);
  assert.deepEqual(said, [["counsellor", "offer"], ["client", "answer"]]);
});

test("on another network, with the old path alive, a better one is looked for beside it", async () => {
  const { client, post } = await linked();
  client.onMoved();
  await settled();
  client.onSocketBack(true);
  await settled();
  assert.deepEqual(made.map((pc) => pc.signalingState), ["stable", "stable", "closed"]);
  assert.deepEqual(post.filter(({ data }) => data.description).map(({ data }) => data.description?.type), ["offer", "answer"]);
});

test("who sends no picture still answers as one who would see and be seen, and only then lets it be", async () => {
  const { client, counsellor } = await linked();
  client.send({ voice: { kbit: 12, ptime: 60, red: true, dtx: true, nack: true }, picture: null, measured: false });
  await settled();
  const pc = made.find(({ heard }) => heard.length > 0);
  pc?.heard.splice(0);
  counsellor.restart();
  await settled();
  assert.deepEqual(pc?.heard.map((sdp) => /a=send\w+/.exec(sdp)?.[0]), ["a=sendrecv", "a=sendonly"]);
});

test("what the browser is to believe of the line is described anew when it changes, though the voice stays as it is", async () => {
  const { client } = await linked();
  const voice = { kbit: 12, ptime: 60, red: true, dtx: true, nack: true } as const;
  const told = async (kbit: number, measured: boolean) => {
    client.send({ voice, picture: { kbit, scale: 4, fps: 2 }, measured });
    await settled();
    const sdp = made.map(({ remoteDescription }) => remoteDescription?.sdp ?? "").find((text) => text.includes("x-google")) ?? "";
    return [sdp.includes("transport-cc"), ...["start", "min", "max"].map((name) => Number(new RegExp(`${name}-bitrate=(\\d+)`).exec(sdp)?.[1] ?? 0))];
  };
  assert.deepEqual(await told(150, false), [false, 210, 210, 210]);
  assert.deepEqual(await told(18, false), [false, 48, 0, 60]);
  assert.deepEqual(await told(90, false), [false, 210, 210, 210]);
  assert.deepEqual(await told(1500, true), [true, 1200, 0, 0]);
  assert.deepEqual(await told(18, true), [true, 48, 0, 60]); // the other sends a full picture, and hears of it from us
  assert.deepEqual(await told(110, true), [true, 300, 0, 0]);
});

test("a browser that made nothing ready looks for another path as it always did", async () => {
  const { client, post } = await linked();
  for (const pc of made) pc.still = true;
  Object.assign(globalThis, { navigator: {} });
  client.onMoved();
  await settled();
  client.onSocketBack(true);
  await settled();
  Object.assign(globalThis, { navigator: around.navigator });
  assert.equal(made.length, 2);
  assert.deepEqual(post.filter(({ data }) => data.description).map(({ data }) => data.description?.type), ["offer", "answer"]);
});
