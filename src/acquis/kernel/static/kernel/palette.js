// @ts-check
// The command palette: the pages of the navigation, and what the server finds for
// body[data-palette-url] + "?q=…" → {"results": [{"label", "url", "detail"}]}.

import { say } from "./words.js";

const QUIET_MS = 150;
const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("palette-dialog"));
const input = /** @type {HTMLInputElement | null} */ (dialog?.querySelector("input") ?? null);
const list = /** @type {HTMLElement | null} */ (dialog?.querySelector("[role=listbox]") ?? null);
const empty = /** @type {HTMLElement | null} */ (dialog?.querySelector("[data-palette-empty]") ?? null);

/** @typedef {{label: string, url: string, detail?: string}} Result */
/** @type {Result[]} */
let results = [];
let selected = 0;
let asked = 0;
/** @type {any} */
let timer = null;

/** @param {string} text */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** @param {string} query @returns {Result[]} */
function pages(query) {
  return [...document.querySelectorAll(".mainnav a, [data-palette-entry]")]
    .map((link) => ({
      label: (link.textContent ?? "").trim(),
      url: /** @type {HTMLAnchorElement} */ (link).href,
    }))
    .filter(({ label }) => plain(label).includes(plain(query)));
}

function draw() {
  if (!list || !input || !empty) return;
  list.replaceChildren(
    ...results.map((result, index) => {
      const row = document.createElement("li");
      row.id = `palette-${index}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", String(index === selected));
      row.append(result.label);
      if (result.detail) {
        const detail = document.createElement("small");
        detail.textContent = result.detail;
        row.append(detail);
      }
      row.addEventListener("click", () => go(index));
      return row;
    }),
  );
  if (results.length) input.setAttribute("aria-activedescendant", `palette-${selected}`);
  else input.removeAttribute("aria-activedescendant");
  input.setAttribute("aria-expanded", String(results.length > 0));
  empty.textContent = results.length || !input.value ? "" : say("no-result");
  list.children[selected]?.scrollIntoView({ block: "nearest" });
}

/** @param {number} index */
function go(index) {
  const result = results[index];
  if (!result) return;
  dialog?.close();
  window.location.assign(result.url);
}

/** @param {string} query */
async function search(query) {
  const own = pages(query);
  results = own;
  selected = 0;
  draw();
  const url = document.body.dataset.paletteUrl;
  if (!url || query.trim() === "") return;
  const turn = ++asked;
  try {
    const address = new URL(url, window.location.href);
    address.searchParams.set("q", query);
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const found = (await answer.json()).results;
    if (turn !== asked) return; // a newer question is under way
    results = [...own, ...found];
    draw();
  } catch {
    if (turn === asked && empty) empty.textContent = say("search-failed");
  }
}

/** @returns {boolean} whether there is a palette to open */
export function openPalette() {
  if (!dialog || !input) return false;
  if (!document.body.dataset.paletteUrl && !document.querySelector(".mainnav a")) return false;
  if (!dialog.open) {
    input.value = "";
    void search("");
    dialog.showModal();
  }
  input.focus();
  return true;
}

input?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => void search(input.value), QUIET_MS);
});
input?.addEventListener("keydown", (event) => {
  const steps = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1 });
  if (event.key in steps && results.length) {
    event.preventDefault();
    selected = (selected + steps[event.key] + results.length) % results.length;
    draw();
  } else if (event.key === "Enter") {
    event.preventDefault();
    go(selected);
  }
});
dialog?.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close(); // outside the sheet
});
for (const button of document.querySelectorAll("[data-palette-open]")) {
  button.removeAttribute("hidden");
  button.addEventListener("click", openPalette);
}
