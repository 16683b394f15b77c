// @ts-check
// A mail being written: its parts are kept as they are typed, its files leave when they are chosen, the
// seconds in which it may be called back are counted.

import "../kernel/autosave.js";

document.addEventListener("change", (event) => {
  const chosen = /** @type {HTMLElement} */ (event.target);
  const form = chosen.closest("[data-mail-attach]");
  if (form instanceof HTMLFormElement && chosen instanceof HTMLInputElement && chosen.files?.length) {
    form.requestSubmit();
  }
});

setInterval(() => {
  for (const place of document.querySelectorAll("[data-mail-seconds]")) {
    const shown = /** @type {HTMLElement} */ (place);
    const left = Math.max(0, Number(shown.dataset.mailSeconds) - 1);
    shown.dataset.mailSeconds = String(left);
    shown.textContent = left
      ? (shown.dataset.words ?? "").replace("{s}", String(left))
      : (shown.dataset.now ?? "");
  }
}, 1000);

// The exchange may be shown anew by the page itself: its fields are kept from then on too.
const holder = document.querySelector(".desk-exchange");
if (holder) {
  new MutationObserver(() => document.dispatchEvent(new Event("acquis:shown"))).observe(holder, {
    childList: true,
  });
}
