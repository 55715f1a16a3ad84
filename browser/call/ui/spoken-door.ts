// Fetches what spoken notes need while nobody speaks yet, or at once where it is wanted: its 9 kB come in one burst, which
// on a thin line is a second and more of somebody's voice.
import { stageOf } from "../session/state.js";
import { all, one, show } from "./dom.js";
import type { Page } from "./page.js";

const SOON = 8000; // ms after the connection stands, where it is here already or the line does not feel it
const WIDE = 250; // kbit/s
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
  let fetched = false;
  const fetchEarly = once(() => {
    void import(address).then(() => (fetched = true), () => undefined);
  });
  const later = once((wide: boolean) => {
    const before = session.keep.read("spoken", null) !== null;
    if (before || fetched || wide) setTimeout(() => void load(), before ? 0 : SOON);
  });
  session.subscribe((state) => {
    for (const button of buttons) if (!loading) show(button, stageOf(state) === "in");
    if (stageOf(state) === "waiting") fetchEarly();
    if (stageOf(state) === "in" && state.link === "up") later((state.quality.rate ?? Infinity) >= WIDE);
  });
}

function once<Given extends unknown[]>(work: (...given: Given) => void): (...given: Given) => void {
  let done = false;
  return (...given) => {
    if (!done) work(...given);
    done = true;
  };
}
