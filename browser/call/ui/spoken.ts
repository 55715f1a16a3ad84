// Spoken notes on the page: the button to speak, what became of each note, and hearing it again.
import type { NoteView, SpokenView } from "../session/spoken/desk.js";
import { openDesk } from "../session/spoken/open.js";
import { LEVELS } from "../session/rungs.js";
import { otherOf, stageOf } from "../session/state.js";
import { all, make, one, show, write } from "./dom.js";
import type { Page } from "./page.js";

const HELD = 500; // ms: a longer press is held, and letting go sends
const SAME_TOUCH = 400; // ms: the click that browsers send after a touch
const FEW = 3; // notes beside the picture; the chat has them all
const STATUS: Record<NoteView["status"], string> = {
  waiting: "spoken_waiting",
  sending: "spoken_sending",
  sent: "spoken_sent",
  heard: "spoken_heard",
  new: "spoken_new",
  playing: "spoken_playing",
};

export interface SpokenUi {
  /** A press on the button that came before this was loaded. */
  press(): void;
}

export async function spoken(page: Page): Promise<SpokenUi> {
  const { session } = page;
  const draw = (): void => drawAll(page, desk.view(), act);
  const desk = openDesk(session, () => draw());
  const act: Acts = {
    play: (note) => void (note.status === "playing" ? desk.pause() : desk.play(note, note.mine)),
    takeBack: (note) => desk.takeBack(note),
  };
  const toggle = () => void (desk.view().recording ? desk.end() : desk.begin());
  for (const button of all<HTMLButtonElement>("[data-speak]")) wire(button, toggle, () => void desk.end());
  for (const button of all("[data-speak-discard]")) button.addEventListener("click", () => void desk.end(false));
  session.spoken.onChange(draw);
  session.subscribe((state, before) => {
    if (stageOf(state) !== stageOf(before) || state.quality !== before.quality || state.others !== before.others) draw();
  });
  setInterval(() => desk.view().recording && drawTime(page, desk.view()), 500);
  await desk.start();
  draw();
  return { press: toggle };
}

/** A tap begins and another sends; a press that is held sends when it is let go; keys work like taps. */
function wire(button: HTMLButtonElement, toggle: () => void, send: () => void): void {
  let began: number | null = null;
  let touchedAt = -Infinity;
  button.addEventListener("pointerdown", ({ button: which }) => {
    if (which !== 0) return;
    touchedAt = performance.now();
    began = button.getAttribute("aria-pressed") === "true" ? null : touchedAt;
    toggle();
  });
  button.addEventListener("pointerup", () => {
    touchedAt = performance.now();
    if (began !== null && touchedAt - began > HELD) send();
    began = null;
  });
  button.addEventListener("pointercancel", () => (began = null));
  button.addEventListener("contextmenu", (event) => event.preventDefault()); // a long press is ours
  button.addEventListener("click", () => {
    if (performance.now() - touchedAt > SAME_TOUCH) toggle();
  });
}

interface Acts {
  play(note: NoteView): void;
  takeBack(note: NoteView): void;
}

function drawAll(page: Page, view: SpokenView, act: Acts): void {
  const inside = stageOf(page.session.state) === "in";
  const instead = page.session.spoken.on;
  const news = view.notes.some(({ status }) => status !== "heard" && status !== "sent");
  for (const root of all("[data-spoken]")) {
    const big = root.hasAttribute("data-spoken-stage");
    show(root, inside && (view.recording || view.otherSpeaks || (big ? instead || news : view.notes.length > 0)));
    root.classList.toggle("is-instead", instead);
    show(one("[data-spoken-lead]", root), instead && view.notes.length === 0 && !view.recording && !saidAlready(page));
    show(one("[data-spoken-speak]", root), instead || view.recording);
    write(one("[data-spoken-status]", root), statusLine(page, view));
    drawNotes(page, root, big ? view.notes.slice(-FEW) : view.notes, act);
  }
  for (const button of all("[data-speak]")) {
    show(button, inside);
    button.setAttribute("aria-pressed", String(view.recording));
  }
  for (const button of all("[data-speak-discard]")) show(button, view.recording);
  drawTime(page, view);
}

/** The place of the picture says it where the other's line is the weak one as well. */
function saidAlready({ session }: Page): boolean {
  const { state } = session;
  return state.quality.otherLevel === LEVELS.notes && otherOf(state)?.state.cam === "on";
}

function drawTime({ say }: Page, view: SpokenView): void {
  const time = clock((performance.now() - view.since) / 1000);
  for (const label of all("[data-speak] [data-label]")) write(label, view.recording ? say("spoken_stop", { time }) : say("spoken_speak"));
}

const clock = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

function statusLine({ say, session }: Page, view: SpokenView): string {
  const name = otherOf(session.state)?.alias ?? "";
  if (view.recording) return say(session.spoken.on ? "spoken_recording" : "spoken_recording_held");
  if (view.problem) return say(view.problem === "short" ? "spoken_short" : "spoken_no_microphone");
  if (view.wantsTouch) return say("spoken_touch");
  if (view.otherSpeaks) return say("spoken_other", { name });
  if (view.arriving) return say("spoken_arriving", { name });
  return view.lasting ? "" : say("spoken_not_lasting");
}

function drawNotes(page: Page, root: HTMLElement, notes: NoteView[], act: Acts): void {
  const list = one("[data-spoken-list]", root);
  if (!list) return;
  const drawn = new Map(all<HTMLLIElement>("li", list).map((item) => [item.dataset.key ?? "", item]));
  const wanted = notes.map((note) => {
    const key = `${note.stream}.${note.n}`;
    const item = drawn.get(key) ?? newItem(key);
    drawn.delete(key);
    fill(page, item, note, act);
    return item;
  });
  for (const gone of drawn.values()) gone.remove();
  const added = wanted.filter((item) => !item.isConnected);
  if (added.length === 0) return;
  list.append(...added);
  list.scrollTop = list.scrollHeight;
}

function newItem(key: string): HTMLLIElement {
  const item = make("li", { class: "note-line" }, make("button", { class: "btn btn-line", type: "button" }), make("p", {}));
  item.dataset.key = key;
  return item;
}

function fill(page: Page, item: HTMLLIElement, note: NoteView, act: Acts): void {
  const { say, session } = page;
  const [play, text, back] = [...item.children] as [HTMLButtonElement, HTMLElement, HTMLButtonElement | undefined];
  const who = note.mine ? say("chat_me") : (otherOf(session.state)?.alias ?? "");
  const status = note.broken ? say("spoken_broken") : say(STATUS[note.status], { percent: Math.round(note.share * 100) });
  const again = note.mine || note.status === "heard";
  item.classList.toggle("is-mine", note.mine);
  write(play, say(note.status === "playing" ? "spoken_pause" : again ? "spoken_again" : "spoken_play"));
  write(text, say("spoken_line", { who, seconds: Math.max(1, Math.round(note.seconds)), status }));
  play.onclick = () => act.play(note);
  if (!note.mayTakeBack) back?.remove();
  else if (!back) item.append(make("button", { class: "btn btn-text", type: "button" }, say("spoken_take_back")));
  const taking = item.children[2] as HTMLButtonElement | undefined;
  if (taking) taking.onclick = () => act.takeBack(note);
}
