// The line in words: what is sent just now, what an hour of it takes, and the wish for less.
import { mbPerHour, type Level } from "../session/rungs.js";
import { ownLevelKey, pictureSentence } from "../session/status.js";
import { stageOf } from "../session/state.js";
import { all, one, show, write } from "./dom.js";
import type { Page } from "./page.js";

export function line(page: Page): void {
  const { session, say } = page;
  const root = one("[data-line]");
  for (const radio of all<HTMLInputElement>("[data-pin]", root ?? document)) {
    const level = Number(radio.value) as Level;
    write(one("[data-pin-data]", radio.closest("label") ?? document), say("line_data", { mb: mbPerHour(level) }));
    radio.addEventListener("change", () => session.quality.setPin(level));
  }
  const draw = (): void => {
    const { state } = session;
    const { level, pin, mbPerHour: mb } = state.quality;
    document.documentElement.dataset.level = String(level);
    document.documentElement.dataset.measured = String(state.quality.measured);
    write(one("[data-line-now]", root ?? document), say(ownLevelKey(state)));
    write(one("[data-line-data]", root ?? document), mb === null ? "" : say("line_data_now", { mb: Math.max(1, Math.round(mb)) }));
    for (const radio of all<HTMLInputElement>("[data-pin]")) radio.checked = Number(radio.value) === pin;
    const sentence = pictureSentence(state);
    show(one("[data-no-picture]"), stageOf(state) === "in" && sentence !== null);
    one("[data-other-video]")?.classList.toggle("is-dark", sentence !== null);
    write(one("[data-no-picture-why]"), sentence ? say(sentence.key, sentence.values) : "");
  };
  session.subscribe(draw);
  draw();
}
