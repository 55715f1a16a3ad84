// The other's face and voice, and the one line that says what is the matter.
import { isSlow, roomSentence } from "../session/status.js";
import { otherOf, stageOf, type RoomState } from "../session/state.js";
import { one, show, write } from "./dom.js";
import type { Page } from "./page.js";

const QUIET_FIRST = 1200; // ms: what passes sooner than that is not worth a word

export function stage(page: Page): void {
  const { session } = page;
  const video = one<HTMLVideoElement>("[data-other-video]");
  if (!video) return;
  const play = one("[data-play]");
  const start = (): void => {
    video.play().then(
      () => show(play, false),
      () => show(play, stageOf(session.state) === "in" && video.srcObject !== null),
    );
  };
  play?.addEventListener("click", start);
  let playing: MediaStreamTrack[] = [];
  const attach = (): void => {
    const tracks = session.remoteTracks();
    if (tracks.length === playing.length && tracks.every((track, i) => track === playing[i])) return;
    playing = tracks;
    video.srcObject = tracks.length ? new MediaStream(tracks) : null;
    if (tracks.length) start();
  };
  const line = stateLine(page);
  hints(page);
  session.subscribe((state, before) => {
    document.documentElement.dataset.sense = state.senses.sense;
    attach();
    // A page that nobody touched since its reload may be let play once the microphone is open.
    if (state.own !== before.own && playing.length && video.paused) start();
    line(state);
  });
}

function stateLine({ say }: Page): (state: RoomState) => void {
  const root = one("[data-state]");
  const text = one("[data-state-text]");
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wanted = "";
  return (state) => {
    const sentence = stageOf(state) === "in" ? roomSentence(state, performance.now()) : null;
    const words = sentence ? say(sentence.key, sentence.values) : "";
    if (words === wanted) return;
    wanted = words;
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        show(root, words !== "");
        root?.classList.toggle("is-care", sentence?.tone === "care");
        write(text, words);
      },
      words === "" ? 0 : QUIET_FIRST,
    );
  };
}

/** One gentle word, once a session each: about long ways, and about a browser that sends what is not ours. */
function hints({ session, say }: Page): void {
  const root = one("[data-pause-hint]");
  const tell = (words: string): void => {
    write(one("[data-pause-text]", root ?? document), words);
    show(root, true);
  };
  session.subscribe((state, before) => {
    if (state.cut && !before.cut) tell(say("hint_cut", { name: otherOf(state)?.alias ?? "" }));
  });
  let slow = 0;
  session.onSample(() => {
    slow = stageOf(session.state) === "in" && isSlow(session.state) ? slow + 1 : 0;
    if (slow < 6 || session.keep.read("slow_told", false)) return;
    session.keep.write("slow_told", true);
    tell(say("hint_pauses"));
  });
  one("[data-pause-close]", root ?? document)?.addEventListener("click", () => show(root, false));
}
