// @ts-check
// The room's wall follows its session: at each news, and every five seconds whatever happens.
// A card in which somebody is typing keeps its form: only its state and clock are renewed.

import { subscribe } from "../kernel/news.js";

const PERIOD_MS = 5000;
const LAST_MS = 30000;
const wall = document.getElementById("wall");
const stale = /** @type {HTMLElement | null} */ (document.querySelector("[data-wall-stale]"));
let heardAt = new Date();
let wait = PERIOD_MS;
let asking = false;
let again = false;

/** @param {Element} card */
const busy = (card) => card.querySelector("details[open]") !== null || card.contains(document.activeElement);

/** @param {string} html */
function renew(html) {
  if (!wall) return;
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  replace(wall.querySelector("[data-wall-head]"), fresh.content.querySelector("[data-wall-head]"));
  for (const card of fresh.content.querySelectorAll(".wall-card")) {
    const shown = document.getElementById(card.id);
    if (!shown) wall.querySelector(".wall")?.append(card);
    else if (busy(shown)) {
      shown.setAttribute("data-blocking", card.getAttribute("data-blocking") ?? "");
      replace(shown.querySelector("[data-live]"), card.querySelector("[data-live]"));
    } else shown.replaceWith(card);
  }
  const count = Number(wall.querySelector("[data-wall-head]")?.getAttribute("data-count") ?? 0);
  if (count > alerts) beep();
  alerts = count;
  document.title = (count ? `(${count}) ` : "") + (wall.dataset.title ?? "");
  document.dispatchEvent(new Event("htmx:afterSettle", { bubbles: true }));
}

/* ---- A sound for each new alert, if this invigilator wants one ---- */

const SOUND = "acquis.wall-sound";
const switching = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-wall-sound]"));
/** @type {AudioContext | undefined} */
let context;
let alerts = Number(document.querySelector("[data-wall-head]")?.getAttribute("data-count") ?? 0);

function sounds() {
  try {
    return localStorage.getItem(SOUND) === "1";
  } catch {
    return switching?.getAttribute("aria-pressed") === "true";
  }
}

function beep() {
  if (!sounds()) return;
  context ??= new AudioContext();
  if (context.state === "suspended") void context.resume(); // the browser wants a first touch of the page
  const at = context.currentTime;
  for (const [rank, frequency] of [660, 990].entries()) {
    const tone = context.createOscillator();
    const gain = context.createGain();
    tone.frequency.value = frequency;
    gain.gain.setValueAtTime(0.08, at + rank * 0.18);
    gain.gain.exponentialRampToValueAtTime(0.0005, at + rank * 0.18 + 0.16);
    tone.connect(gain).connect(context.destination);
    tone.start(at + rank * 0.18);
    tone.stop(at + rank * 0.18 + 0.17);
  }
  document.documentElement.dataset.wallBeeps = String(Number(document.documentElement.dataset.wallBeeps ?? 0) + 1);
}

if (switching) {
  switching.setAttribute("aria-pressed", String(sounds()));
  switching.addEventListener("click", () => {
    const on = switching.getAttribute("aria-pressed") !== "true";
    switching.setAttribute("aria-pressed", String(on));
    try {
      localStorage.setItem(SOUND, on ? "1" : "0");
    } catch {
      // Chosen for this page only.
    }
    if (on) beep();
  });
}

/** @param {Element | null} old @param {Element | null} fresh */
function replace(old, fresh) {
  if (old && fresh && !old.contains(document.activeElement)) old.replaceWith(fresh);
}

async function refresh() {
  if (!wall || asking) {
    again = true;
    return;
  }
  asking = true;
  try {
    const answer = await fetch(wall.dataset.url ?? "", {
      headers: { "HX-Request": "true" },
      redirect: "manual",
      signal: AbortSignal.timeout(10_000),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    renew(await answer.text());
    heardAt = new Date();
    wait = PERIOD_MS;
    tell(false);
  } catch {
    // Back off, but never give up: the next turn says since when the data is old.
    wait = Math.min(wait * 1.5, LAST_MS);
    tell(true);
  } finally {
    asking = false;
    if (again) {
      again = false;
      setTimeout(refresh, 200);
    }
  }
}

/** @param {boolean} old */
function tell(old) {
  if (!stale) return;
  stale.hidden = !old;
  const since = stale.querySelector("[data-wall-since]");
  if (since) since.textContent = heardAt.toLocaleTimeString(document.documentElement.lang);
}

function turn() {
  setTimeout(async () => {
    if (!document.hidden) await refresh();
    turn();
  }, wait);
}

if (wall) {
  subscribe([wall.dataset.topic ?? ""], () => void refresh());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void refresh();
  });
  turn();
}
