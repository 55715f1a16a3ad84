// What people expect of a call and differ in: how loud, how large, where the picture stands, and the keys.
import { stageOf } from "../session/state.js";
import { all, one, show } from "./dom.js";
import type { Page } from "./page.js";

export function comfort(page: Page): void {
  loudness(page);
  places(page);
  window(page);
  held(page);
  keys(page);
}

function loudness({ session }: Page): void {
  const video = one<HTMLVideoElement>("[data-other-video]");
  const slider = one<HTMLInputElement>("[data-volume]");
  if (!video || !slider) return;
  slider.value = String(session.keep.read("volume", 100));
  const set = (): void => {
    video.volume = Number(slider.value) / 100;
    session.keep.write("volume", Number(slider.value));
  };
  slider.addEventListener("input", set);
  set();
}

/** Choices that are classes of the page, remembered for this tab. */
function places({ session }: Page): void {
  for (const button of all("[data-place]")) {
    const name = button.dataset.place ?? "";
    const set = (on: boolean): void => {
      document.documentElement.toggleAttribute(`data-${name}`, on);
      button.setAttribute("aria-pressed", String(on));
    };
    set(session.keep.read(name, false));
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      set(on);
      session.keep.write(name, on || null);
    });
  }
}

/** The other's picture in a small window above other programs. */
function window({ session }: Page): void {
  const video = one<HTMLVideoElement>("[data-other-video]");
  for (const button of all("[data-window]")) {
    show(button.closest("li") ?? button, document.pictureInPictureEnabled === true);
    button.addEventListener("click", () => {
      if (document.pictureInPictureElement) void document.exitPictureInPicture();
      else void video?.requestPictureInPicture().catch(() => undefined); // no picture to show just now
    });
  }
  session.subscribe((state) => {
    if (stageOf(state) !== "in" && document.pictureInPictureElement) void document.exitPictureInPicture();
  });
}

/** Hold to speak: the microphone is on only while the button or the space bar is held. */
function held({ session }: Page): void {
  const toggle = one("[data-hold-mode]");
  const button = one("[data-hold]");
  let on = false;
  const speak = (yes: boolean): void => {
    if (!on) return;
    session.devices.speak(yes);
    button?.classList.toggle("is-held", yes);
  };
  toggle?.addEventListener("click", () => {
    on = !on;
    toggle.setAttribute("aria-pressed", String(on));
    session.devices.speak(!on);
    show(button, on);
  });
  button?.addEventListener("pointerdown", () => speak(true));
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) button?.addEventListener(end, () => speak(false));
  const isSpace = (event: KeyboardEvent): boolean => event.code === "Space" && !isTyping(event.target) && on;
  document.addEventListener("keydown", (event) => {
    if (!isSpace(event)) return;
    event.preventDefault();
    speak(true);
  });
  document.addEventListener("keyup", (event) => isSpace(event) && speak(false));
  addEventListener("blur", () => speak(false));
}

const KEYS: Record<string, string> = { m: "[data-toggle-mic]", v: "[data-toggle-cam]", t: '[data-open-drawer="chat-drawer"], #tab-chat', k: "#tab-card, [data-open-drawer='card-drawer']" };

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT|BUTTON)$/.test(target.tagName));

function keys({ session }: Page): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || stageOf(session.state) !== "in") return;
    if (isTyping(event.target) && (event.target as HTMLElement).tagName !== "BUTTON") return;
    const selector = KEYS[event.key.toLowerCase()];
    if (!selector) return;
    event.preventDefault();
    all(selector).find((button) => button.offsetParent !== null || button.closest("[popover]"))?.click();
  });
}
