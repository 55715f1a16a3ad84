// The lock beside the other's name, the sheet with the four words, and what is raised without anybody having asked.
import { saidOf } from "../session/verify/sentence.js";
import { isChecked, isRaised, type Trust } from "../session/verify/trust.js";
import { stageOf, otherOf } from "../session/state.js";
import { all, make, one, show, write } from "./dom.js";
import type { Page } from "./page.js";

const SETTLE = 1000; // ms in which a press meant for the old words does not fall on the new

export function words(page: Page): void {
  const sheet = one("#word-sheet");
  if (!sheet) return;
  const { verification } = page.session;
  let later = -1; // the run whose notice was put aside
  const draw = (): void => {
    const { trust } = verification;
    const inside = stageOf(page.session.state) === "in";
    drawChip(page, trust, inside);
    drawSheet(page, trust, sheet);
    const raised = inside && isRaised(trust) && later !== trust.run;
    const note = one("[data-trust-note]");
    show(note, raised);
    if (raised) write(one("[data-trust-note-text]"), sentences(page, trust)[0] ?? "");
    drawStop(page, trust, inside);
  };
  let pressed = 0;
  const press = (selector: string, act: (run: number) => void): void => {
    for (const button of all(selector)) button.addEventListener("click", () => act(pressed));
  };
  press("[data-words-match]", (run) => verification.match(run));
  press("[data-words-differ]", (run) => verification.stop(run));
  press("[data-words-anew]", () => {
    sheet.hidePopover();
    verification.anew();
  });
  press("[data-words-later]", (run) => {
    later = run;
    draw();
  });
  verification.subscribe((trust, before) => {
    if (trust.run !== before.run || trust.words !== before.words) settle(sheet);
    pressed = trust.run;
    if (trust.is === "stopped" && before.is !== "stopped") sheet.hidePopover();
    draw();
  });
  pressed = verification.trust.run;
  page.session.subscribe((state, before) => {
    if (stageOf(state) !== stageOf(before) || state.others !== before.others) draw();
  });
  draw();
}

function sentences(page: Page, trust: Trust): string[] {
  const { text, also } = saidOf(trust, page.config.me.role);
  const name = otherOf(page.session.state)?.alias ?? "";
  return [text, also].flatMap((key) => (key ? [page.say(key, { name, day: day(page, trust.since) })] : []));
}

function day({ config }: Page, at: number | null): string {
  const format = { day: "numeric", month: "long", timeZone: config.zone ?? "Asia/Jakarta" } as const;
  return at === null ? "" : new Intl.DateTimeFormat(config.language ?? "id", format).format(new Date(at));
}

function drawChip({ say, config }: Page, trust: Trust, inside: boolean): void {
  const chip = one("[data-trust-chip]");
  show(chip, inside && trust.is !== "none" && trust.is !== "stopped");
  chip?.classList.toggle("is-checked", isChecked(trust));
  chip?.classList.toggle("is-care", isRaised(trust));
  for (const label of all("[data-trust-label]")) write(label, say(saidOf(trust, config.me.role).title));
}

function drawSheet(page: Page, trust: Trust, sheet: HTMLElement): void {
  const { title, acts } = saidOf(trust, page.config.me.role);
  write(one("[data-words-title]", sheet), page.say(title));
  write(one("[data-words-text]", sheet), sentences(page, trust).join(" "));
  const list = one("[data-words-list]", sheet);
  if (list && list.dataset.words !== trust.words.join(" ")) {
    list.dataset.words = trust.words.join(" ");
    list.replaceChildren(...trust.words.map((word) => make("li", { lang: "id" }, word)));
  }
  show(list, trust.words.length > 0);
  show(one("[data-words-match]", sheet), acts.compare);
  show(one("[data-words-differ]", sheet), acts.compare || acts.stop);
  write(one("[data-words-differ-label]", sheet), page.say(acts.compare || trust.is === "words" ? "words_differ" : "words_stop"));
  show(one("[data-words-anew]", sheet), acts.anew);
}

/** Over the picture, which is gone; nothing else is to be done first. */
function drawStop(page: Page, trust: Trust, inside: boolean): void {
  const panel = one("[data-trust-stop]");
  const stopped = inside && trust.is === "stopped";
  const was = panel?.hasAttribute("hidden") === false;
  show(panel, stopped);
  if (!stopped || !panel) return;
  write(one("[data-trust-stop-text]", panel), sentences(page, trust)[0] ?? "");
  if (!was) one("[data-trust-stop-title]", panel)?.focus();
}

function settle(sheet: HTMLElement): void {
  const buttons = all<HTMLButtonElement>("[data-words-match], [data-words-differ]", sheet);
  for (const button of buttons) button.disabled = true;
  setTimeout(() => {
    for (const button of buttons) button.disabled = false;
  }, SETTLE);
}
