// @ts-check
// Asks before an act that cannot be undone: data-confirm="…" on a form, its button or an htmx element.
// Optional beside it: data-confirm-title, data-confirm-label, data-confirm-tone="danger".

/** @type {WeakSet<Element>} */
const agreed = new WeakSet();

/** The next sending of this form asks nothing: the person has said yes. @param {HTMLFormElement} form */
export const agree = (form) => void (form.dataset.confirm && agreed.add(form));

/** @param {HTMLElement} source @returns {Promise<boolean>} */
export function ask(source) {
  const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("confirm-dialog"));
  if (!dialog) return Promise.resolve(window.confirm(source.dataset.confirm));
  const part = (/** @type {string} */ name) =>
    /** @type {HTMLElement} */ (dialog.querySelector(`[data-confirm-${name}]`));
  const [title, text, ok] = [part("title"), part("text"), part("ok")];
  title.dataset.usual ??= title.textContent ?? "";
  ok.dataset.usual ??= ok.textContent ?? "";
  title.textContent = source.dataset.confirmTitle ?? title.dataset.usual;
  text.textContent = source.dataset.confirm ?? "";
  ok.textContent = source.dataset.confirmLabel ?? ok.dataset.usual;
  const grave = source.dataset.confirmTone === "danger";
  ok.classList.toggle("btn-danger", grave);
  ok.classList.toggle("btn-primary", !grave);
  dialog.returnValue = "cancel";
  dialog.showModal();
  // The safe answer has the focus: Enter typed too fast destroys nothing.
  part("cancel").focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "ok"), { once: true });
  });
}

document.addEventListener(
  "submit",
  (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const submitter = /** @type {HTMLElement | null} */ (/** @type {SubmitEvent} */ (event).submitter);
    const source = submitter?.dataset.confirm ? submitter : form.dataset.confirm ? form : null;
    if (!source || agreed.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void ask(source).then((yes) => {
      if (!yes) return;
      agreed.add(form);
      form.requestSubmit(submitter);
    });
  },
  { capture: true },
);

document.addEventListener("htmx:confirm", (event) => {
  const { elt, issueRequest } = /** @type {CustomEvent} */ (event).detail;
  if (!elt.dataset.confirm || elt instanceof HTMLFormElement) return;
  event.preventDefault();
  void ask(elt).then((yes) => yes && issueRequest(true));
});

/* A second click on the button of a form that is on its way does nothing. */
const SENT_MS = 4000;
document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (event.defaultPrevented || form.method !== "post" || form.dataset.busy) {
    if (form.dataset.busy) event.preventDefault();
    return;
  }
  form.dataset.busy = "true";
  // A download leaves the page in place: the form becomes usable again.
  setTimeout(() => delete form.dataset.busy, SENT_MS);
});
