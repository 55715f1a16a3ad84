import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Hearing } from "./hearing.js";
import type { SignalData } from "./protocol.js";

(mock.timers.enable as (wanted: unknown) => void).call(mock.timers, { apis: ["setTimeout"] }); // the types are older

function two(): { a: Hearing; b: Hearing; said: SignalData[]; line: { gone: boolean } } {
  const said: SignalData[] = [];
  const line = { gone: false };
  const to = (other: () => Hearing) => (data: SignalData): boolean => {
    said.push(data);
    if (!line.gone) queueMicrotask(() => other().take(data));
    return true;
  };
  const a: Hearing = new Hearing(to(() => b));
  const b: Hearing = new Hearing(to(() => a));
  return { a, b, said, line };
}

test("a page that is there answers, and is not answered in turn", async () => {
  const { a, said } = two();
  assert.equal(await a.ask(), true);
  assert.deepEqual(said.map(({ want, word }) => want ?? word), ["word", true]);
});

test("one whose line is gone does not", async () => {
  const { a, line } = two();
  line.gone = true;
  const heard = a.ask();
  mock.timers.tick(4000);
  assert.equal(await heard, false);
});

test("without a server there is nobody to ask", async () => {
  assert.equal(await new Hearing(() => false).ask(), false);
});

test("any word of the other's will do, and goes where it was meant for", async () => {
  const { a, line } = two();
  line.gone = true;
  const heard = a.ask();
  assert.equal(a.take({ pc: "p", to: null, description: { type: "offer" } }), false);
  assert.equal(await heard, true);
});
