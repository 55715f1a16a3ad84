// Words under the picture, where the browser makes them itself on this device; never by sending sound to anybody.
import { stageOf } from "../session/state.js";
import { one, show, write } from "./dom.js";
import type { Page } from "./page.js";

interface Result {
  isFinal: boolean;
  [index: number]: { transcript: string };
}
interface Recogniser {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  processLocally: boolean;
  onresult: ((event: { results: ArrayLike<Result> }) => void) | null;
  onend: (() => void) | null;
  start(track: MediaStreamTrack): void;
  stop(): void;
}
interface Recognisers {
  new (): Recogniser;
  available?: (options: { langs: string[]; processLocally: true }) => Promise<string>;
}

export async function captions({ session, config }: Page): Promise<void> {
  const toggle = one("[data-captions]");
  const text = one("[data-caption]");
  const make = (window as unknown as { SpeechRecognition?: Recognisers }).SpeechRecognition;
  const lang = config.language === "en" ? "en-US" : "id-ID";
  const can = await make?.available?.({ langs: [lang], processLocally: true }).catch(() => "");
  if (!make || can !== "available" || !toggle) return;
  show(toggle.closest("li") ?? toggle, true);
  let on: Recogniser | null = null;
  const stop = (): void => {
    const was = on;
    on = null;
    was?.stop();
    show(text, false);
    toggle.setAttribute("aria-pressed", "false");
  };
  const start = (): void => {
    const track = session.remoteTracks().find(({ kind }) => kind === "audio");
    if (!track) return;
    const recogniser = new make();
    Object.assign(recogniser, { lang, continuous: true, interimResults: true, processLocally: true });
    recogniser.onresult = ({ results }) => {
      write(text, Array.from(results).slice(-2).map((result) => result[0]?.transcript ?? "").join(" "));
      show(text, true);
    };
    recogniser.onend = () => on === recogniser && recogniser.start(track);
    recogniser.start(track);
    on = recogniser;
    toggle.setAttribute("aria-pressed", "true");
  };
  toggle.addEventListener("click", () => (on ? stop() : start()));
  session.subscribe((state) => {
    if (on && stageOf(state) !== "in") stop();
  });
}
