// The private notes' field and what is said of their keeping.
import { NotesDesk } from "../session/notes-desk.js";
import { one, write } from "./dom.js";
import type { Page } from "./page.js";

export function notes({ session, say }: Page): void {
  const field = one<HTMLTextAreaElement>("[data-notes]");
  if (!field) return;
  const status = one("[data-notes-status]");
  const desk = new NotesDesk(session, field, (state) => {
    write(status, say(state === "clean" ? "saved" : state === "waiting" ? "saving_later" : "saving"));
  });
  field.addEventListener("input", () => desk.typed());
}
