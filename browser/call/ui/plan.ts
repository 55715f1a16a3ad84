// What was agreed for the moment the line is gone: in the page from the start, so that it can be read without one.
import type { LineBook } from "../session/line-book.js";
import { agreedKey, goneOf, isOurs, isShown, linkKey, QUIET, watch, type Watch } from "../session/plan.js";
import { otherOf, stageOf } from "../session/state.js";
import { one, show, write } from "./dom.js";
import { zonedTime, type Page } from "./page.js";

const MINUTE = 60_000;

export function plan(page: Page, book: LineBook): void {
  const { session, config } = page;
  const root = one("[data-plan]");
  if (!root || !config.plan) return;
  // For the page that stands in where the room cannot be fetched (browser/offline).
  session.keep.write("plan", { plan: config.plan, name: config.other ?? "", zone: config.zone });
  void navigator.serviceWorker?.register("/sw.js").catch(() => undefined); // refused: then a reload without a line is the browser's own page
  drawLink(page);
  let seen: Watch = QUIET;
  let skewed = false;
  const draw = (): void => {
    const { state } = session;
    const server = session.now();
    // A phone's clock may be hours wrong, and the page without a line has no other.
    if (!skewed && server !== null) session.keep.write("skew", Math.round(server - Date.now()));
    skewed ||= server !== null;
    const other = otherOf(state);
    const now = performance.now();
    const gone = goneOf({
      stage: stageOf(state), seated: state.seated, online: state.online, link: state.link,
      otherHere: other?.here ?? false, otherLeft: state.otherLeft, deafFor: book.deafFor(),
    });
    seen = watch(seen, gone, now);
    const shown = isShown(seen, now);
    if (shown) drawText(page, seen, now);
    show(root, shown);
  };
  session.subscribe(draw);
  setInterval(draw, 500);
}

function drawText(page: Page, { gone, since }: Watch, now: number): void {
  const { session, config, say } = page;
  const agreed = config.plan;
  if (!agreed) return;
  const name = otherOf(session.state)?.alias ?? config.other ?? "";
  write(one("[data-plan-title]"), gone === "own" ? say("plan_title_own") : say("plan_title_other", { name }));
  const server = session.now();
  const time = server === null ? "" : zonedTime(page, server - (now - since) + agreed.after * MINUTE);
  write(one("[data-plan-text]"), say(agreedKey(agreed), { name, time, number: agreed.number, where: agreed.where }));
}

function drawLink({ config, say }: Page): void {
  const link = one<HTMLAnchorElement>("[data-plan-link]");
  const agreed = config.plan;
  const key = agreed ? linkKey(agreed) : null;
  if (!link || !agreed || !key || !isOurs(agreed.href)) return;
  link.href = agreed.href;
  write(link, say(key, { number: agreed.number }));
  show(link, true);
}
