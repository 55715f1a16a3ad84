import assert from "node:assert/strict";
import { test } from "node:test";
import { assetsOf, codeOf, isRoom } from "./assets.js";

test("what the page needs is read off its text", () => {
  const page = `<link rel="preload" href="/static/a.woff2"><link rel="stylesheet" href="/static/dist/room.1.css">
    <script id="words" type="application/json">{}</script><script type="module" src="/static/dist/offline.2.js"></script>
    <script type="module" src="https://elsewhere.example/static/x.js"></script>`;
  assert.deepEqual(assetsOf(page), ["/static/dist/room.1.css", "/static/dist/offline.2.js"]);
});

test("only the room's own page is stood in for", () => {
  for (const path of ["/sesi/ABC/", "/sesi/ABC/ruang/tiket", "/sesi/", "/", "/sesi/A/B/ruang/"]) assert.equal(isRoom(path), false, path);
  assert.equal(isRoom("/sesi/ABC2345/ruang/"), true);
  assert.equal(codeOf("/sesi/ABC2345/ruang/"), "ABC2345");
});
