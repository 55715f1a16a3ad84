// The own screen for the other to see, and how the other's is shown.
import { audioContext, canShare, openScreen, type Screen } from "../session/media.js";
import { otherOf, stageOf } from "../session/state.js";
import { all, one, show, write } from "./dom.js";
import type { Page } from "./page.js";

export function share({ session, say }: Page): void {
  const buttons = all("[data-share]");
  let screen: Screen | null = null;
  let asking = false;
  const stop = (): void => {
    screen?.stop();
    screen = null;
    session.devices.showScreen(null);
  };
  const start = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    const opened = await openScreen(session.devices.audio, audioContext);
    asking = false;
    if (!opened) return;
    screen = opened;
    opened.video.addEventListener("ended", stop, { once: true });
    session.devices.showScreen(opened);
  };
  for (const button of buttons) button.addEventListener("click", () => void (screen ? stop() : start()));
  session.subscribe((state) => {
    for (const button of buttons) {
      show(button.closest("li") ?? button, canShare());
      button.setAttribute("aria-pressed", String(state.own.screen));
      write(one("[data-label]", button), say(state.own.screen ? "share_stop" : "share_start"));
    }
    if (screen && stageOf(state) !== "in") stop();
    one("[data-other-video]")?.classList.toggle("is-screen", otherOf(state)?.state.screen === true);
  });
}
