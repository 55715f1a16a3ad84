// The board: a square on both screens, drawn on with a finger, a pen or the mouse.
import { openBoard } from "../session/board/open.js";
import type { BoardDesk } from "../session/board/desk.js";
import { LONGEST, roleOf, SIDE } from "../session/board/model.js";
import { otherOf, stageOf } from "../session/state.js";
import { all, one, show, write } from "./dom.js";
import type { Page } from "./page.js";

/** Colour and width, so that the two are told apart without colours as well; the board is white in the dark too. */
const PEN = { counsellor: { colour: "#0e5a50", width: 6 }, client: { colour: "#b4532a", width: 13 } };

export interface BoardUi {
  open(): void;
}

export function board(page: Page): BoardUi {
  const { session } = page;
  const panel = one("[data-board]") as HTMLElement;
  const canvas = one<HTMLCanvasElement>("[data-board-canvas]") as HTMLCanvasElement;
  const news = one("[data-board-news]");
  let line: number[] = [];
  const redraw = (): void => {
    paint(canvas, desk, page, line);
    label(page, panel, canvas, desk);
  };
  const desk = openBoard(session, (theirs) => {
    if (theirs && panel.hidden) show(news, stageOf(session.state) === "in");
    redraw();
  });
  const close = (): void => {
    show(panel, false);
    one('[popovertarget="more"]')?.focus();
  };
  draws(canvas, (next, done) => {
    line = desk.full ? [] : next;
    if (done) {
      const drawn = line;
      line = [];
      desk.draw(drawn);
    }
    redraw();
  });
  one("[data-board-close]")?.addEventListener("click", close);
  panel.addEventListener("keydown", ({ key }) => key === "Escape" && close());
  one("[data-board-undo]")?.addEventListener("click", () => desk.undo());
  one("[data-board-clear]")?.addEventListener("click", () => desk.clearOwn());
  new ResizeObserver(redraw).observe(canvas);
  session.subscribe((state, before) => {
    const stage = stageOf(state);
    if (stage === stageOf(before) || stage === "in") return;
    show(panel, false);
    show(news, false);
    if (stage === "ended" || state.final === "signed_out") desk.end();
  });
  if (desk.board.strokes.length > 0) show(news, stageOf(session.state) === "in");
  return {
    open: () => {
      if (stageOf(session.state) !== "in") return;
      show(news, false);
      show(panel, true);
      redraw();
      one("[data-board-close]", panel)?.focus();
    },
  };
}

/** One line at a time, from the first pointer that comes down to where it is lifted. */
function draws(canvas: HTMLCanvasElement, tell: (line: number[], done: boolean) => void): void {
  let pointer: number | null = null;
  let line: number[] = [];
  const add = ({ clientX, clientY }: PointerEvent): void => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const place = (at: number, whole: number): number => Math.max(0, Math.min(SIDE, Math.round((at / whole) * SIDE)));
    line.push(place(clientX - left, width), place(clientY - top, height));
  };
  const end = (event: PointerEvent): void => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    tell(line, true);
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (pointer !== null || event.button !== 0) return;
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    line = [];
    add(event);
    tell(line, false);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    for (const each of event.getCoalescedEvents?.() ?? []) add(each);
    add(event);
    const full = line.length >= LONGEST;
    tell(line, full);
    if (full) line = line.slice(-2); // it goes on as another stroke
  });
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
}

function paint(canvas: HTMLCanvasElement, desk: BoardDesk, { config }: Page, line: number[]): void {
  const side = Math.round(canvas.clientWidth * Math.min(devicePixelRatio, 2));
  const pen = canvas.getContext("2d");
  if (!pen || side === 0) return;
  if (canvas.width !== side) canvas.width = canvas.height = side;
  pen.setTransform(side / SIDE, 0, 0, side / SIDE, 0, 0);
  pen.clearRect(0, 0, SIDE, SIDE);
  pen.lineCap = pen.lineJoin = "round";
  for (const { id, points } of desk.board.strokes) trace(pen, points, PEN[roleOf(id)]);
  if (line.length > 0) trace(pen, line, PEN[config.me.role]);
}

function trace(pen: CanvasRenderingContext2D, points: number[], { colour, width }: { colour: string; width: number }): void {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  pen.moveTo(points[0] ?? 0, points[1] ?? 0);
  for (let i = 0; i + 1 < points.length; i += 2) pen.lineTo(points[i] ?? 0, points[i + 1] ?? 0); // a point alone is a dot
  pen.stroke();
}

function label({ say, session }: Page, panel: HTMLElement, canvas: HTMLCanvasElement, desk: BoardDesk): void {
  const { role } = session.state.me;
  const mine = desk.board.strokes.filter(({ id }) => roleOf(id) === role).length;
  const theirs = desk.board.strokes.length - mine;
  const text = say("board_label", { mine, theirs, name: otherOf(session.state)?.alias ?? "" });
  if (canvas.getAttribute("aria-label") !== text) canvas.setAttribute("aria-label", text);
  canvas.dataset.lines = `${mine} ${theirs}`;
  for (const button of all<HTMLButtonElement>("[data-board-undo], [data-board-clear]", panel)) button.disabled = mine === 0;
  write(one("[data-board-status]", panel), desk.full ? say("board_full") : "");
}
