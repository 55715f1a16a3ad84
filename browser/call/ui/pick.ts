// Another microphone, camera or loudspeaker, in the middle of a session.
import { choices, onListChanged, type Kind } from "../session/media.js";
import { all, make, one, show } from "./dom.js";
import type { Page } from "./page.js";

type Sinking = HTMLVideoElement & { setSinkId?: (id: string) => Promise<void> };

export function pick({ session, say }: Page): void {
  const video = one<Sinking>("[data-other-video]");
  const selects = all<HTMLSelectElement>("[data-pick]");
  const fill = async (): Promise<void> => {
    for (const select of selects) {
      const kind = select.dataset.pick as Kind;
      const usable = kind !== "audiooutput" || typeof video?.setSinkId === "function";
      const list = usable ? await choices(kind) : [];
      const chosen = select.value;
      select.replaceChildren(...list.map(({ id, name }, i) => make("option", { value: id }, name || say("pick_number", { n: i + 1 }))));
      const inUse = kind === "audiooutput" ? chosen : (kind === "audioinput" ? session.devices.audio : session.devices.video)?.getSettings().deviceId;
      if (inUse) select.value = inUse;
      show(select.closest("[data-pick-row]"), list.length > 1);
    }
  };
  for (const select of selects) {
    const kind = select.dataset.pick as Kind;
    select.addEventListener("change", () => {
      if (kind === "audiooutput") void video?.setSinkId?.(select.value).catch(() => fill());
      else void session.devices.choose(kind === "audioinput" ? "audio" : "video", select.value).then(fill);
    });
  }
  onListChanged(() => void fill());
  one("#more")?.addEventListener("toggle", () => void fill());
}
