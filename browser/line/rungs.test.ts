import assert from "node:assert/strict";
import { test } from "node:test";
import { kbitAt, PLAIN, rungFor, stillsBytes } from "./rungs.js";

test("stills take what the voice leaves of a line, and no more of a wide one than they need", () => {
  const stills = rungFor(64, "direct");
  for (const rate of [42, 64, 90]) {
    assert.ok(kbitAt(stills, rate) < rate, `${kbitAt(stills, rate)} of ${rate} kbit/s`);
    assert.ok(kbitAt(stills, rate) > kbitAt(PLAIN, rate));
  }
  assert.ok(kbitAt(stills, 50) > kbitAt(stills, 42));
  assert.equal(kbitAt(stills, 90), kbitAt(stills, 500), "a still is followed by the next after a second and a half at the soonest");
  assert.ok(stillsBytes(null) > 0 && stillsBytes(10) > 0);
});
