// Out at once: the microphone is dead first, then the page is another one, and no way leads back to it. And the smaller
// step, when somebody comes near: nothing is heard or seen on either side, and one writes on.
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

/** "Someone is near me": text alone, both ways, by one press, and back by another. */
function near({ session }: Page): void {
  const video = one<HTMLVideoElement>("[data-other-video]");
  const banner = one("[data-near]");
  let before = session.state.quality.pin;
  let isNear = false;
  const set = (on: boolean): void => {
    if (on === isNear) return;
    isNear = on;
    if (on) before = session.state.quality.pin;
    session.quality.setPin(on ? 0 : before);
    session.devices.hush(on);
    if (video) video.muted = on;
    show(banner, on);
    document.documentElement.toggleAttribute("data-hushed", on);
    one("#more:popover-open")?.hidePopover();
    if (on) one<HTMLElement>('[data-open-drawer="chat-drawer"], #tab-chat')?.click();
  };
  for (const button of all("[data-near-on]")) button.addEventListener("click", () => set(true));
  for (const button of all("[data-near-off]")) button.addEventListener("click", () => set(false));
  session.subscribe((state) => {
    if (stageOf(state) !== "in") show(banner, false);
  });
}
