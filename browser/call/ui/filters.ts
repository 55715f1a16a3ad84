// The two switches and what is said under them.
import { filesIn } from "../session/filters/files.js";
import { Filters, type Kind } from "../session/filters/filters.js";
import { all, one, write } from "./dom.js";
import type { Page } from "./page.js";

const SAID: Record<Kind, Partial<Record<Filters["said"][Kind], string>>> = {
  noise: { coming: "noise_coming", on: "noise_on", failed: "noise_failed" },
  blur: { coming: "blur_coming", on: "blur_on", coarser: "blur_coarser", slow: "blur_slow", thin: "blur_thin", failed: "blur_failed" },
};

export function filters({ session, say }: Page, root: HTMLElement): { press: (kind: Kind) => void; close: () => void } {
  const made = new Filters(session, filesIn(root.dataset), () => draw());
  const draw = (): void => {
    for (const button of all("[data-filter]", root)) {
      const kind = button.dataset.filter as Kind;
      button.setAttribute("aria-pressed", String(made.isOn(kind)));
      const key = SAID[kind][made.said[kind]];
      write(one(`[data-filter-said="${kind}"]`, root), key ? say(key) : "");
    }
  };
  return {
    press(kind) {
      made.set(kind, !made.isOn(kind));
      session.keep.write(`filter.${kind}`, made.isOn(kind) || null);
    },
    close: () => made.close(),
  };
}
