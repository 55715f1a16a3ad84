// Pieces of pages from other rooms of the house, put in as the server drew them.
import { all, make, one } from "./dom.js";
import type { Page } from "./page.js";

export function fragments({ session, config, say }: Page): void {
  const tasks = one("[data-last-tasks]");
  if (tasks) void fill(tasks, () => session.fragment(config.urls.last_tasks), say("fetch_failed"));
  const checkin = one("[data-checkin]");
  const { checkin: url } = config.urls;
  if (checkin && url) {
    one("[data-show-checkin]", checkin)?.addEventListener("click", () => void fill(checkin, () => session.fragment(url), say("fetch_failed")));
  }
}

async function fill(root: HTMLElement, fetchIt: () => Promise<string | null>, failed: string): Promise<void> {
  const text = await fetchIt();
  if (text === null) {
    root.replaceChildren(make("p", { class: "muted" }, failed));
    return;
  }
  // Our own server's markup; scripts in it would not run, and the page's policy forbids them besides.
  const parsed = new DOMParser().parseFromString(text, "text/html");
  root.replaceChildren(...all<HTMLElement>("body > *", parsed));
}
