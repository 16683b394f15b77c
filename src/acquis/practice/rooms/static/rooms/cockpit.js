// @ts-check
// The juror as the customer: ready lines, sending without leaving the page, the page kept true.

import { subscribe } from "../kernel/news.js";

const TIMEOUT_MS = 10_000;
const PERIOD_MS = 15_000;
const SOON_MS = 100;
const state = /** @type {HTMLElement | null} */ (document.querySelector("[data-cockpit]"));
/** @param {string} id */
const typedIn = (id) => /** @type {HTMLTextAreaElement | null} */ (document.getElementById(id))?.value ?? "";

/* ---- The page kept true ---- */

/** Whether a page loaded anew would disturb: something is being typed, or a page left is a line cut. */
const busy = () => Boolean(typedIn("say") || typedIn("note") || document.querySelector("[data-cockpit-line]"));

let looking = false;
let shown = "";

/** What the page would be now: another moment of the exam is another page, what came is put in place. */
async function look() {
  if (!state?.dataset.mark || looking) return;
  looking = true;
  try {
    const answer = await fetch(location.href, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = /** @type {HTMLElement | null} */ (page.querySelector("[data-cockpit]"));
    if (!fresh?.dataset.mark) return;
    if (fresh.dataset.mark === state.dataset.mark) renewMaterials(page);
    else if (busy()) document.querySelector("[data-cockpit-moved]")?.removeAttribute("hidden");
    else location.reload();
  } catch {
    // The link is down: asked again when it is back.
  } finally {
    looking = false;
  }
}

/** What the candidate wrote and sent; what is unfolded, and the focus on its title, stay. @param {Document} page */
function renewMaterials(page) {
  const place = document.getElementById("cockpit-materials");
  const fresh = page.getElementById("cockpit-materials");
  if (!place || !fresh || fresh.innerHTML === shown) return;
  const titles = [...place.querySelectorAll("summary")];
  const at = titles.findIndex((one) => one === document.activeElement);
  if (at < 0 && place.contains(document.activeElement)) return;
  shown = fresh.innerHTML;
  const open = [...place.querySelectorAll("details")].map((one) => one.open);
  for (const [at, one] of [...fresh.querySelectorAll("details")].entries()) one.open = open[at] ?? one.open;
  place.replaceChildren(...fresh.childNodes);
  if (at >= 0) place.querySelectorAll("summary")[at]?.focus({ preventScroll: true });
}

if (state) {
  let timer = 0;
  const soon = () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void look(), SOON_MS);
  };
  subscribe([state.dataset.topic ?? "", state.dataset.desk ?? ""].filter(Boolean), soon);
  setInterval(() => document.hidden || void look(), PERIOD_MS);
  document.addEventListener("acquis:noted", () => void look());
  document.addEventListener("visibilitychange", () => document.hidden || void look());
  window.addEventListener("pageshow", (event) => event.persisted && void look());
}

/* ---- What the customer writes ---- */

document.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("[data-line]");
  const field = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("say"));
  if (!button || !field) return;
  field.value = button.getAttribute("data-line") ?? "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  const field = /** @type {HTMLElement} */ (event.target);
  if (field.id !== "say") return;
  event.preventDefault();
  field.closest("form")?.requestSubmit();
});

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-say]"));
const words = /** @type {HTMLTemplateElement | null} */ (form?.querySelector("template[data-words]"));
/** @param {string} name */
const word = (name) => words?.content.querySelector(`[data-word="${name}"]`)?.textContent ?? "";

/** @param {string} text */
function trouble(text) {
  const said = form?.querySelector("[data-say-trouble]");
  if (said) said.textContent = text;
}

/** @param {HTMLFormElement} said */
const parts = (said) => ({
  field: /** @type {HTMLTextAreaElement} */ (said.elements.namedItem("body")),
  key: /** @type {HTMLInputElement} */ (said.elements.namedItem("client_key")),
  button: /** @type {HTMLButtonElement} */ (said.querySelector("button")),
});

/** What is typed, and the key under which it may have arrived, survive a reload. @param {HTMLFormElement} said */
function keepTyped(said) {
  const { field, key } = parts(said);
  try {
    if (field.value) sessionStorage.setItem(`acquis.said:${said.action}`, JSON.stringify([field.value, key.value]));
    else sessionStorage.removeItem(`acquis.said:${said.action}`);
  } catch {
    // Refused: the page holds it.
  }
}

/** @param {HTMLFormElement} said @param {Response} answer */
async function refused(said, answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  trouble(page.querySelector("#refusal strong")?.textContent || word(answer.status < 500 ? "refused" : "lost"));
  parts(said).field.focus();
}

/** @param {HTMLFormElement} said */
async function say(said) {
  const { field, key, button } = parts(said);
  if (button.disabled) return;
  button.disabled = true;
  const text = field.value;
  try {
    const answer = await fetch(said.action, {
      method: "POST",
      body: new FormData(said),
      headers: { "HX-Request": "true" },
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.type === "opaqueredirect") trouble(word("signed-out"));
    else if (!answer.ok) await refused(said, answer);
    else {
      const thread = document.getElementById("cockpit-thread");
      if (thread) thread.outerHTML = await answer.text();
      key.value = crypto.getRandomValues(new Uint32Array(4)).join("-");
      field.value = field.value.startsWith(text) ? field.value.slice(text.length) : field.value; // typed meanwhile
      keepTyped(said);
      trouble("");
      if (!document.querySelector("[data-cockpit-moved]")?.hasAttribute("hidden")) void look();
      document.dispatchEvent(new Event("htmx:afterSettle"));
      const list = document.querySelector("#cockpit-thread .thread");
      if (list) list.scrollTop = list.scrollHeight;
    }
  } catch {
    trouble(word("lost")); // under the same key: sent again, it is said once
  } finally {
    button.disabled = false;
  }
}

if (form) {
  const { field, key } = parts(form);
  try {
    const [text, name] = JSON.parse(sessionStorage.getItem(`acquis.said:${form.action}`) ?? "[]");
    if (text && !field.value) [field.value, key.value] = [text, name];
  } catch {
    // Nothing was kept.
  }
  field.addEventListener("input", () => keepTyped(form));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void say(form);
  });
}

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
