// The closing card as the client sees it: as it is written, with her own words and her yes.
import { CardDesk } from "../session/card-desk.js";
import type { CardState } from "../session/card.js";
import { additions, taskItem } from "./card-parts.js";
import { make, one, show, write } from "./dom.js";
import { clockTime, type Page } from "./page.js";

export function cardView(page: Page): void {
  const root = one("[data-card-view]");
  if (!root) return;
  const { say, session } = page;
  const desk = new CardDesk(session, (card) => draw(page, root, card), () => undefined);
  const status = (text: string) => write(one("[data-card-status]", root), text);
  one("[data-card-accept]", root)?.addEventListener("click", async () => {
    if (!(await desk.accept())) status(say("card_not_kept"));
  });
  const form = one<HTMLFormElement>("[data-card-add]", root);
  const field = one<HTMLTextAreaElement>("textarea", root);
  if (field) field.value = session.keep.read("card_add", "");
  field?.addEventListener("input", () => session.keep.write("card_add", field.value));
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field?.value.trim();
    if (!field || !text) return;
    if (await desk.add(text)) {
      field.value = "";
      session.keep.write("card_add", null);
      status(say("saved"));
    } else status(say("card_not_kept"));
  });
}

function draw(page: Page, root: HTMLElement, card: CardState): void {
  const { say } = page;
  const written = card.points.length + card.tasks.length > 0;
  show(one("[data-card-empty]", root), !written);
  show(one("[data-card-body]", root), written);
  one("[data-card-points]", root)?.replaceChildren(...card.points.map((text) => make("li", {}, text)));
  one("[data-card-tasks]", root)?.replaceChildren(...card.tasks.map((task) => taskItem(page, task)));
  show(one("[data-card-next]", root), card.next !== null);
  write(one("[data-card-next-text]", root), card.next?.label ?? "");
  one("[data-card-additions]", root)?.replaceChildren(...additions(page, card));
  show(one("[data-card-accept]", root), card.accepted_at === null);
  if (card.accepted_at) write(one("[data-card-status]", root), say("card_accepted", { time: clockTime(page, card.accepted_at) }));
  else if (one("[data-card-status]", root)?.textContent?.trim() === "") write(one("[data-card-status]", root), "");
}
