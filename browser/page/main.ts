// What pages gain where there is script; without it they all work.

/** Quick exit, by the link or the Escape key: the page is replaced, so that Back does not lead here; other windows of
 * ours go too. Where the key closes something that is open, it does that first. */
const exits = document.querySelectorAll<HTMLAnchorElement>("a[data-quick-exit]");
const harmless = exits[0]?.href;
const windows = typeof BroadcastChannel === "function" ? new BroadcastChannel("windows") : null;
const exit = (): void => {
  if (!harmless) return;
  windows?.postMessage("exit");
  location.replace(harmless);
};
for (const link of exits) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    exit();
  });
}
if (harmless) {
  let shut = false;
  document.addEventListener("keydown", ({ key }) => (shut = key === "Escape" && document.querySelector(":popover-open, dialog[open]") !== null), true);
  document.addEventListener("keyup", ({ key }) => key === "Escape" && !shut && exit());
  void fetch(harmless, { priority: "low" }).catch(() => undefined); // kept, so that it is there also without a line
}
windows?.addEventListener("message", ({ data }) => data === "exit" && harmless && location.replace(harmless));

/** Filters: the sheet closes at "Show"; where the line is gone the browser itself says so, as without script. */
const filters = document.querySelector<HTMLFormElement>("form#filters");
filters?.addEventListener("submit", () => filters.matches(":popover-open") && filters.hidePopover());
for (const lost of ["htmx:sendError", "htmx:responseError"]) filters?.addEventListener(lost, () => filters.submit());

/** Drafts: what is typed in a form marked data-draft survives a reload of this tab, until it is sent. */
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft]")) {
  const key = `draft:${form.dataset["draft"] ?? ""}`;
  const fields = () =>
    [...form.elements].filter(
      (field): field is HTMLInputElement | HTMLTextAreaElement =>
        (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) &&
        field.type !== "hidden" && field.type !== "file" && field.type !== "password",
    );
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "{}") as Record<string, string>;
  for (const field of fields()) {
    const value = kept[field.name];
    if (value !== undefined && !field.value && field.type !== "checkbox" && field.type !== "radio") field.value = value;
  }
  form.addEventListener("input", () => {
    const now: Record<string, string> = {};
    for (const field of fields()) if (field.type !== "checkbox" && field.type !== "radio") now[field.name] = field.value;
    sessionStorage.setItem(key, JSON.stringify(now));
  });
  form.addEventListener("submit", () => sessionStorage.removeItem(key));
}

/** A file too large is said at once, not after a weak line has carried it for minutes. */
for (const field of document.querySelectorAll<HTMLInputElement>("input[data-most]")) {
  field.addEventListener("change", () => {
    const large = [...(field.files ?? [])].some((file) => file.size > Number(field.dataset["most"]));
    field.setCustomValidity(large ? (field.dataset["tooLarge"] ?? "") : "");
    field.reportValidity();
  });
}

/** Signing out on a shared phone leaves nothing of what was typed. */
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sign-out]"))
  form.addEventListener("submit", () => sessionStorage.clear());
