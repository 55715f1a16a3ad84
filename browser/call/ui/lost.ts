// What the line took, towards the end: both read the minutes, the counsellor may take them now where time is free.
import { get, post } from "../session/api.js";
import { stageOf } from "../session/state.js";
import { all, one, show, write } from "./dom.js";
import type { Page } from "./page.js";

interface Facts {
  minutes: number;
  offer: number;
}

const NEAR_END = 10 * 60_000; // ms
const EVERY = 30_000;

export function lost({ session, config, say }: Page): void {
  const button = one<HTMLButtonElement>("[data-take-lost]");
  let offered = 0;
  const draw = ({ minutes, offer }: Facts): void => {
    for (const line of all("[data-lost]")) {
      write(line, minutes ? say("lost_minutes", { minutes }) : "");
      show(line, minutes > 0);
    }
    offered = offer;
    if (offer) write(button, say("lost_take", { minutes: offer }));
    show(button, offer > 0);
  };
  const look = async (): Promise<void> => {
    const now = session.now();
    const { clock, online } = session.state;
    if (now === null || !clock || !online || stageOf(session.state) !== "in" || now < clock.ends - NEAR_END) return;
    const { status, body } = await get(config.urls.line);
    if (status === 200) draw(body as Facts);
  };
  button?.addEventListener("click", () => {
    if (!config.urls.extend) return;
    button.disabled = true;
    void post(config.urls.extend, config.csrf).then(({ status }) => {
      button.disabled = false;
      write(one("[data-take-status]"), status === 200 ? say("lost_taken", { minutes: offered }) : say("lost_not_taken"));
      if (status === 200 || status === 409) show(button, false);
    });
  });
  setInterval(() => void look(), EVERY);
  session.subscribe((state, before) => {
    if (stageOf(state) !== stageOf(before)) void look();
    const moved = before.clock && state.clock ? Math.round((state.clock.ends - before.clock.ends) / 60_000) : 0;
    if (moved > 0 && !button) write(one("[data-cue]"), say("lost_added", { minutes: moved }));
  });
}
