// Fetches noise suppression and blur where they are wanted: by a touch, or because they were on in this tab before and the
// line bears them. Nobody's thin line is given to them unasked.
import { LEVELS } from "../session/rungs.js";
import { stageOf, type RoomState } from "../session/state.js";
import { all, one, write } from "./dom.js";
import type { Page } from "./page.js";

type Program = ReturnType<(typeof import("../filters.js"))["filters"]>;
type Kind = Parameters<Program["press"]>[0];

export function filtersDoor(page: Page): void {
  const { session, say } = page;
  const root = one("[data-filters]");
  const address = root?.dataset.filters;
  if (!root || !address) return;
  let program: Promise<Program> | null = null;
  const press = async (kind: Kind): Promise<void> => {
    try {
      program ??= (import(address) as Promise<typeof import("../filters.js")>).then((found) => found.filters(page, root));
      (await program).press(kind);
    } catch {
      program = null;
      write(one(`[data-filter-said="${kind}"]`, root), say("filter_not_fetched"));
    }
  };
  let again: Kind[] = (["noise", "blur"] as const).filter((kind) => session.keep.read(`filter.${kind}`, false));
  for (const button of all("[data-filter]", root)) {
    const kind = button.dataset.filter as Kind;
    button.addEventListener("click", () => {
      again = again.filter((each) => each !== kind);
      void press(kind);
    });
  }
  const bears = ({ quality, link }: RoomState) => link === "up" && quality.level >= LEVELS.small && quality.pin >= LEVELS.small;
  session.subscribe((state) => {
    const stage = stageOf(state);
    if (stage === "in" && again.length && bears(state)) for (const kind of again.splice(0)) void press(kind);
    if (["ended", "taken", "shut"].includes(stage)) {
      again = [];
      void program?.then((found) => found.close());
      program = null;
    }
  });
}
