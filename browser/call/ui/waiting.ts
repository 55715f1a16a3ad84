// The waiting room: where the counsellor truthfully is, and what may be chosen when she is late.
import { minutesLate, minutesLeft } from "../session/clock.js";
import { waitingSentence } from "../session/status.js";
import { otherOf } from "../session/state.js";
import { one, show, write } from "./dom.js";
import { zonedTime, type Page } from "./page.js";

const CHOICE_AFTER = 10; // minutes, where the practice's own rule is not told

export function waiting({ session, config, say, ...rest }: Page): void {
  if (!one('[data-view="waiting"]')) return;
  const page = { session, config, say, ...rest };
  const draw = (): void => {
    const { state } = session;
    const now = session.now();
    const { key, values } = waitingSentence(state, now);
    write(one("[data-wait-title]"), say(key, values));
    if (!state.clock || now === null) return;
    const time = zonedTime(page, state.clock.starts);
    const minutes = minutesLeft(state.clock, now);
    const lead = now < state.clock.starts ? say(minutes > 1 ? "wait_starts_in" : "wait_starts_soon", { time, minutes }) : say("wait_started", { time });
    write(one("[data-wait-lead]"), lead);
    const late = minutesLate(state.clock, now) >= (config.choice_after ?? CHOICE_AFTER);
    show(one("[data-wait-choice]"), !otherOf(state)?.here && (late || state.whereabouts?.may_choose === true));
  };
  session.subscribe(draw);
  setInterval(draw, 5000);
  draw();
}
