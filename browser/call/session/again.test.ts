import assert from "node:assert/strict";
import { test } from "node:test";
import { Again } from "./again.js";

test("asked twice while waiting it tries once, and is tried again as often as it is refused", () => {
  const due: (() => void)[] = [];
  let tries = 0;
  const again = new Again(() => ++tries, 3000, (work) => due.push(work));
  again.soon();
  again.soon();
  assert.equal(due.length, 1);
  for (const expected of [1, 2, 3]) {
    due.shift()?.();
    assert.equal(tries, expected);
    again.soon(); // refused once more
    assert.equal(due.length, 1);
  }
});
