// The closing card under the counsellor's hands. Fields are drawn again only when their number changes, so that
// nothing moves under the typing.
import { CardDesk } from "../session/card-desk.js";
import { MOST_TASKS, type CardDraft, type CardState } from "../session/card.js";
import type { SaveState } from "../session/autosave.js";
import { additions } from "./card-parts.js";
import { all, make, one, show, write } from "./dom.js";
import { clockTime, type Page } from "./page.js";

export function cardEditor(page: Page): void {
  const root = one("[data-card-editor]");
  if (root) new Editor(page, root);
}

class Editor {
  private readonly desk: CardDesk;
  private shape = "";

  constructor(
    private readonly page: Page,
    private readonly root: HTMLElement,
  ) {
    this.desk = new CardDesk(page.session, (card, draft) => this.draw(card, draft), (state) => this.tell(state));
    one("[data-add-point]", root)?.addEventListener("click", () => this.grow((draft) => draft.points.push("")));
    one("[data-add-task]", root)?.addEventListener("click", () =>
      this.grow((draft) => draft.tasks.push({ id: "", text: "", due_on: this.weekOn() })),
    );
    this.draw(null, this.desk.draft);
  }

  private grow(change: (draft: CardDraft) => void): void {
    this.desk.edit(change);
    this.draw(this.desk.card, this.desk.draft);
  }

  private weekOn(): string {
    const starts = this.page.session.state.clock?.starts ?? Date.now();
    return new Date(starts + 7 * 86_400_000).toISOString().slice(0, 10);
  }

  private tell(state: SaveState): void {
    const accepted = this.desk.card?.accepted_at;
    const key = state === "clean" ? "saved" : state === "waiting" ? "saving_later" : "saving";
    const text = state === "clean" && accepted ? this.page.say("card_accepted_by", { time: clockTime(this.page, accepted) }) : this.page.say(key);
    write(one("[data-card-status]", this.root), text);
  }

  private draw(card: CardState | null, draft: CardDraft): void {
    const shape = `${draft.points.length}/${draft.tasks.length}`;
    if (shape !== this.shape || !this.root.contains(document.activeElement)) {
      this.shape = shape;
      this.drawFields(draft);
    }
    show(one("[data-add-task]", this.root), draft.tasks.length < MOST_TASKS);
    if (!card) return;
    this.drawNext(card, draft);
    one("[data-card-additions]", this.root)?.replaceChildren(...additions(this.page, card));
    if (card.accepted_at) this.tell("clean");
  }

  private drawFields(draft: CardDraft): void {
    const { say } = this.page;
    const typing = document.activeElement?.getAttribute("data-field");
    const points = draft.points.length ? draft.points : [""];
    one("[data-edit-points]", this.root)?.replaceChildren(
      ...points.map((text, i) => this.area(`point-${i}`, say("card_point", { n: i + 1 }), text, (to, value) => (to.points[i] = value))),
    );
    const tasks = draft.tasks.length ? draft.tasks : [{ id: "", text: "", due_on: this.weekOn() }];
    one("[data-edit-tasks]", this.root)?.replaceChildren(...tasks.map((task, i) => this.taskRow(i, task.text, task.due_on)));
    if (typing) one(`[data-field="${typing}"]`, this.root)?.focus();
  }

  private taskRow(i: number, text: string, due: string): HTMLElement {
    const { say } = this.page;
    const at = (draft: CardDraft) => (draft.tasks[i] ??= { id: "", text: "", due_on: due });
    const area = this.area(`task-${i}`, say("card_task", { n: i + 1 }), text, (draft, value) => (at(draft).text = value));
    const date = make("input", { class: "input", type: "date", value: due, "aria-label": say("card_day", { n: i + 1 }), "data-field": `day-${i}` });
    date.addEventListener("change", () => this.desk.edit((draft) => (at(draft).due_on = date.value)));
    return make("div", { class: "stack-s task-edit" }, area, date);
  }

  private area(name: string, label: string, text: string, set: (draft: CardDraft, value: string) => void): HTMLTextAreaElement {
    const area = make("textarea", { class: "input", rows: "2", maxlength: "1000", "aria-label": label, placeholder: label, "data-field": name });
    area.value = text;
    area.addEventListener("input", () => this.desk.edit((draft) => set(draft, area.value)));
    return area;
  }

  private drawNext(card: CardState, draft: CardDraft): void {
    const root = one("[data-edit-next]", this.root);
    if (!root || root.contains(document.activeElement)) return;
    const offers = card.offers.some(({ start }) => start === draft.next) || !card.next ? card.offers : [card.next, ...card.offers];
    const choice = (value: string, label: string): HTMLLabelElement => {
      const radio = make("input", { type: "radio", name: "card-next", value });
      radio.checked = (draft.next ?? "") === value;
      radio.addEventListener("change", () => this.desk.edit((to) => (to.next = value || null)));
      return make("label", { class: "tick" }, radio, make("span", {}, label));
    };
    root.replaceChildren(choice("", this.page.say("card_next_none")), ...offers.map(({ start, label }) => choice(start, label)));
    for (const radio of all<HTMLInputElement>("input", root)) radio.checked = radio.value === (draft.next ?? "");
  }
}
