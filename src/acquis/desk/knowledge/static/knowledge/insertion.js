// @ts-check
// Where a text goes when something is inserted in an answer: the text area that is being written.

/** @type {WeakRef<HTMLTextAreaElement> | null} */
let last = null;

document.addEventListener("focusin", (event) => {
  const field = event.target;
  if (field instanceof HTMLTextAreaElement && field.closest("[data-snippets]") && !field.readOnly) {
    last = new WeakRef(field);
  }
});

/** The text area last written in, else the first that takes answers; null when there is none. */
export function answerField() {
  const known = last?.deref();
  if (known?.isConnected) return known;
  return /** @type {HTMLTextAreaElement | null} */ (
    document.querySelector("textarea[data-snippets], [data-snippets] textarea")
  );
}

/**
 * Put a text at the cursor; what is selected is replaced, what is around is kept.
 *
 * @param {HTMLTextAreaElement} field
 * @param {string} text
 */
export function insert(field, text) {
  const start = field.selectionStart;
  const before = field.value.slice(0, start);
  // Two answers that follow each other do not stick together.
  const gap = before && !/\s$/.test(before) ? " " : "";
  field.focus();
  field.setRangeText(gap + text, start, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return start + gap.length;
}
