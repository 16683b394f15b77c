// @ts-check
// Records chosen in a list: space on the current row, shift and click for a run of rows; columns moved up and down.

/** @type {HTMLInputElement | null} */
let last = null;

/** @param {Element} form @returns {HTMLInputElement[]} */
const boxes = (form) => /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input[name=pk]")]);

/** @param {Element} form */
function tell(form) {
  const all = boxes(form);
  const chosen = all.filter((box) => box.checked).length;
  const page = /** @type {HTMLInputElement | null} */ (form.querySelector("[data-select-page]"));
  if (page) {
    page.checked = chosen > 0 && chosen === all.length;
    page.indeterminate = chosen > 0 && chosen < all.length;
  }
  const count = /** @type {HTMLElement | null} */ (form.querySelector("[data-selected-count]"));
  if (!count) return;
  const words = chosen === 0 ? count.dataset.none : chosen === 1 ? count.dataset.one : count.dataset.many;
  count.textContent = (words ?? "").replace("N", String(chosen));
}

document.addEventListener("click", (event) => {
  const box = /** @type {Element} */ (event.target).closest("[data-selection] input[name=pk]");
  const form = box?.closest("[data-selection]");
  if (!(box instanceof HTMLInputElement) || !form) return;
  const all = boxes(form);
  const from = last ? all.indexOf(last) : -1;
  if (/** @type {MouseEvent} */ (event).shiftKey && from >= 0) {
    const [first, end] = [from, all.indexOf(box)].sort((a, b) => a - b);
    for (const one of all.slice(first, end + 1)) one.checked = box.checked;
  }
  last = box;
  tell(form);
});

document.addEventListener("change", (event) => {
  const page = /** @type {Element} */ (event.target).closest("[data-select-page]");
  const form = page?.closest("[data-selection]");
  if (!(page instanceof HTMLInputElement) || !form) return;
  for (const box of boxes(form)) box.checked = page.checked;
  tell(form);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== " " || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = /** @type {Element} */ (event.target);
  if (target.matches("input, textarea, select, button, summary")) return;
  const row = target.closest("[data-row]") ?? document.querySelector("[data-list] > [aria-current=true]");
  const box = row?.querySelector("input[name=pk]");
  if (!(box instanceof HTMLInputElement)) return;
  event.preventDefault();
  box.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: event.shiftKey }));
});

document.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("[data-move]");
  const line = button?.closest("li");
  if (!button || !line) return;
  const up = button.getAttribute("data-move") === "-1";
  const other = up ? line.previousElementSibling : line.nextElementSibling;
  if (!other) return;
  if (up) other.before(line);
  else other.after(line);
  /** @type {HTMLElement} */ (button).focus();
});

/** The arrows need this script: they show once it is here. */
function ready() {
  for (const button of document.querySelectorAll("[data-move]")) button.removeAttribute("hidden");
}
document.addEventListener("htmx:afterSettle", ready);
ready();
