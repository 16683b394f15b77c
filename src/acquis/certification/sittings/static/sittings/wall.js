// @ts-check
// The room's wall follows its session: at each news, and every four seconds whatever happens.
// What an invigilator does is sent without leaving the page: what is refused or lost says so where it
// was asked, with what was typed. Without this script the same forms are ordinary ones.

import { act, subscribe } from "../kernel/news.js";
import { alarm } from "./alarm.js";

const PERIOD_MS = 4000; // with the answer itself, data are less than five seconds old
const LAST_MS = 30000;
const SLOWEST_MS = 10_000;
const SLOWEST_LOOK_MS = 1500; // then the wall is fetched, which says since when it is old
const SETTLING_MS = 600; // a second click falls where another button just appeared
const wall = document.getElementById("wall");
const part = (/** @type {string} */ name) =>
  /** @type {HTMLElement | null} */ (document.querySelector(`[data-wall-${name}]`));
const head = () => wall?.querySelector("[data-wall-head]") ?? null;
let wait = PERIOD_MS;
let asking = false;
let again = false;
/** @type {number | undefined} */
let timer;

/** @param {Element} card */
const busy = (card) => card.querySelector("details[open]") !== null || card.contains(document.activeElement);

/** @param {Element | null | undefined} old @param {Element | null | undefined} fresh */
function replace(old, fresh) {
  if (old && fresh && !old.contains(document.activeElement)) old.replaceWith(fresh);
}

/**
 * Show what the server says. A card in which somebody is busy keeps its forms, but for the one just sent.
 * @param {string} html @param {Element | null} [sent]
 */
function renew(html, sent = null) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  if (!wall || !fresh.content.querySelector("[data-wall-head]")) {
    location.reload(); // another page than the wall came back
    return;
  }
  for (const name of ["[data-wall-head]", "[data-wall-jury]"]) {
    const old = wall.querySelector(name);
    if (old?.contains(sent)) old.replaceWith(fresh.content.querySelector(name) ?? "");
    else replace(old, fresh.content.querySelector(name));
  }
  for (const card of fresh.content.querySelectorAll(".wall-card")) {
    const shown = document.getElementById(card.id);
    if (!shown) wall.querySelector(".wall")?.append(card);
    else if (sent && shown.contains(sent)) {
      shown.replaceWith(card);
      settle(card);
    } else if (busy(shown)) {
      shown.setAttribute("data-blocking", card.getAttribute("data-blocking") ?? "");
      for (const name of ["[data-live]", ".wall-acts"]) replace(shown.querySelector(name), card.querySelector(name));
    } else shown.replaceWith(card);
  }
  const said = fresh.content.querySelector("[data-wall-said]");
  if (said?.childElementCount) part("said")?.replaceWith(said);
  told();
  document.dispatchEvent(new Event("htmx:afterSettle", { bubbles: true }));
}

/** The title and the sound say what must be seen. */
function told() {
  const alerts = (head()?.getAttribute("data-alerts") ?? "").split(" ").filter(Boolean);
  const count = Number(head()?.getAttribute("data-count") ?? 0);
  document.title = (count ? `(${count}) ` : "") + (wall?.dataset.title ?? "");
  alarm(alerts);
}

/** The card that was acted on takes the focus, and for a moment no click. @param {Element} card */
function settle(card) {
  card.classList.add("wall-settling");
  setTimeout(() => card.classList.remove("wall-settling"), SETTLING_MS);
  /** @type {HTMLElement | null} */ (card.querySelector("h2"))?.focus();
}

/** @param {number} ms @returns {Promise<any>} */
const late = (ms) => new Promise((_, reject) => setTimeout(() => reject(new Error("late")), ms));

/** Whether the wall still shows what is: asked over the socket, which is short. */
async function same() {
  try {
    const shown = { session: wall?.dataset.session, mark: head()?.getAttribute("data-mark") };
    const told = await Promise.race([act("wall.look", shown), late(SLOWEST_LOOK_MS)]);
    const hour = head()?.querySelector("[data-wall-now] time");
    if (told?.same && hour) hour.outerHTML = told.now;
    return Boolean(told?.same && hour);
  } catch {
    return false; // no socket, or no answer: the wall is fetched
  }
}

/** What the page does every few seconds, whatever it heard. */
async function look() {
  if (asking) return;
  asking = true;
  const unchanged = await same();
  asking = false;
  if (again || !unchanged) {
    again = false;
    await refresh();
    return;
  }
  closed(false);
  stale(false);
  wait = PERIOD_MS;
  turn();
}

async function refresh() {
  if (!wall) return;
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  try {
    const answer = await fetch(wall.dataset.url ?? "", {
      headers: { "HX-Request": "true" },
      redirect: "manual",
      signal: AbortSignal.timeout(SLOWEST_MS),
    });
    closed(answer.type === "opaqueredirect");
    if (!answer.ok) throw new Error(String(answer.status));
    const html = await answer.text();
    renew(html);
    wait = PERIOD_MS;
    stale(false);
  } catch {
    // Back off, but never give up: meanwhile the page says since when its data are old.
    wait = Math.min(wait * 1.5, LAST_MS);
    stale(true);
  } finally {
    asking = false;
    turn();
    if (again) {
      again = false;
      setTimeout(refresh, 200);
    }
  }
}

/** The person is no longer signed in. @param {boolean} out */
function closed(out) {
  const notice = part("closed");
  if (notice) notice.hidden = !out;
}

/** @param {boolean} old */
function stale(old) {
  const notice = part("stale");
  if (!notice) return;
  notice.hidden = !old || part("closed")?.hidden === false;
  const since = part("since");
  // The hour of the server, as the head of the wall shows it: that of the workstation may be wrong.
  if (since) since.textContent = head()?.querySelector("[data-wall-now] time")?.textContent ?? "";
}

function turn() {
  clearTimeout(timer);
  timer = window.setTimeout(() => void look(), wait);
}

/* ---- Acts ---- */

/** @param {HTMLFormElement} form @param {HTMLElement | null} by */
async function send(form, by) {
  for (const old of document.querySelectorAll("[data-wall-trouble]")) old.remove();
  part("said")?.replaceChildren();
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form, by),
      headers: { "HX-Request": "true" },
      signal: AbortSignal.timeout(SLOWEST_MS),
    });
    const html = await answer.text();
    if (answer.ok) {
      renew(html, form);
      if (!wall?.contains(form)) begunAgain(form);
    } else if (html.includes('id="refusal"')) refused(form, html);
    else lost(form);
  } catch {
    lost(form);
    void refresh();
  } finally {
    form.removeAttribute("aria-busy");
    delete form.dataset.busy;
  }
}

/** A form beside the wall is emptied, closed and given a key of its own again. @param {HTMLFormElement} form */
function begunAgain(form) {
  const key = /** @type {HTMLInputElement | null} */ (form.elements.namedItem("request_key"));
  form.reset();
  if (key) key.value = `${head()?.getAttribute("data-key") ?? ""}-tous`;
  form.closest("details")?.removeAttribute("open");
}

/** @param {HTMLFormElement} form @param {string} html */
function refused(form, html) {
  const holder = document.createElement("div");
  holder.dataset.wallTrouble = "";
  holder.className = "wall-trouble";
  holder.innerHTML = html;
  form.after(holder);
  void refresh();
}

/** @param {HTMLFormElement} form */
function lost(form) {
  const words = /** @type {HTMLTemplateElement | null} */ (document.querySelector("[data-wall-lost]"));
  if (!words) return;
  const holder = document.createElement("div");
  holder.dataset.wallTrouble = "";
  holder.className = "wall-trouble";
  holder.append(words.content.cloneNode(true));
  form.after(holder);
}

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (event.defaultPrevented || !form.closest("#wall, [data-wall-all]")) return;
  event.preventDefault();
  void send(form, /** @type {SubmitEvent} */ (event).submitter);
});

if (wall) {
  told();
  subscribe([wall.dataset.topic ?? ""], () => void refresh());
  window.addEventListener("online", () => void refresh());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void refresh();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) void refresh(); // the back button brings back what was true before
  });
  turn();
}
