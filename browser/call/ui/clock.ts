// The session's time: an arc, the minutes left, and quiet cues that only the counsellor has.
import { cueAt, minutesLeft, phaseAt, share } from "../session/clock.js";
import { stageOf } from "../session/state.js";
import { one, show, write } from "./dom.js";
import type { Page } from "./page.js";

export function clock({ session, say, isCounsellor }: Page): void {
  const root = one("[data-clock]");
  if (!root) return;
  const arc = one<SVGPathElement>("[data-arc]", root);
  const draw = (): void => {
    const { clock: anchor } = session.state;
    const now = session.now();
    const shown = stageOf(session.state) === "in" && anchor !== null && now !== null;
    show(root, shown);
    if (!shown) return;
    const phase = phaseAt(anchor, now);
    root.dataset.phase = phase;
    arc?.setAttribute("stroke-dasharray", `${(share(anchor, now) * 100).toFixed(1)} 200`);
    const minutes = minutesLeft(anchor, now);
    write(one("[data-clock-text]", root), say(phase === "before" ? "clock_before" : phase === "over" ? "clock_over" : "clock_left", { minutes }));
    const cue = isCounsellor ? cueAt(anchor, now) : null;
    write(one("[data-cue]", root), cue ? say(`cue_${cue}`) : "");
  };
  session.subscribe(draw);
  setInterval(draw, 1000);
  draw();
}
