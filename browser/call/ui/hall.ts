// Before admission, for the counsellor: who waits, and the one button. A waiting client is heard and seen in the
// tab's title as well.
import { stageOf, otherOf, type Other } from "../session/state.js";
import { one, show, write, type Say } from "./dom.js";
import { clockTime, type Page } from "./page.js";
import { softTone } from "./sound.js";

export function hall(page: Page): void {
  const { session, say } = page;
  const root = one("[data-hall]");
  if (!root) return;
  const button = one<HTMLButtonElement>("[data-admit]", root);
  button?.addEventListener("click", () => {
    const other = otherOf(session.state);
    if (other) session.admission.admit(other.id);
  });
  const title = document.title;
  let announced = false;
  const draw = (): void => {
    const { state } = session;
    const other = otherOf(state);
    const before = stageOf(state) === "waiting" || stageOf(state) === "connecting";
    show(root, before);
    const waits = before && other?.here === true;
    if (waits && !announced) softTone();
    announced = waits;
    document.title = waits ? `● ${say("title_waiting")}` : title;
    if (!before) return;
    const name = other?.alias ?? "";
    write(one("[data-hall-title]", root), waits ? say("hall_waits", { name }) : say(state.online ? "hall_nobody" : "wait_connecting", { name }));
    const since = other?.waiting_since ? clockTime(page, other.waiting_since) : "";
    write(one("[data-hall-text]", root), waits ? (since ? say("hall_since", { time: since }) : "") : say("hall_nobody_text", { name }));
    const verdict = other ? lineOf(other, name, say) : "";
    const told = one("[data-hall-verdict]", root);
    show(told, waits && verdict !== "");
    if (verdict) write(told, verdict);
    if (button) button.disabled = !waits || !state.online;
  };
  session.subscribe(draw);
  draw();
}

/** What the other's line will hold: as the room measured it just now, else as it was foreseen. */
function lineOf({ state, forecast, verdict }: Other, name: string, say: Say): string {
  const { level, mb } = typeof state.level === "number" ? state : forecast ?? {};
  if (typeof level !== "number" || !Number.isInteger(level) || level < 0 || level > 5) return verdict ? say(`verdict_${verdict}`, { name }) : "";
  const data = typeof mb === "number" && mb > 0 ? ` ${say("hall_data", { mb: Math.round(mb) })}` : "";
  return say(`hall_level_${level}`, { name }) + data;
}
