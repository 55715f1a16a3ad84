// The page that stands in for the room while there is no line: what was agreed, and back as soon as the server answers.
import { LISTENING, type Ear } from "../call/session/heard.js";
import { Keep } from "../call/session/keep.js";
import { agreedKey, isOurs, linkKey, type Plan } from "../call/session/plan.js";
import type { Words } from "../call/session/config.js";
import { json, one, sayer, show, write } from "../call/ui/dom.js";
import { codeOf } from "./assets.js";

const EVERY = 2000; // ms
const WITHIN = 1500;
const MINUTE = 60_000;

const say = sayer(json<Words>("words"));
const keep = new Keep(codeOf(location.pathname));

function draw(): void {
  write(one("[data-plan-title]"), say("plan_title_own"));
  const kept = keep.read<{ plan: Plan; name: string; zone?: string } | null>("plan", null);
  if (!kept) return;
  const { plan, name, zone } = kept;
  const { since, good } = keep.read<Ear>("ear", LISTENING);
  const time = clock((since ?? good ?? Date.now() + keep.read("skew", 0)) + plan.after * MINUTE, zone);
  write(one("[data-plan-text]"), say(agreedKey(plan), { name, time, number: plan.number, where: plan.where }));
  const link = one<HTMLAnchorElement>("[data-plan-link]");
  const key = linkKey(plan);
  if (!link || !key || !isOurs(plan.href)) return;
  link.href = plan.href;
  write(link, say(key, { number: plan.number }));
  show(link, true);
}

/** WIB, WITA and WIT are known in Indonesian alone. */
function clock(at: number, timeZone?: string): string {
  const hour = new Intl.DateTimeFormat("id", { hour: "2-digit", minute: "2-digit", timeZone, timeZoneName: "short", hourCycle: "h23" });
  return hour.format(new Date(at));
}

async function look(): Promise<void> {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), WITHIN);
  try {
    const { ok } = await fetch("/garis/ping", { method: "HEAD", cache: "no-store", signal: giveUp.signal });
    if (ok) return location.reload();
  } catch {
    // Still gone.
  } finally {
    clearTimeout(timer);
  }
  setTimeout(() => void look(), EVERY);
}

draw();
setTimeout(() => void look(), EVERY);
