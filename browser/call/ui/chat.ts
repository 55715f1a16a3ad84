// What was written, in the server's order, with what is still on its way below. A draft outlives a reload.
import type { RoomState } from "../session/state.js";
import { all, make, one, show, write } from "./dom.js";
import { clockTime, type Page } from "./page.js";

export function chat(page: Page): void {
  const { session } = page;
  const roots = all("[data-chat]");
  for (const root of roots) {
    wireForm(page, root);
    stayAtEnd(one("[data-chat-lines]", root));
  }
  let seen = 0;
  const draw = (state: RoomState): void => {
    for (const root of roots) drawLines(page, root, state);
    const looking = roots.some((root) => root.offsetParent !== null) && document.visibilityState === "visible";
    if (looking) seen = state.lines.length;
    const unread = state.lines.slice(seen).filter((line) => line.from !== state.me.id).length;
    for (const badge of all("[data-unread]")) {
      show(badge, unread > 0);
      write(badge, unread > 0 ? page.say("chat_unread", { n: unread }) : "");
    }
  };
  session.subscribe((state, before) => {
    if (state.lines !== before.lines || state.pending !== before.pending || state.online !== before.online || state.others !== before.others) draw(state);
  });
  addEventListener("tatap:shown", () => draw(session.state));
  draw(session.state);
}

function wireForm({ session }: Page, root: HTMLElement): void {
  const input = one<HTMLTextAreaElement>("[data-chat-input]", root);
  const form = one<HTMLFormElement>("[data-chat-form]", root);
  if (!input || !form) return;
  input.value = session.keep.read("draft", "");
  const keep = (): void => {
    session.keep.write("draft", input.value);
    for (const other of all<HTMLTextAreaElement>("[data-chat-input]")) if (other !== input) other.value = input.value;
  };
  input.addEventListener("input", keep);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!input.value.trim()) return;
    session.say(input.value);
    input.value = "";
    keep();
    input.focus();
  });
}

const isAtEnd = (list: HTMLElement): boolean => list.scrollHeight - list.scrollTop - list.clientHeight < 60;

/** Who reads the newest goes on seeing it when the field grows or a file takes room below. */
function stayAtEnd(list: HTMLElement | null): void {
  if (!list) return;
  let end = true;
  list.addEventListener("scroll", () => (end = isAtEnd(list)), { passive: true });
  new ResizeObserver(() => end && (list.scrollTop = list.scrollHeight)).observe(list);
}

function drawLines(page: Page, root: HTMLElement, state: RoomState): void {
  const list = one("[data-chat-lines]", root);
  if (!list) return;
  const top = isAtEnd(list) ? Infinity : list.scrollTop; // taking the lines out forgets it
  const drawn = new Map(all<HTMLLIElement>("li", list).map((item) => [item.dataset.key ?? "", item]));
  const wanted: HTMLLIElement[] = [];
  for (const line of state.lines) {
    const known = drawn.get(line.key);
    wanted.push(known && known.dataset.kept ? known : kept(page, state, line.key, line.from, line.text, line.at));
  }
  for (const { key, text, refused } of state.pending) wanted.push(unsent(page, key, text, refused));
  list.replaceChildren(...wanted);
  list.scrollTop = Math.min(top, list.scrollHeight);
}

function kept(page: Page, state: RoomState, key: string, from: number, text: string, at: string): HTMLLIElement {
  const mine = from === state.me.id;
  const name = mine ? page.say("chat_me") : (state.others.find(({ id }) => id === from)?.alias ?? "");
  const item = make("li", { class: mine ? "said is-mine" : "said" }, make("p", {}, text));
  item.append(make("p", { class: "small muted" }, `${name}, `, make("time", { datetime: at }, clockTime(page, at))));
  item.dataset.key = key;
  item.dataset.kept = "1";
  return item;
}

function unsent({ session, say }: Page, key: string, text: string, refused: boolean): HTMLLIElement {
  const item = make("li", { class: "said is-mine is-waiting" }, make("p", {}, text));
  item.dataset.key = key;
  item.append(make("p", { class: "small muted" }, say(refused ? "chat_refused" : "chat_waiting")));
  if (refused) {
    const again = make("button", { class: "btn btn-text", type: "button" }, say("chat_take_back"));
    again.addEventListener("click", () => {
      session.unsay(key);
      for (const input of all<HTMLTextAreaElement>("[data-chat-input]")) input.value = text;
      session.keep.write("draft", text);
    });
    item.append(again);
  }
  return item;
}
