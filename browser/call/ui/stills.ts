// The other's newest still in the place of the moving picture; one fades softly into the next.
import { otherOf, stageOf, type RoomState } from "../session/state.js";
import { all, one, show } from "./dom.js";
import type { Page } from "./page.js";

const MOVES_WITHIN = 3000; // ms: a moving picture that does not come by then is not waited for

export function stills({ session }: Page): void {
  const root = one("[data-still]");
  const [a, b] = all<HTMLImageElement>("img", root ?? document.createElement("div"));
  if (!root || !a || !b) return;
  let [front, back] = [a, b];
  let wanted = 0;

  const clear = (): void => {
    wanted++;
    show(root, false);
    for (const image of [a, b]) {
      release(image);
      image.classList.remove("is-on");
    }
  };
  const draw = async (picture: Blob): Promise<void> => {
    const mine = ++wanted;
    release(back);
    back.src = URL.createObjectURL(picture);
    try {
      await back.decode();
    } catch {
      return; // not a picture after all
    }
    if (mine !== wanted || !visible(session.state)) return;
    [front, back] = [back, front];
    front.classList.add("is-on");
    back.classList.remove("is-on");
    show(root, true);
  };
  session.stills.onPicture((picture) => {
    if (picture && visible(session.state)) void draw(picture);
    else if (!picture) onceMoving(wanted, () => wanted, clear);
  });
  session.subscribe((state, before) => {
    if (visible(before) && !visible(state)) clear(); // a camera switched off leaves no picture behind
  });
}

const visible = (state: RoomState): boolean => stageOf(state) === "in" && otherOf(state)?.state.cam === "on";

function release(image: HTMLImageElement): void {
  if (image.src) URL.revokeObjectURL(image.src);
  image.removeAttribute("src");
}

/** The last still stays until there is something that moves, so that nobody looks into the dark. */
function onceMoving(since: number, newest: () => number, act: () => void): void {
  const unchanged = (): void => {
    if (newest() === since) act();
  };
  const video = one<HTMLVideoElement>("[data-other-video]");
  video?.requestVideoFrameCallback?.(unchanged);
  setTimeout(unchanged, MOVES_WITHIN);
}
