import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "./api.js";
import { IceSource, type IceOptions } from "./ice.js";

const A = { urls: ["turn:a.example"], username: "u", credential: "p" };
const answer = (body: object): Answer => ({ status: 200, body: { iceServers: [A], ttl: 4800, hidden: false, away: false, ...body } });

function source(answers: Answer[], changes: Partial<IceOptions> = {}) {
  const asked: unknown[] = [];
  const clock = { ms: 0 };
  const made = new IceSource({
    url: "/jalur", csrf: "x", stun: "stun:own.example", relay: "well", hidden: false, now: () => clock.ms, ...changes,
    ask: (_url, _csrf, body) => {
      asked.push(body);
      return Promise.resolve(answers.shift() ?? { status: 0, body: null });
    },
  });
  return { made, asked, clock };
}

test("passwords are kept until ten minutes before their end", async () => {
  const { made, asked, clock } = source([answer({}), answer({ iceServers: [{ ...A, username: "later" }] })]);
  assert.deepEqual(await made.get(), { servers: [A], relay: "well", hidden: false });
  clock.ms = 69 * 60_000;
  await made.get();
  assert.equal(asked.length, 1);
  clock.ms = 71 * 60_000;
  assert.equal((await made.get()).servers[0]?.username, "later");
});

const states: [string, object, string][] = [
  ["a relay", {}, "well"],
  ["all relays away", { away: true }, "away"],
  ["none", { iceServers: [{ urls: ["stun:own.example"] }] }, "none"],
];
for (const [name, body, relay] of states) {
  test(`what the server says of relays: ${name}`, async () => assert.equal((await source([answer(body)]).made.get()).relay, relay));
}

test("without an answer the page's word holds, so that no address is shown", async () => {
  const { made } = source([], { hidden: true });
  assert.deepEqual(await made.get(), { servers: [{ urls: "stun:own.example" }], relay: "well", hidden: true });
});

test("an answer that fails later leaves what was known", async () => {
  const { made, clock } = source([answer({}), { status: 429, body: {} }]);
  await made.get();
  clock.ms = 3 * 3_600_000;
  assert.deepEqual((await made.get()).servers, [A]);
});

test("each doubt is told once, with the next question at the latest after a few seconds", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] } as never); // the types know only an older form
  const { made, asked } = source([answer({}), answer({}), answer({})]);
  await made.get();
  for (const code of [701, 701, 700]) made.doubt("turn:a.example", code);
  t.mock.timers.tick(5000);
  made.doubt("turn:a.example", 701);
  t.mock.timers.tick(5000);
  assert.deepEqual(asked, [{}, { doubts: [{ url: "turn:a.example", code: 701 }, { url: "turn:a.example", code: 700 }] }]);
  made.stop();
});

test("a refused password is not given out again", async () => {
  const { made, asked } = source([answer({}), answer({})]);
  await made.get();
  made.doubt("turn:a.example", 401);
  await made.get();
  assert.equal(asked.length, 2);
  made.stop();
});
