// @ts-check
// Beside its source: an item leads to its line, a line to what was read there, doubts are walked
// through with N and P, and the list is filtered as one types. Without this module, plain anchors.

const review = document.querySelector("[data-review], .framework-review");
const source = /** @type {HTMLElement | null} */ (document.querySelector("[data-source]"));
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** @param {ParentNode} place @param {Element | null} element */
function only(place, element) {
  for (const one of place.querySelectorAll(".current")) one.classList.remove("current");
  element?.classList.add("current");
}

/** @param {string | undefined} number */
function showLine(number) {
  const line = number ? document.getElementById(`L${number}`) : null;
  if (!source || !line) return false;
  source.classList.add("open");
  review?.classList.add("source-open");
  only(source, line);
  // The pane scrolls, the page stays where it is.
  const top = line.getBoundingClientRect().top - source.getBoundingClientRect().top;
  const middle = Math.max(0, source.scrollTop + top - source.clientHeight / 3);
  // A long way is jumped, not travelled.
  const near = Math.abs(middle - source.scrollTop) < 2 * source.clientHeight;
  source.scrollTo({ top: middle, behavior: near && !calm.matches ? "smooth" : "instant" });
  return true;
}

/** @param {string} word */
function plain(word) {
  return word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function followClicks() {
  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const link = /** @type {HTMLElement | null} */ (target.closest("a[data-line]"));
    if (link) {
      if (!showLine(link.dataset.line)) return;
      event.preventDefault();
      if (review) only(review, link.closest("[data-item], [data-doubt]"));
      showLine(link.dataset.line);
      return;
    }
    if (target.closest("[data-source-close]")) {
      source?.classList.remove("open");
      review?.classList.remove("source-open");
    }
    const item = /** @type {HTMLElement | null} */ (target.closest("[data-item][data-line]"));
    if (!item || target.closest("a, button, summary, details, input, form")) return;
    if (String(getSelection())) return;
    if (review) only(review, item);
    showLine(item.dataset.line);
  });
  // One menu at a time; Escape and a click outside close it.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(".framework-more[open]"))
      if (!menu.contains(/** @type {Node} */ (event.target))) menu.removeAttribute("open");
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector(".framework-more[open]");
    menu?.removeAttribute("open");
    /** @type {HTMLElement | null} */ (menu?.querySelector("summary"))?.focus();
  });
}

/** What an item shows of itself: its code and words, neither its tools nor what is folded. @param {HTMLElement} item */
function said(item) {
  const copy = /** @type {HTMLElement} */ (item.cloneNode(true));
  for (const part of copy.querySelectorAll(".framework-tools, .framework-fold")) part.remove();
  return plain(copy.textContent ?? "");
}

/** @param {HTMLInputElement} field */
function filterAsTyped(field) {
  field.hidden = false;
  const items = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-item]")]);
  const texts = items.map(said);
  const count = document.querySelector("[data-filter-count]");
  const apply = () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    items.forEach((item, index) => {
      item.hidden = !words.every((word) => texts[index].includes(word));
      if (!item.hidden) shown += 1;
    });
    review?.toggleAttribute("data-filtering", words.length > 0);
    for (const section of document.querySelectorAll("[data-section]")) {
      const own = /** @type {HTMLElement[]} */ ([...section.querySelectorAll("[data-item]")]);
      /** @type {HTMLElement} */ (section).hidden = words.length > 0 && own.every((item) => item.hidden);
    }
    for (const theme of document.querySelectorAll(".framework-theme, .framework-count"))
      /** @type {HTMLElement} */ (theme).hidden = words.length > 0;
    if (count) count.textContent = words.length ? `${shown} / ${items.length}` : "";
  };
  field.addEventListener("input", apply);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    field.value = "";
    apply();
  });
  if (field.value) apply();
}

/** @param {HTMLElement} bar */
function walkDoubts(bar) {
  bar.hidden = false;
  const doubts = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-doubt]")]);
  const place = bar.querySelector("[data-doubt-place]");
  let at = -1;
  bar.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement | null} */ (
      /** @type {Element} */ (event.target).closest("[data-doubt-step]")
    );
    if (!button || !doubts.length) return;
    const step = Number(button.dataset.doubtStep);
    at = at < 0 && step < 0 ? doubts.length - 1 : (at + step + doubts.length) % doubts.length;
    const doubt = doubts[at];
    if (review) only(review, doubt);
    doubt.scrollIntoView({ block: "nearest" });
    doubt.focus({ preventScroll: true });
    if (doubt.dataset.line) showLine(doubt.dataset.line);
    if (place) place.textContent = `${at + 1} / ${doubts.length}`;
  });
}

if (review) {
  review.toggleAttribute("data-ready", true);
  for (const close of document.querySelectorAll("[data-source-close]"))
    /** @type {HTMLElement} */ (close).hidden = matchMedia("(min-width: 75rem)").matches;
  followClicks();
  const field = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-filter]"));
  if (field) filterAsTyped(field);
  const bar = /** @type {HTMLElement | null} */ (document.querySelector("[data-doubt-nav]"));
  if (bar) walkDoubts(bar);
  if (source?.dataset.line) showLine(source.dataset.line);
  // A link to a line opens the sheet where the source is one.
  else if (/^#L\d+$/.test(location.hash)) showLine(location.hash.slice(2));
  else if (location.hash && matchMedia("(min-width: 75rem)").matches) {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    showLine(target?.dataset.line);
  }
}

for (const button of document.querySelectorAll("[data-print]")) {
  /** @type {HTMLElement} */ (button).hidden = false;
  button.addEventListener("click", () => {
    for (const fold of document.querySelectorAll(".framework-fold")) fold.setAttribute("open", "");
    print();
  });
}
