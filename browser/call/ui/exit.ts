// Out at once: the microphone is dead first, then the page is another one, and no way leads back to it. And the smaller
// step, when somebody comes near: nothing is heard or seen on either side, and one writes on.
import { NO_PIN } from "../session/quality.js";
import { LEVELS, type Level } from "../session/rungs.js";
import { stageOf } from "../session/state.js";
import { all, one, show } from "./dom.js";
import type { Page } from "./page.js";

export function exit(page: Page): void {
  const { session, config } = page;
  const windows = typeof BroadcastChannel === "function" ? new BroadcastChannel("windows") : null;
  const go = (tell: boolean): void => {
    try {
      session.leave();
      session.keep.clear();
      if (tell) windows?.postMessage("exit");
    } finally {
      location.replace(config.urls.neutral);
    }
  };
  for (const button of all("[data-exit]")) button.addEventListener("click", () => go(true));
  windows?.addEventListener("message", ({ data }) => data === "exit" && one("[data-exit]") && go(false));
  if (one("[data-exit]")) {
    let armed = false; // by a press that began here and closed nothing: not one held too long, not a dialog's of the browser
    const isOpen = () => one(":popover-open, dialog[open], [data-drawer]:not([hidden])") !== null;
    document.addEventListener("keydown", ({ key, repeat, isComposing }) => {
      if (!repeat) armed = key === "Escape" && !isComposing && !isOpen();
    }, true);
    document.addEventListener("keyup", ({ key }) => key === "Escape" && armed && go(true));
    void fetch(config.urls.neutral).catch(() => undefined); // kept, so that it is there also without a line
  }
  near(page);
}

/** "Someone is near me": text alone, both ways, by one press, and back by another. A reload, of oneself or by the browser,
 * comes back as it was: before anything is opened or played. */
function near({ session }: Page): void {
  const video = one<HTMLVideoElement>("[data-other-video]");
  const banner = one("[data-near]");
  /** What the person allowed before; null: nobody is near. */
  let before = session.keep.read<Level | null>("near", null);
  let opened = false;
  const draw = (): void => {
    const shown = before !== null && stageOf(session.state) === "in";
    show(banner, shown);
    if (shown && !opened) one<HTMLElement>('[data-open-drawer="chat-drawer"], #tab-chat')?.click();
    opened = shown;
  };
  const hush = (on: boolean): void => {
    session.devices.hush(on);
    if (video) video.muted = on;
    document.documentElement.toggleAttribute("data-hushed", on);
  };
  const set = (on: boolean): void => {
    if (on === (before !== null)) return;
    const pin = on ? LEVELS.text : (before ?? NO_PIN);
    before = on ? session.state.quality.pin : null;
    session.keep.write("near", before);
    session.quality.setPin(pin);
    hush(on);
    one("#more:popover-open")?.hidePopover();
    draw();
  };
  for (const button of all("[data-near-on]")) button.addEventListener("click", () => set(true));
  for (const button of all("[data-near-off]")) button.addEventListener("click", () => set(false));
  if (before !== null) hush(true);
  session.subscribe(draw);
}
