// @ts-check
// A form in which one writes at length: <form data-keeps="name"> (its name among the forms of its address).
// What is typed lies in this window until the server has answered; when it does not answer, the page stays and
// says so beside the button, instead of a page of the browser in which the words are gone.

import { agree } from "./confirm.js";
import { say } from "./words.js";

const PATIENCE_MS = 5000;
const AGAIN_MS = 3000;
const SENT = "acquis.kept.sent";
const forms = /** @type {HTMLFormElement[]} */ ([...document.querySelectorAll("form[data-keeps]")]);
/** Those whose server has just answered. @type {WeakSet<HTMLFormElement>} */
const reached = new WeakSet();

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Control */

/** @param {string} key @returns {any} */
function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} key @param {unknown} value null forgets it */
function write(key, value) {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Refused: the page itself still holds what is typed.
  }
}

/** @param {HTMLFormElement} form */
function keyOf(form) {
  const { pathname, search } = new URL(form.action, location.href);
  return `acquis.kept:${pathname}${search}#${form.dataset.keeps}`;
}

/** What a person fills in, in its order. @param {HTMLFormElement} form */
function controls(form) {
  const found = /** @type {Control[]} */ ([...form.elements].filter((one) => one.matches("input, textarea, select")));
  return found.filter((one) => one.name && !["hidden", "file", "password", "submit"].includes(one.type));
}

/** @param {Control} control */
const isTicked = (control) => control instanceof HTMLInputElement && ["checkbox", "radio"].includes(control.type);

/** @param {Control} control @returns {string | boolean} */
const held = (control) => (isTicked(control) ? /** @type {HTMLInputElement} */ (control).checked : control.value);

/** What the page came with: [name, value] of each control. @type {Map<HTMLFormElement, [string, string | boolean][]>} */
const came = new Map();

/** @param {HTMLFormElement} form @returns {[string, string | boolean][]} */
const values = (form) => controls(form).map((one) => [one.name, held(one)]);

/** @param {HTMLFormElement} form */
const keep = (form) => write(keyOf(form), { typed: values(form), over: came.get(form) });

/**
 * Put back what was typed, but over what somebody else changed meanwhile, and on a page of the same fields.
 * @param {HTMLFormElement} form
 */
function restore(form) {
  const now = values(form);
  came.set(form, now);
  const { typed = [], over = [] } = read(keyOf(form)) ?? {};
  if (typed.length !== now.length || typed.some(([name], at) => name !== now[at][0])) return;
  const changed = new Set(now.filter(([, value], at) => value !== over[at]?.[1]).map(([name]) => name));
  for (const [at, control] of controls(form).entries()) {
    if (changed.has(control.name)) continue;
    const value = typed[at][1];
    if (isTicked(control)) /** @type {HTMLInputElement} */ (control).checked = value;
    else control.value = value;
  }
  form.dispatchEvent(new Event("acquis:restored", { bubbles: true }));
}

/** The page that follows a form that was sent: the server has its words, or shows them itself. */
function settle() {
  const sent = read(SENT);
  if (!sent) return;
  write(SENT, null);
  const [shown] = /** @type {any[]} */ (performance.getEntriesByType("navigation"));
  const from = document.referrer.startsWith(location.origin) ? new URL(document.referrer).pathname : "";
  const taken = !shown?.responseStatus || shown.responseStatus < 400 || shown.responseStatus === 422;
  if (shown?.type !== "back_forward" && from === sent.from && taken) write(sent.key, null);
}

async function answers() {
  try {
    return (await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) })).ok;
  } catch {
    return false;
  }
}

/** @param {HTMLFormElement} form @param {string} text */
function tell(form, text) {
  let place = form.querySelector("[data-kept-here]");
  if (!place) {
    place = document.createElement("p");
    place.setAttribute("data-kept-here", "");
    place.setAttribute("role", "alert");
    place.className = "kept-here";
    const acts = form.querySelector(".form-actions");
    if (acts) acts.after(place);
    else form.append(place);
  }
  place.textContent = text;
}

/** Say beside its button that the server does not answer, then that it does. @param {HTMLFormElement} form */
export async function untilBack(form) {
  tell(form, say("kept-here"));
  while (!(await answers())) await new Promise((resume) => setTimeout(resume, AGAIN_MS));
  tell(form, say("back-again"));
}

settle();
for (const form of forms) {
  restore(form);
  for (const name of ["input", "change"]) form.addEventListener(name, () => keep(form));
}

document.addEventListener(
  "submit",
  (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.hasAttribute("data-keeps") || reached.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = /** @type {SubmitEvent} */ (event).submitter;
    keep(form);
    void answers().then((there) => {
      if (!there) return untilBack(form);
      write(SENT, { key: keyOf(form), from: location.pathname });
      reached.add(form);
      agree(form);
      form.requestSubmit(submitter);
    });
  },
  { capture: true },
);
