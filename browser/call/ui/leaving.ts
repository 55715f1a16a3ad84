// Going out alone (the seat stays), or ending for both behind a question.
import { one } from "./dom.js";
import type { Page } from "./page.js";

export function leaving({ session, config }: Page): void {
  one("[data-leave]")?.addEventListener("click", () => {
    session.leave();
    location.replace(config.urls.leave);
  });
  const dialog = one<HTMLDialogElement>("[data-end-dialog]");
  one("[data-end]")?.addEventListener("click", () => {
    one("#more")?.hidePopover();
    dialog?.showModal();
  });
  one("[data-end-no]")?.addEventListener("click", () => dialog?.close());
  one("[data-end-yes]")?.addEventListener("click", () => {
    if (session.endForBoth()) dialog?.close();
  });
}
