import assert from "node:assert/strict";
import { test } from "node:test";
import { agreedKey, goneOf, isOurs, isShown, linkKey, QUIET, watch, type Facts, type Plan } from "./plan.js";

const fine: Facts = { stage: "in", seated: true, online: true, link: "up", otherHere: true, otherLeft: false, deafFor: 0 };

test("whose line is gone", () => {
  const table: [string, Partial<Facts>, string | null][] = [
    ["all is well", {}, null],
    ["the server is away, the talk goes on", { online: false }, null],
    ["the server is away and nothing is heard", { online: false, deafFor: 3100 }, "own"],
    ["server and link are away", { online: false, link: "unsteady" }, "own"],
    ["in the waiting room there is no link yet", { stage: "waiting", link: "none" }, null],
    ["in the waiting room the server is away", { stage: "waiting", link: "none", online: false }, "own"],
    ["never seated", { stage: "connecting", seated: false, online: false, link: "none" }, null],
    ["the other's seat is empty", { otherHere: false, link: "down" }, "other"],
    ["the other's server line is away, the talk goes on", { otherHere: false }, null],
    ["the other's seat is empty and nothing is heard", { otherHere: false, deafFor: 3100 }, "other"],
    ["the other went by the door", { otherHere: false, link: "none", otherLeft: true }, null],
    ["both are in touch with the server and nothing is heard", { link: "unsteady", deafFor: 5100 }, "other"],
    ["a short silence", { link: "unsteady", deafFor: 5000 }, null],
    ["over", { stage: "ended", online: false, link: "none" }, null],
  ];
  for (const [name, facts, gone] of table) assert.equal(goneOf({ ...fine, ...facts }), gone, name);
});

test("shown after a moment, and no longer than needed", () => {
  let w = watch(QUIET, "other", 1000);
  assert.equal(isShown(w, 2400), false);
  assert.equal(isShown(w, 2500), true);
  w = watch(w, "own", 4000);
  assert.equal(isShown(w, 4000), true, "it does not flicker when the other side of it is seen");
  w = watch(w, null, 5000);
  assert.equal(isShown(w, 9000), false);
  assert.equal(watch(w, null, 7000), w);
});

const plan: Plan = { calls: true, after: 5, by: "phone", where: "", number: "0812", href: "tel:0812" };

test("what was agreed, for each reader", () => {
  const table: [Partial<Plan>, string, string | null][] = [
    [{}, "plan_call_phone", "plan_link_phone"],
    [{ by: "whatsapp", href: "https://wa.me/62812" }, "plan_call_whatsapp", "plan_link_whatsapp"],
    [{ calls: false, href: "" }, "plan_called_phone", null],
    [{ calls: false, by: "whatsapp", href: "" }, "plan_called_whatsapp", null],
    [{ by: "platform", where: "https://x.example", href: "https://x.example" }, "plan_platform", "plan_link_platform"],
    [{ by: "platform", where: "Skype: nur", href: "" }, "plan_platform", null],
    [{ number: "", href: "" }, "plan_none", null],
    [{ calls: false, number: "", href: "" }, "plan_wait", null],
  ];
  for (const [changes, agreed, link] of table) {
    assert.equal(agreedKey({ ...plan, ...changes }), agreed);
    assert.equal(linkKey({ ...plan, ...changes }), link);
  }
});

test("only links that a plan can hold", () => {
  for (const href of ["tel:+62812", "tel:0812", "https://wa.me/62812", "https://meet.example/a?b=c"]) assert.ok(isOurs(href), href);
  for (const href of ["javascript:alert(1)", "http://x.example", "tel:", "data:text/html,x", "https://x\"y", ""]) assert.ok(!isOurs(href), href);
});
