// Which of the page's views is shown, and the calm page at the end.
import { stageOf, type RoomState, type Stage } from "../session/state.js";
import { all, one, show, write } from "./dom.js";
import type { Page } from "./page.js";

export function views(page: Page): void {
  const { session, isCounsellor } = page;
  one("[data-over-here]")?.addEventListener("click", () => location.reload());
  let shown: Stage | null = null;
  const draw = (state: RoomState): void => {
    const stage = stageOf(state);
    document.documentElement.dataset.link = state.link;
    if (stage === shown) return;
    shown = stage;
    const over = stage === "ended" || stage === "taken" || stage === "shut";
    const room = !over && (stage === "in" || isCounsellor);
    show(one('[data-view="waiting"]'), !over && !room);
    show(one('[data-view="stage"]'), room);
    show(one("[data-side]"), room);
    for (const controls of all("[data-controls]")) show(controls, stage === "in");
    show(one('[data-view="over"]'), over);
    document.documentElement.dataset.stage = stage;
    if (over) drawOver(page, state, stage);
  };
  session.subscribe(draw);
  draw(session.state);
}

function drawOver({ say }: Page, state: RoomState, stage: Stage): void {
  const kind = stage === "shut" ? `over_${state.final ?? "refused"}` : `over_${stage}`;
  write(one("[data-over-title]"), say(`${kind}_title`));
  write(one("[data-over-text]"), say(`${kind}_text`));
  show(one("[data-over-here]"), stage !== "ended" && state.final !== "not_in_window");
  show(one("[data-over-card]"), stage === "ended");
  for (const popover of all("[popover]")) if (popover.matches(":popover-open")) popover.hidePopover();
  one("dialog[open]")?.removeAttribute("open");
  one("[data-over-title]")?.focus();
}
