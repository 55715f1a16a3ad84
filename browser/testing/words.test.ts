// Every sentence that the programs ask for is one that the server gives, and none is given that nobody asks for.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FIXES } from "../check/forecast.js";

const sources = (folder: string): string =>
  readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => readFileSync(name, "utf8"))
    .join("\n");
const given = (file: string): Set<string> => new Set([...readFileSync(file, "utf8").matchAll(/^\s+"(\w+)": /gm)].map((m) => m[1] ?? ""));

const BUILT = {
  call: [
    ...["picture", "voice", "text"].map((v) => `verdict_${v}`),
    ...[0, 1, 2, 3, 4, 5].flatMap((level) => [`level_${level}`, `hall_level_${level}`]),
    "wait_starts_in", "wait_starts_soon", "picture_text_wished", "picture_text", "picture_wished_here", "picture_wished_there", "picture_stills", "picture_voice",
    ...[15, 10, 5].map((cue) => `cue_${cue}`),
    ...["mic", "cam"].flatMap((d) => ["refused", "busy", "none"].map((why) => `device_${d}_${why}`)),
    ...["silent", "other", "nonsense", "tampered"].map((why) => `trust_aborted_${why}`),
    ...["ended", "taken", "not_in_window", "signed_out", "refused"].flatMap((k) => [`over_${k}_title`, `over_${k}_text`]),
  ],
};

test("the room's words", () => {
  const words = given("tatap/callroom/words.py");
  const text = sources("browser/call");
  const asked = new Set(BUILT.call);
  for (const [, key] of text.matchAll(/"((?:trust|words)_\w+)"/g)) if (key) asked.add(key);
  for (const [, key] of text.matchAll(/(?:say|calm|care)\(\s*"(\w+)"/g)) if (key) asked.add(key);
  assert.deepEqual([...asked].filter((key) => !words.has(key)), []);
  const mentioned = (key: string) => asked.has(key) || text.includes(`"${key}"`);
  assert.deepEqual([...words].filter((key) => !mentioned(key)), []);
});

test("the check's words", () => {
  const words = given("tatap/preparation/words.py");
  const opened = ["on", "refused", "busy", "none", "unsupported"];
  const saw = [
    ...["camera", "microphone"].flatMap((d) => opened.map((o) => `${d}_${o}`)),
    ...["light", "noise", "tone", "line", "path", "camera", "microphone"].map((row) => `${row}_wait`),
    ...["fine", "dark", "bright", "behind", "unseen"].map((l) => `light_${l}`),
    ...["quiet", "some", "loud", "unheard"].map((n) => `noise_${n}`),
    ...["good", "middling", "weak", "text"].map((l) => `line_${l}`),
    "tone_heard", "tone_not_heard", "path_yes", "path_tcp", "path_no",
    ...[0, 1, 2, 3, 4, 5].flatMap((level) => [`forecast_${level}`, `forecast_${level}_means`]),
    "forecast_data", "forecast_help", "forecast_nothing", ...FIXES.map((fix) => `fix_${fix}`),
  ];
  assert.deepEqual(saw.filter((key) => !words.has(key)), []);
  const known = new Set(saw.flatMap((key) => [key, `${key}_means`, `${key}_fix`]));
  assert.deepEqual([...words].filter((key) => !known.has(key)), []);
});
