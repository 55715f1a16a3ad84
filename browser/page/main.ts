// What pages gain where there is script; without it they all work.

/** Quick exit: the page is replaced, so that Back does not lead here. */
for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-quick-exit]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    location.replace(link.href);
  });
}

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
