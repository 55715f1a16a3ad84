// Fetches what spoken notes need: soon after the call stands, or at once where it is wanted.
import { stageOf } from "../session/state.js";
import { all, one, show } from "./dom.js";
import type { Page } from "./page.js";

const SOON = 8000; // ms after the connection stands, so that it takes nothing from sound and picture
const AGAIN = 5000;

export function spokenDoor(page: Page): void {
  const { session } = page;
  const address = one("[data-spoken-program]")?.dataset.spokenProgram;
  if (!address) return;
  let loading = false;
  let pressed = false;
  const load = async (): Promise<void> => {
    if (loading || stageOf(session.state) !== "in") return;
    loading = true;
    try {
      const program = (await import(address)) as typeof import("../spoken.js");
      const ui = await program.spoken(page);
      if (pressed) ui.press();
      for (const button of buttons) button.removeEventListener("click", press);
    } catch {
      loading = false; // the line that needs notes most is the one that breaks off
      setTimeout(() => void load(), AGAIN);
    }
  };
  const press = (): void => {
    pressed = !pressed;
    void load();
  };
  const buttons = all("[data-speak]");
  for (const button of buttons) button.addEventListener("click", press);
  for (const kind of ["spoken.hello", "spoken.note", "spoken.state"]) session.bus.on(kind, () => void load());
  session.spoken.onChange(() => void load());
  let timed = false;
  session.subscribe((state) => {
    for (const button of buttons) if (!loading) show(button, stageOf(state) === "in");
    if (timed || stageOf(state) !== "in" || state.link !== "up") return;
    timed = true;
    setTimeout(() => void load(), session.keep.read("spoken", null) ? 0 : SOON);
  });
}
