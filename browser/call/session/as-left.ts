// How a tab had its microphone and camera, for when its page is loaded anew: opened again without a press, and what was
// muted or off stays so. Firefox keeps the yes for the tab but tells nobody of it, so that it cannot be asked.
import type { Keep } from "./keep.js";
import type { Left, OwnDevices } from "./own-devices.js";
import type { Own } from "./state.js";

/** null: nothing was open. A device that was pulled out or taken counts as wanted. */
export function leftOf({ mic, cam }: Pick<Own, "mic" | "cam">): Left | null {
  if (mic === "none" && (cam === "none" || cam === "off")) return null;
  return { muted: mic === "off", cam: cam !== "none" && cam !== "off" };
}

interface Tab {
  keep: Keep;
  devices: OwnDevices;
  subscribe: (listener: (state: { own: Own }, before: { own: Own }) => void) => void;
}

/** Opens what this tab had open, or what may be opened without asking, and remembers what is open from now on. */
export function openDevices(tab: Tab): void {
  const { keep, devices } = tab;
  const left = keep.read<Left | null>("devices", null);
  tab.subscribe(({ own }, before) => {
    const now = own === before.own || devices.isHushed ? null : leftOf(own); // a hush is kept by who asked for it
    if (now) keep.write("devices", now);
  });
  void (left ? devices.openAsLeft(left) : devices.openIfAllowed());
}
