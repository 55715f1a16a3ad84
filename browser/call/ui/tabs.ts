// The counsellor's tabs (arrow keys walk along them) and the client's drawers over the lower half.
import { all, one, show } from "./dom.js";

const tell = () => dispatchEvent(new Event("tatap:shown"));

export function tabs(): void {
  const list = all('[role="tab"]');
  const choose = (tab: HTMLElement, focus = false): void => {
    for (const each of list) {
      const chosen = each === tab;
      each.setAttribute("aria-selected", String(chosen));
      each.tabIndex = chosen ? 0 : -1;
      show(document.getElementById(each.getAttribute("aria-controls") ?? ""), chosen);
    }
    if (focus) tab.focus();
    tell();
  };
  list.forEach((tab, i) => {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", ({ key }) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
      const next = step ? list[(i + step + list.length) % list.length] : key === "Home" ? list[0] : key === "End" ? list.at(-1) : null;
      if (next) choose(next, true);
    });
  });
}

export function drawers(): void {
  const openers = all("[data-open-drawer]");
  const close = (): void => {
    for (const drawer of all("[data-drawer]")) show(drawer, false);
    for (const opener of openers) opener.setAttribute("aria-expanded", "false");
  };
  for (const opener of openers) {
    opener.addEventListener("click", () => {
      const drawer = document.getElementById(opener.dataset.openDrawer ?? "");
      const open = drawer?.hasAttribute("hidden") ?? false;
      close();
      one("#more:popover-open")?.hidePopover();
      show(drawer, open);
      opener.setAttribute("aria-expanded", String(open));
      if (open) one<HTMLElement>("textarea, button", drawer ?? document)?.focus();
      tell();
    });
  }
  for (const button of all("[data-close-drawer]")) button.addEventListener("click", close);
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") close();
  });
}
