// @ts-check
// The rest of the menu opens and closes without this; here it also closes as people expect it to.

const more = /** @type {HTMLDetailsElement | null} */ (document.querySelector("[data-desk-more]"));

if (more) {
  const away = (/** @type {Event} */ event) => {
    if (!more.contains(/** @type {Node} */ (event.target))) more.open = false;
  };
  document.addEventListener("pointerdown", away);
  document.addEventListener("focusin", away);
  more.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !more.open) return;
    event.stopPropagation();
    more.open = false;
    more.querySelector("summary")?.focus();
  });
}
