// @ts-check
// Behaviour common to all pages. Each part looks for its own elements and stays silent without them.

import "./confirm.js";
import "./keyboard.js";
import "./keeping.js";

const body = document.body;

/* Every htmx request carries the token that Django expects. */
if (body.dataset.csrf) {
  body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": body.dataset.csrf }));
}

/* Theme: the choice is kept on this device; theme.js applies it before the first paint. */
function showTheme() {
  const choice = document.documentElement.getAttribute("data-theme-choice") ?? "auto";
  for (const button of document.querySelectorAll("[data-choose-theme]")) {
    button.setAttribute("aria-pressed", String(button.getAttribute("data-choose-theme") === choice));
  }
}
document.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("[data-choose-theme]");
  if (!button) return;
  try {
    localStorage.setItem("acquis.theme", button.getAttribute("data-choose-theme") ?? "auto");
  } catch {
    return; // storage refused: the system's theme stays
  }
  document.dispatchEvent(new Event("acquis:theme"));
  showTheme();
});
showTheme();

/* Navigation on narrow screens. */
for (const toggle of document.querySelectorAll("[data-navigation-toggle]")) {
  toggle.addEventListener("click", () => {
    const open = document.getElementById("navigation")?.classList.toggle("is-open") ?? false;
    toggle.setAttribute("aria-expanded", String(open));
  });
}

/* A refused form: the summary takes the focus so that it is read first. */
/** @type {HTMLElement | null} */ (document.querySelector("[data-error-summary]"))?.focus();

/* The bar that says since when the page is cut off from the server. */
document.addEventListener("acquis:saved-state", (event) => {
  const { state, sentence } = /** @type {CustomEvent} */ (event).detail;
  const bar = /** @type {HTMLElement | null} */ (document.querySelector("[data-offline-bar]"));
  if (!bar) return;
  bar.hidden = state !== "offline" && state !== "retrying";
  const text = bar.querySelector("[data-offline-text]");
  if (text) text.textContent = sentence;
});

/* Sheets of the page: [data-opens="id"] opens the <dialog> of that id; a button inside closes it. */
document.addEventListener("click", (event) => {
  const opener = /** @type {Element} */ (event.target).closest("[data-opens]");
  const sheet = opener && document.getElementById(opener.getAttribute("data-opens") ?? "");
  if (sheet instanceof HTMLDialogElement) sheet.showModal();
});

/* A wide table scrolls within itself: when it does, the arrow keys reach it too. */
const sized = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.setAttribute("tabindex", "0");
    else target.removeAttribute("tabindex");
  }
});
function watchTables() {
  for (const table of document.querySelectorAll(".table-responsive")) sized.observe(table);
}
document.addEventListener("htmx:afterSettle", watchTables);
watchTables();
