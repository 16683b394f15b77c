// @ts-check
// The juror as the customer: ready lines, sending without leaving the page, the page kept true.

import { subscribe } from "../kernel/news.js";

const state = /** @type {HTMLElement | null} */ (document.querySelector("[data-cockpit]"));
if (state?.dataset.news) {
  let first = true;
  subscribe([state.dataset.news], (news) => {
    // The candidate's moment changed: the whole page changes, unless something is being typed.
    const typed = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("say"))?.value;
    const noted = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("note"))?.value;
    const speaking = document.querySelector("[data-cockpit-line]"); // a page left is a line cut
    if (news.poll && first) first = false;
    else if (speaking) return;
    else if (!typed && !noted && !news.poll) location.reload();
  });
}

document.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("[data-line]");
  const field = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("say"));
  if (!button || !field) return;
  field.value = button.getAttribute("data-line") ?? "";
  field.focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  const field = /** @type {HTMLElement} */ (event.target);
  if (field.id !== "say") return;
  event.preventDefault();
  field.closest("form")?.requestSubmit();
});

document.addEventListener("submit", async (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.matches("[data-say]")) return;
  event.preventDefault();
  const button = /** @type {HTMLButtonElement | null} */ (form.querySelector("button"));
  if (button) button.disabled = true;
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { "HX-Request": "true" },
    });
    if (!answer.ok) return form.submit();
    const thread = document.getElementById("cockpit-thread");
    if (thread) thread.outerHTML = await answer.text();
    document.dispatchEvent(new Event("htmx:afterSettle"));
    const key = /** @type {HTMLInputElement} */ (form.elements.namedItem("client_key"));
    key.value = crypto.randomUUID();
    /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("body")).value = "";
    const list = document.querySelector("#cockpit-thread .thread");
    if (list) list.scrollTop = list.scrollHeight;
  } finally {
    if (button) button.disabled = false;
  }
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = /** @type {HTMLElement} */ (event.target);
  if (form.matches?.("[data-clear]")) /** @type {HTMLFormElement} */ (form).reset();
});

// The candidate ended the chat: the box goes, and with it only what can no longer be sent.
document.addEventListener("htmx:afterSettle", () => {
  const over = document.querySelector("#cockpit-thread[data-ended]");
  const box = /** @type {HTMLElement | null} */ (document.querySelector("[data-talking]"));
  if (!over || !box) return;
  const typed = /** @type {HTMLTextAreaElement | null} */ (box.querySelector("textarea"))?.value.trim();
  if (typed) {
    const kept = document.createElement("p");
    kept.className = "text-secondary";
    kept.textContent = typed; // not sent: shown, so that it may be copied into a note
    over.append(kept);
  }
  box.remove();
});

// « Noter » beside a criterion: the note begins there.
document.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("[data-note-for]");
  const choice = /** @type {HTMLSelectElement | null} */ (document.getElementById("note-criterion"));
  if (!button || !choice) return;
  choice.value = button.getAttribute("data-note-for") ?? "";
  document.getElementById("note")?.focus();
});
