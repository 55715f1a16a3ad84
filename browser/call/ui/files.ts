// Files in the chat: who offers what, how much of it has come, and saving it by one's own press. Names are text, and a
// picture is shown out of the page's own memory.
import { openFiles } from "../session/files/open.js";
import { isImage, mimeOf, type FileDesk, type FileView } from "../session/files/desk.js";
import { MOST } from "../session/files/kinds.js";
import { otherOf, stageOf } from "../session/state.js";
import { all, make, one, show, write } from "./dom.js";
import type { Page } from "./page.js";

const TEXT: Record<FileView["status"], [mine: string, theirs: string]> = {
  offered: ["file_offered_mine", "file_offered_theirs"],
  moving: ["file_moving", "file_moving"],
  checking: ["file_checking", "file_checking"],
  whole: ["file_whole_mine", "file_whole_theirs"],
  declined: ["file_declined_mine", "file_declined_theirs"],
  broken: ["file_broken", "file_broken"],
  wrong: ["file_wrong", "file_wrong"],
  gone: ["file_gone", "file_gone"],
  expired: ["file_expired", "file_expired"],
};
const WAITS: FileView["status"][] = ["offered", "moving"];

export interface FilesUi {
  give(chosen: File[]): void;
}

interface Row {
  item: HTMLLIElement;
  drawn: string;
  url: string | null;
}

export function files(page: Page): FilesUi {
  const { session, say } = page;
  const list = one("[data-files]") as HTMLElement;
  const rows = new Map<string, Row>();
  const draw = (): void => {
    const views = desk.view();
    for (const [id, row] of rows) if (!views.some((view) => view.id === id)) forget(rows, id, row);
    for (const view of views) drawRow(page, desk, list, rows, view, thin());
    show(list, views.length > 0);
    drawNews(page, list, views);
  };
  const { desk, thin } = openFiles(session, () => draw());
  addEventListener("tatap:shown", draw);
  session.subscribe((state, before) => {
    const stage = stageOf(state);
    if (stage !== stageOf(before) && ["ended", "taken", "shut"].includes(stage)) desk.clear();
    else if (state.quality !== before.quality) draw();
  });
  draw();
  const tell = (text: string): void => {
    write(one("[data-files-status]"), text);
  };
  return {
    give: (chosen) => {
      tell("");
      for (const file of chosen) void give(desk, file).then((key) => key && tell(say(key, { name: file.name })));
    },
  };
}

async function give(desk: FileDesk, file: File): Promise<string | null> {
  if (file.size > MOST) return "file_large";
  try {
    const refused = await desk.offer(file.name, new Uint8Array(await file.arrayBuffer()));
    return refused && { large: "file_large", kind: "file_kind", many: "file_many" }[refused];
  } catch {
    return "file_unread";
  }
}

function forget(rows: Map<string, Row>, id: string, row: Row): void {
  if (row.url) URL.revokeObjectURL(row.url);
  row.item.remove();
  rows.delete(id);
}

function drawRow(page: Page, desk: FileDesk, list: HTMLElement, rows: Map<string, Row>, view: FileView, thin: boolean): void {
  let row = rows.get(view.id);
  if (!row) {
    row = { item: make("li", { class: view.mine ? "file is-mine" : "file", tabindex: "-1" }), drawn: "", url: null };
    rows.set(view.id, row);
    list.append(row.item);
    show(list, true);
    list.scrollTop = list.scrollHeight;
  }
  if (row.drawn !== view.status) rebuild(page, desk, row, view);
  const waits = thin && WAITS.includes(view.status) && !(view.status === "offered" && view.mine);
  const name = otherOf(page.session.state)?.alias ?? "";
  const percent = Math.floor(view.share * 100);
  write(one("[data-file-text]", row.item), page.say(TEXT[view.status][view.mine ? 0 : 1], { name, percent }));
  const note = one("[data-file-thin]", row.item);
  write(note, waits ? page.say("file_thin") : "");
  show(note, waits);
  const bar = one<HTMLProgressElement>("progress", row.item);
  if (bar) bar.value = percent;
}

function rebuild(page: Page, desk: FileDesk, row: Row, view: FileView): void {
  const { say } = page;
  const focused = row.item.contains(document.activeElement);
  if (row.url) URL.revokeObjectURL(row.url);
  row.url = view.bytes ? URL.createObjectURL(new Blob([view.bytes], { type: mimeOf(view.kind) })) : null;
  const button = (key: string, kind: string, act: () => void): HTMLButtonElement => {
    const made = make("button", { class: `btn ${kind}`, type: "button" }, say(key));
    made.addEventListener("click", act);
    return made;
  };
  const actions: HTMLElement[] = [];
  const { id, mine, status } = view;
  if (!mine && status === "offered") {
    actions.push(button("file_accept", "btn-main", () => desk.accept(id)), button("file_decline", "btn-text", () => desk.drop(id)));
  } else if (WAITS.includes(status)) actions.push(button(mine ? "file_take_back" : "file_stop", "btn-text", () => desk.drop(id)));
  if (row.url) actions.push(make("a", { class: "btn btn-main", href: row.url, download: view.name }, say("file_save")));
  row.item.replaceChildren(
    ...(row.url && isImage(view.kind) ? [make("img", { src: row.url, alt: view.name })] : []),
    make("p", { class: "file-name" }, say("file_line", { file: view.name, size: size(page, view.size) })),
    ...(status === "moving" ? [make("progress", { max: "100", "aria-label": view.name })] : []),
    make("p", { class: "small muted", "data-file-text": "" }),
    make("p", { class: "small", "data-file-thin": "", hidden: "" }),
    ...(actions.length ? [make("p", { class: "actions" }, ...actions)] : []),
  );
  row.drawn = status;
  if (focused) row.item.focus();
}

function size({ config, say }: Page, bytes: number): string {
  const format = new Intl.NumberFormat(config.language ?? "id", { maximumFractionDigits: 1 });
  const kilobytes = bytes / 1024;
  return kilobytes < 1024 ? say("file_kb", { n: format.format(Math.ceil(kilobytes)) }) : say("file_mb", { n: format.format(kilobytes / 1024) });
}

/** A file that came while the chat was closed is told at the button that opens it. */
function drawNews({ say }: Page, list: HTMLElement, views: FileView[]): void {
  const news = list.offsetParent === null && views.some(({ mine, status }) => !mine && (status === "offered" || status === "whole"));
  for (const badge of all("[data-unread-file]")) {
    write(badge, news ? say("file_news") : "");
    show(badge, news);
  }
}
