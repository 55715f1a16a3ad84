// The screen stays on while somebody sits in the room, and the wish is made anew whenever the page comes back.
import { stageOf } from "../session/state.js";
import type { Page } from "./page.js";

export function awake({ session }: Page): void {
  if (!("wakeLock" in navigator)) return;
  let lock: WakeLockSentinel | null = null;
  let asking = false;
  const follow = async (): Promise<void> => {
    const stage = stageOf(session.state);
    const wanted = (stage === "in" || stage === "waiting") && document.visibilityState === "visible";
    if (!wanted || asking || (lock && !lock.released)) {
      if (!wanted) void lock?.release().catch(() => undefined);
      return;
    }
    asking = true;
    lock = await navigator.wakeLock.request("screen").catch(() => null); // refused on a nearly empty battery
    asking = false;
  };
  session.subscribe((state, before) => {
    if (stageOf(state) !== stageOf(before)) void follow();
  });
  document.addEventListener("visibilitychange", () => void follow());
}
