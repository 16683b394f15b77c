// @ts-check
// Keys: Ctrl+K palette, ? sheet, / search, J and K in lists, and the page's own [data-shortcut].

import { openPalette } from "./palette.js";

/** @param {EventTarget | null} target */
function writing(target) {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"))
  );
}

/** @param {number} step */
function moveInList(step) {
  const here = document.activeElement?.closest("[data-list]") ?? document.querySelector("[data-list]");
  if (!here) return false;
  const rows = /** @type {HTMLElement[]} */ ([...here.children]);
  const at = rows.findIndex((row) => row.getAttribute("aria-current") === "true");
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  if (!next) return false;
  rows[at]?.removeAttribute("aria-current");
  next.setAttribute("aria-current", "true");
  next.scrollIntoView({ block: "nearest" });
  /** @type {HTMLElement | null} */ (next.querySelector("a, button"))?.focus({ preventScroll: true });
  return true;
}

export function showShortcuts() {
  const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("shortcuts-dialog"));
  const own = dialog?.querySelector("[data-shortcuts-page]");
  if (!dialog || !own) return;
  own.replaceChildren(
    ...[...document.querySelectorAll("[data-shortcut]")].map((element) => {
      const row = document.createElement("div");
      const key = document.createElement("kbd");
      key.textContent = (element.getAttribute("data-shortcut") ?? "").toUpperCase();
      const term = document.createElement("dt");
      term.append(key);
      const meaning = document.createElement("dd");
      meaning.textContent = (element.getAttribute("aria-label") || element.textContent || "").trim();
      row.append(term, meaning);
      return row;
    }),
  );
  dialog.showModal();
}

function searchField() {
  return /** @type {HTMLElement | null} */ (
    document.querySelector("[data-search], main input[type=search]")
  );
}

/** @type {Record<string, () => boolean | void>} */
const ACTS = {
  "?": showShortcuts,
  "/": () => {
    const field = searchField();
    field?.focus();
    return field !== null;
  },
  j: () => moveInList(1),
  k: () => moveInList(-1),
};

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
    if (openPalette()) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (writing(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const own = /** @type {HTMLElement | null} */ (
    document.querySelector(`[data-shortcut="${CSS.escape(key)}"]`)
  );
  if (own) {
    event.preventDefault();
    if (own.matches("input, textarea, select")) own.focus();
    else own.click();
  } else if (ACTS[key] && ACTS[key]() !== false) event.preventDefault();
});

/* Every shortcut is said where it works. */
function label() {
  for (const element of document.querySelectorAll("[data-shortcut]:not([aria-keyshortcuts])")) {
    const key = element.getAttribute("data-shortcut") ?? "";
    element.setAttribute("aria-keyshortcuts", key);
    const name = element.getAttribute("title") || (element.textContent ?? "").trim();
    element.setAttribute("title", `${name} (${key.toUpperCase()})`.trim());
  }
}
label();
document.addEventListener("htmx:afterSettle", label);
document.addEventListener("acquis:shortcuts", label);

for (const button of document.querySelectorAll("[data-shortcuts-open]")) {
  button.removeAttribute("hidden");
  button.addEventListener("click", showShortcuts);
}
