// Files and the board: what they need is fetched when one of the two first wants it.
import { stageOf } from "../session/state.js";
import { all, one, show } from "./dom.js";
import type { Page } from "./page.js";

const AGAIN = 5000; // ms

/** Fetches once; tries again where the line broke off. */
function fetched<T>(address: string, start: (program: never) => T): () => Promise<T> {
  let made: Promise<T> | null = null;
  const load = async (): Promise<T> => {
    for (;;) {
      try {
        return start((await import(address)) as never);
      } catch {
        await new Promise((done) => setTimeout(done, AGAIN));
      }
    }
  };
  return () => (made ??= load());
}

export function together(page: Page): void {
  const inside = (): boolean => stageOf(page.session.state) === "in";
  giveFiles(page, inside);
  openBoard(page, inside);
}

function giveFiles(page: Page, inside: () => boolean): void {
  const { session } = page;
  const address = one("[data-files-program]")?.dataset.filesProgram;
  const input = one<HTMLInputElement>("[data-give-file]");
  if (!address || !input) return;
  const load = fetched(address, (program: typeof import("../files.js")) => program.files(page));
  input.addEventListener("change", () => {
    const chosen = [...(input.files ?? [])];
    input.value = "";
    if (inside()) void load().then((ui) => ui.give(chosen));
  });
  session.bus.on("file.offer", () => inside() && void load());
  // Without it a file could not be checked.
  const offer = (): void => show(input.closest("[data-give]"), inside() && Boolean(crypto.subtle));
  session.subscribe(offer);
  offer();
}

function openBoard(page: Page, inside: () => boolean): void {
  const { session } = page;
  const address = one("[data-board-program]")?.dataset.boardProgram;
  if (!address) return;
  const load = fetched(address, (program: typeof import("../board.js")) => program.board(page));
  for (const button of all("[data-open-board]")) {
    button.addEventListener("click", () => {
      one("#more:popover-open")?.hidePopover();
      void load().then((ui) => ui.open());
    });
  }
  for (const kind of ["board.stroke", "board.hello"]) session.bus.on(kind, () => inside() && void load());
  let kept = session.keep.read<unknown>("board", null) !== null;
  session.subscribe(() => {
    for (const button of all("[data-open-board]")) {
      if (!button.hasAttribute("data-board-news")) show(button.closest("li"), inside());
    }
    if (!kept || !inside()) return;
    kept = false;
    void load();
  });
}
