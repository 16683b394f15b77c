// @ts-check
// Canned answers at the cursor: « / » at the beginning of a word, or Ctrl+;, in any text area that
// names where they are asked (data-snippets, on itself or around it).

import { insert } from "./insertion.js";

const MISSING = /\[à compléter : [^\]]*\]/u;

/** @typedef {{id: number, title: string, shortcut: string, category: string, own: boolean, text: string, missing: string[]}} Snippet */

/** @type {Map<string, Promise<Snippet[]>>} */
const known = new Map();
/** @type {{panel: HTMLElement, field: HTMLTextAreaElement, rows: Snippet[], shown: Snippet[], at: number} | null} */
let open = null;

/** @param {string} text */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** @param {string} name */
const word = (name) =>
  /** @type {HTMLTemplateElement | null} */ (document.getElementById("writing-words"))?.content.querySelector(
    `[data-word="${name}"]`,
  )?.textContent ?? "";

/** @param {HTMLElement} field */
const addressOf = (field) => field.closest("[data-snippets]")?.getAttribute("data-snippets") ?? "";

/** @param {string} address @returns {Promise<Snippet[]>} */
function fetched(address) {
  let rows = known.get(address);
  if (!rows) {
    rows = fetch(address, { headers: { Accept: "application/json" } }).then(async (answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      return (await answer.json()).snippets;
    });
    rows.catch(() => known.delete(address));
    known.set(address, rows);
  }
  return rows;
}

/** @param {HTMLTextAreaElement} field */
async function openPicker(field) {
  close(false);
  const source = /** @type {HTMLTemplateElement | null} */ (document.getElementById("snippet-picker"));
  const panel = /** @type {HTMLElement | undefined} */ (
    source?.content.firstElementChild?.cloneNode(true)
  );
  if (!panel) return;
  const place = field.closest(".wh") ?? field;
  place.before(panel);
  open = { panel, field, rows: [], shown: [], at: 0 };
  const input = /** @type {HTMLInputElement} */ (panel.querySelector("input"));
  input.focus();
  input.addEventListener("input", draw);
  input.addEventListener("keydown", onKey);
  panel.addEventListener("focusout", (event) => {
    if (!panel.contains(/** @type {Node | null} */ (event.relatedTarget))) close(false);
  });
  const mine = open;
  try {
    mine.rows = await fetched(addressOf(field));
  } catch {
    say(word("snippets-failed"));
    return;
  }
  if (open === mine) draw();
}

/** @param {string} text */
function say(text) {
  const place = open?.panel.querySelector("[role=status]");
  if (place) place.textContent = text;
}

function draw() {
  if (!open) return;
  const input = /** @type {HTMLInputElement} */ (open.panel.querySelector("input"));
  const list = /** @type {HTMLElement} */ (open.panel.querySelector("[role=listbox]"));
  const words = plain(input.value).split(/\s+/).filter(Boolean);
  open.shown = open.rows
    .filter((row) => {
      const text = plain(`${row.title} ${row.shortcut} ${row.category} ${row.text}`);
      return words.every((one) => text.includes(one));
    })
    .sort((one, other) => rank(other, words) - rank(one, words));
  open.at = 0;
  list.replaceChildren(...open.shown.map(option));
  say(open.shown.length ? "" : word(open.rows.length ? "snippets-none" : "snippets-empty"));
  mark();
}

/** The shortcut typed whole wins, then its beginning. @param {Snippet} row @param {string[]} words */
function rank(row, words) {
  if (words.length !== 1) return 0;
  if (row.shortcut === words[0]) return 2;
  return row.shortcut.startsWith(words[0]) ? 1 : 0;
}

/** @param {Snippet} row @param {number} index */
function option(row, index) {
  const line = document.createElement("li");
  line.id = `snippet-option-${index}`;
  line.setAttribute("role", "option");
  const title = document.createElement("strong");
  title.textContent = row.title;
  line.append(title);
  if (row.shortcut) {
    const code = document.createElement("code");
    code.textContent = `/${row.shortcut}`;
    line.append(" ", code);
  }
  const preview = document.createElement("span");
  preview.className = "snippet-preview";
  preview.textContent = row.text;
  line.append(preview);
  if (row.missing.length) {
    const missing = document.createElement("span");
    missing.className = "snippet-missing";
    missing.textContent = `${word("snippets-missing")} ${row.missing.join(", ")}`;
    line.append(missing);
  }
  // The text area keeps the focus that the list would take.
  line.addEventListener("mousedown", (event) => event.preventDefault());
  line.addEventListener("click", () => choose(index));
  return line;
}

function mark() {
  if (!open) return;
  const { at, panel } = open;
  const input = /** @type {HTMLInputElement} */ (panel.querySelector("input"));
  panel.querySelectorAll("[role=option]").forEach((line, index) => {
    line.setAttribute("aria-selected", String(index === at));
    if (index === at) line.scrollIntoView({ block: "nearest" });
  });
  if (open.shown.length) input.setAttribute("aria-activedescendant", `snippet-option-${at}`);
  else input.removeAttribute("aria-activedescendant");
}

/** @param {number} index */
function choose(index) {
  const row = open?.shown[index];
  if (!open || !row) return;
  const { field } = open;
  close(false);
  const start = insert(field, row.text);
  const hole = MISSING.exec(row.text);
  if (hole) field.setSelectionRange(start + hole.index, start + hole.index + hole[0].length);
}

/** @param {boolean} back whether the text area takes the focus again */
function close(back) {
  if (!open) return;
  const { panel, field } = open;
  open = null;
  panel.remove();
  if (back) field.focus();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (!open) return;
  const steps = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1 });
  const input = /** @type {HTMLInputElement} */ (event.target);
  if (event.key in steps && open.shown.length) {
    event.preventDefault();
    open.at = (open.at + steps[event.key] + open.shown.length) % open.shown.length;
    mark();
  } else if (event.key === "Enter") {
    event.preventDefault();
    choose(open.at);
  } else if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    close(true);
  } else if (event.key === "/" && input.value === "") {
    // Twice « / » writes one.
    event.preventDefault();
    const { field } = open;
    close(false);
    field.focus();
    field.setRangeText("/", field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

document.addEventListener(
  "keydown",
  (event) => {
    const field = event.target;
    if (!(field instanceof HTMLTextAreaElement) || field.readOnly || event.isComposing) return;
    if (!addressOf(field)) return;
    const before = field.value.slice(0, field.selectionStart);
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && /(^|\s)$/.test(before);
    const combined = event.key === ";" && (event.ctrlKey || event.metaKey);
    if (!slash && !combined) return;
    event.preventDefault();
    void openPicker(field);
  },
  true,
);

document.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest?.("[data-snippets-open]");
  if (!button) return;
  const field = document.getElementById(button.getAttribute("aria-controls") ?? "");
  if (field instanceof HTMLTextAreaElement) void openPicker(field);
});

// What was to be completed does not leave by itself: the first sending shows it, the next one sends.
/** @type {WeakSet<HTMLFormElement>} */
const warned = new WeakSet();
document.addEventListener(
  "submit",
  (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const fields = /** @type {HTMLTextAreaElement[]} */ ([
      ...form.querySelectorAll("textarea[data-snippets], [data-snippets] textarea"),
    ]);
    const field = fields.find((one) => MISSING.test(one.value));
    if (!field || warned.has(form)) {
      warned.delete(form);
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    warned.add(form);
    const hole = /** @type {RegExpExecArray} */ (MISSING.exec(field.value));
    field.focus();
    field.setSelectionRange(hole.index, hole.index + hole[0].length);
    const place = form.querySelector("[data-composer-state]");
    if (place) {
      place.textContent = word("snippets-hole");
      place.toggleAttribute("data-trouble", true);
    } else {
      field.setCustomValidity(word("snippets-hole"));
      field.reportValidity();
      field.addEventListener("input", () => field.setCustomValidity(""), { once: true });
      setTimeout(() => field.setCustomValidity(""), 4000);
    }
  },
  true,
);
