// The three clocks of the page about nothing.

const draw = (): void => {
  for (const field of document.querySelectorAll<HTMLElement>("[data-zone]")) {
    const form = new Intl.DateTimeFormat("id", { timeZone: field.dataset.zone, hour: "2-digit", minute: "2-digit" });
    field.textContent = form.format(new Date());
  }
};

draw();
setInterval(draw, 1000);
