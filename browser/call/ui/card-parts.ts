// Pieces of the closing card that both sides draw.
import type { CardState, CardTask } from "../session/card.js";
import { make } from "./dom.js";
import { clockTime, type Page } from "./page.js";

export function day(page: Page, iso: string, form: "weekday" | "day" | "both"): string {
  if (!iso) return "";
  const options: Intl.DateTimeFormatOptions =
    form === "weekday" ? { weekday: "long" } : form === "day" ? { day: "numeric" } : { weekday: "long", day: "numeric", month: "long" };
  return new Intl.DateTimeFormat(page.config.language ?? "id", { ...options, timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`));
}

export function taskItem(page: Page, task: CardTask): HTMLLIElement {
  const leaf = make("p", { class: "leafday" }, make("span", {}, day(page, task.due_on, "weekday")), make("b", {}, day(page, task.due_on, "day")));
  return make("li", {}, leaf, make("div", {}, make("p", { class: "strong" }, task.text)));
}

export function additions(page: Page, card: CardState): HTMLElement[] {
  const { state } = page.session;
  return card.additions.map(({ by, text, at }) => {
    const name = by === state.me.id ? page.say("chat_me") : (state.others.find(({ id }) => id === by)?.alias ?? "");
    const line = page.say("card_added", { name, time: clockTime(page, at) });
    return make("div", { class: "own" }, make("p", {}, text), make("p", { class: "small muted" }, line));
  });
}
