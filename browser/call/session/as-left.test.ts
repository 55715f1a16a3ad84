import assert from "node:assert/strict";
import { test } from "node:test";
import { leftOf } from "./as-left.js";
import type { Left } from "./own-devices.js";
import type { Own } from "./state.js";

const cases: [Own["mic"], Own["cam"], Left | null][] = [
  ["none", "none", null],
  ["none", "off", null],
  ["on", "on", { muted: false, cam: true }],
  ["off", "off", { muted: true, cam: false }],
  ["off", "taken", { muted: true, cam: true }],
  ["ended", "ended", { muted: false, cam: true }],
  ["none", "on", { muted: false, cam: true }],
];
for (const [mic, cam, left] of cases) {
  test(`a tab left with its microphone ${mic} and its camera ${cam}`, () => assert.deepEqual(leftOf({ mic, cam }), left));
}
