// @ts-check
// A transcript under its recording: the line that is heard is marked, lines are searched and gone through
// with the keyboard. Hearing a line is the player's (moments.js).

/** @param {ParentNode} root */
export function adoptTranscripts(root) {
  for (const element of root.querySelectorAll("[data-transcript]:not([data-adopted])")) {
    element.setAttribute("data-adopted", "");
    adopt(/** @type {HTMLElement} */ (element));
  }
}

/** @param {string} text */
const folded = (text) =>
  text.normalize("NFD").replace(/\p{Mn}/gu, "").replace(/[’‘]/g, "'").replace(/\s+/g, " ").toLowerCase();

/** @param {HTMLElement} element */
function adopt(element) {
  const search = /** @type {HTMLInputElement} */ (element.querySelector("[data-search]"));
  const found = /** @type {HTMLElement} */ (element.querySelector("[data-found]"));
  const list = /** @type {HTMLElement} */ (element.querySelector("[data-lines]"));
  const lines = /** @type {HTMLElement[]} */ ([...element.querySelectorAll("[data-line]")]).map((line) => ({
    line,
    button: /** @type {HTMLButtonElement} */ (line.querySelector("button")),
    from: Number(line.dataset.from),
    to: Number(line.dataset.to),
    words: folded(line.querySelector(".transcript-words")?.textContent ?? ""),
  }));

  function filter() {
    const wanted = folded(search.value.trim());
    let count = 0;
    for (const one of lines) {
      const shown = !wanted || one.words.includes(wanted);
      one.line.hidden = !shown;
      if (shown) count += 1;
    }
    const { foundOne = "", foundMany = "", foundNone = "" } = found.dataset;
    if (!wanted) found.textContent = "";
    else if (count === 0) found.textContent = foundNone;
    else found.textContent = count === 1 ? foundOne : foundMany.replace("{n}", String(count));
  }

  search.addEventListener("input", filter);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && search.value) {
      event.preventDefault();
      search.value = "";
      filter();
    }
    if (event.key === "ArrowDown") {
      event.preventDefault();
      visible()[0]?.button.focus();
    }
  });

  const visible = () => lines.filter((one) => !one.line.hidden);

  list.addEventListener("keydown", (event) => {
    const shown = visible();
    const at = shown.findIndex((one) => one.line.contains(document.activeElement));
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: shown.length - 1 }[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    if (next < 0) search.focus();
    else shown[Math.min(next, shown.length - 1)].button.focus();
  });

  // The last line that began, of either voice: two may speak at once.
  element.closest("[data-recording]")?.addEventListener("acquis:position", (event) => {
    const { seconds, playing } = /** @type {CustomEvent<{seconds: number, playing: boolean}>} */ (event).detail;
    for (const one of lines) {
      const heard = seconds >= one.from && seconds < one.to && (playing || seconds > 0);
      if (heard === one.line.hasAttribute("data-heard")) continue;
      one.line.toggleAttribute("data-heard", heard);
      if (heard) one.button.setAttribute("aria-current", "true");
      else one.button.removeAttribute("aria-current");
      if (heard && playing && !list.contains(document.activeElement)) keepInSight(one.line);
    }
  });

  /** @param {HTMLElement} line */
  function keepInSight(line) {
    const above = line.offsetTop - list.offsetTop < list.scrollTop;
    const below = line.offsetTop - list.offsetTop + line.offsetHeight > list.scrollTop + list.clientHeight;
    if (above || below) list.scrollTop = line.offsetTop - list.offsetTop - list.clientHeight / 3;
  }
}
