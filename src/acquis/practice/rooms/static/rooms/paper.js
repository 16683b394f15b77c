// @ts-check
// A sheet on its way to the printer, or to a PDF by the browser's own dialog.

document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
