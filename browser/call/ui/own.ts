// Own picture, own microphone: buttons and what is said about them, wherever they stand on the page.
import { deviceSentence } from "../session/status.js";
import { stageOf, type RoomState } from "../session/state.js";
import { all, one, show, write } from "./dom.js";
import type { Page } from "./page.js";

export function own(page: Page): void {
  const { session } = page;
  const { devices } = session;
  const press = (selector: string, act: () => void) => {
    for (const button of all(selector)) button.addEventListener("click", act);
  };
  press("[data-open-devices]", () => void devices.open());
  press("[data-reopen]", () => void devices.reopen());
  press("[data-toggle-mic]", () => void devices.toggleMicrophone());
  press("[data-toggle-cam]", () => void devices.toggleCamera());
  let selfView = false; // off after the check: nobody should have to watch themselves
  const draw = (): void => drawOwn(page, session.state, selfView);
  press("[data-toggle-self]", () => {
    selfView = !selfView;
    draw();
  });
  session.subscribe((state, before) => {
    if (state.own !== before.own || stageOf(state) !== stageOf(before)) draw();
  });
  draw();
}

function drawOwn({ session, say }: Page, state: RoomState, selfView: boolean): void {
  const { mic, cam, camera, microphone } = state.own;
  const asked = camera !== "not_asked" || microphone !== "not_asked";
  const sentence = deviceSentence(state);
  for (const text of all("[data-device-text]")) write(text, say(sentence.key));
  const nothing = mic === "none" && cam === "none" && camera !== "asking" && camera !== "unsupported";
  for (const button of all("[data-open-devices]")) show(button, !asked || nothing);
  for (const button of all("[data-toggle-mic]")) {
    if (button.classList.contains("btn")) show(button, asked && !nothing);
    button.setAttribute("aria-pressed", String(mic !== "on"));
    write(one("[data-label]", button), say(mic === "on" ? "mic_mute" : "mic_unmute"));
  }
  for (const button of all("[data-toggle-cam]")) {
    if (button.classList.contains("btn")) show(button, asked && !nothing);
    button.setAttribute("aria-pressed", String(cam !== "on"));
    write(one("[data-label]", button), say(cam === "on" ? "cam_off" : "cam_on"));
  }
  const stage = stageOf(state);
  const away = [mic, cam].some((device) => device === "ended" || device === "taken");
  for (const button of all("[data-reopen]")) show(button, stage === "in" && away);
  const before = stage === "waiting" || stage === "connecting";
  for (const video of all<HTMLVideoElement>("[data-own-video]")) feed(video, before && cam === "on" ? session.devices.stream : null);
  const self = one<HTMLVideoElement>("[data-self-video]");
  if (self) {
    const shown = selfView && stage === "in" && cam === "on";
    show(self, shown);
    feed(self, shown ? session.devices.stream : null);
  }
  for (const toggle of all("[data-toggle-self]")) {
    toggle.setAttribute("aria-pressed", String(selfView));
    write(one("[data-label]", toggle), say(selfView ? "self_hide" : "self_show"));
  }
}

function feed(video: HTMLVideoElement, stream: MediaStream | null): void {
  if (video.srcObject !== stream) video.srcObject = stream;
}
