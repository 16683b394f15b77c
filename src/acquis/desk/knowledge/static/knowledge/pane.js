// @ts-check
// The search that opens beside any page of the desk: its passages go into the answer being written.
// A search left without an answer is told to the server, words alone.

import { answerField, insert } from "./insertion.js";

const LEFT_ALONE_MS = 2500;
const pane = document.getElementById("knowledge-pane");
const query = /** @type {HTMLInputElement | null} */ (document.getElementById("kpane-q"));
/** @type {HTMLElement | null} */
let opener = null;

const form = () => query?.closest("form");
const ask = () => form()?.dispatchEvent(new Event("kpane:open"));

/** @param {boolean} open */
function show(open) {
  if (!pane || !query) return;
  pane.hidden = !open;
  for (const button of document.querySelectorAll("[data-kpane-open]")) {
    button.setAttribute("aria-expanded", String(open));
  }
  if (open) {
    query.focus();
    query.select();
    ask();
  } else {
    (answerField() ?? opener)?.focus();
  }
}

for (const button of document.querySelectorAll("[data-kpane-open]")) {
  button.removeAttribute("hidden");
  button.addEventListener("click", () => {
    opener = /** @type {HTMLElement} */ (button);
    show(pane?.hidden ?? false);
  });
}
pane?.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    event.stopPropagation();
    show(false);
  }
});
pane?.addEventListener("click", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  if (target.closest("[data-kpane-close]")) show(false);
  else if (target.closest("[data-kpane-back]")) {
    ask();
    query?.focus();
  } else if (target.closest("[data-insert-all]")) put(whole(target));
  else if (target.closest("[data-insert-selection]")) put(selection() || whole());
});
// A click on the button would lose the selection it is about to insert.
pane?.addEventListener("mousedown", (event) => {
  if (/** @type {HTMLElement} */ (event.target).closest("[data-insert-selection]")) event.preventDefault();
});

/** The text of the part that holds the button, else of the article. @param {Element} [button] */
const whole = (button) =>
  /** @type {HTMLTemplateElement | null} */ (
    (button?.closest("[data-insertable]") ?? pane)?.querySelector("template[data-insert-text]") ?? null
  )?.content.textContent?.trim() ?? "";

function selection() {
  const chosen = window.getSelection();
  return chosen && pane?.contains(chosen.anchorNode) ? chosen.toString().trim() : "";
}

/** @param {string} text */
function put(text) {
  const field = answerField();
  if (field && text) insert(field, text);
}

/** @param {ParentNode} root */
function settle(root) {
  for (const tools of root.querySelectorAll("[data-insert-tools]")) {
    tools.toggleAttribute("hidden", answerField() === null);
  }
  for (const place of root.querySelectorAll("[data-missed]")) {
    setTimeout(() => tell(/** @type {HTMLElement} */ (place)), LEFT_ALONE_MS);
  }
}

/** @param {HTMLElement} place */
function tell(place) {
  const address = place.getAttribute("data-missed");
  const field = document.getElementById(place.getAttribute("data-missed-field") ?? "");
  if (!place.isConnected || !address || !(field instanceof HTMLInputElement)) return;
  place.removeAttribute("data-missed");
  void fetch(address, {
    method: "POST",
    keepalive: true,
    headers: { "X-CSRFToken": document.body.dataset.csrf ?? "" },
    body: new URLSearchParams({ q: field.value }),
  }).catch(() => undefined);
}

settle(document);
document.addEventListener("htmx:load", (event) => {
  const part = /** @type {HTMLElement} */ (event.target);
  if (part.parentNode) settle(part.parentNode);
});
