// @ts-check
// The telephone of the cockpit: the sound of whoever plays the customer, what rings, on one of the jury's
// computers alone: the one from which the call was placed or answered.

import { subscribe } from "../kernel/news.js";
import { CallRefused, CustomerCall } from "../phone/customer.js";
import { MicrophoneRefused } from "../phone/line.js";

const HEARTBEAT_MS = 4000;
const cockpit = /** @type {HTMLElement | null} */ (document.querySelector("[data-cockpit]"));
const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-cockpit-line]"));

/* ---- Which computer speaks ---- */

/** @param {string} exchange */
const mark = (exchange) => `acquis.plays:${location.pathname}:${exchange}`;

/** @param {string} exchange */
function speaksHere(exchange) {
  try {
    return sessionStorage.getItem(mark(exchange)) !== null;
  } catch {
    return false;
  }
}

/** @param {string} exchange */
function speakHere(exchange) {
  try {
    sessionStorage.setItem(mark(exchange), "1");
  } catch {
    // The button « Prendre la ligne » remains.
  }
}

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLElement} */ (event.target);
  if (form.dataset.plays) speakHere(form.dataset.plays);
});

/* ---- The sound ---- */

/** @param {string} name */
const part = (name) => /** @type {HTMLElement | null} */ (place?.querySelector(`[data-part="${name}"]`));
/** @param {string} name */
function word(name) {
  const words = /** @type {HTMLTemplateElement | null} */ (place?.querySelector("template[data-words]"));
  return words?.content.querySelector(`[data-word="${name}"]`)?.textContent ?? "";
}

/** @param {HTMLElement} line */
function hold(line) {
  const exchange = line.dataset.exchange ?? "";
  const take = /** @type {HTMLButtonElement | null} */ (line.querySelector('[data-do="take"]'));
  const mute = /** @type {HTMLButtonElement | null} */ (line.querySelector('[data-do="mute"]'));
  let since = "";
  let muted = false;
  const call = new CustomerCall(line.dataset.leg ?? "", {
    iceServers: JSON.parse(line.dataset.iceServers ?? "[]"),
    onState: (state) => {
      line.dataset.state = state.state;
      since = state.answered_at ?? "";
      if (state.state === "ended") {
        call.stop();
        leave();
        return;
      }
      say("sentence", state.held ? word("held") : word(state.state === "ringing" ? "ringing" : "active"));
    },
    onLine: (state) => {
      line.dataset.line = state;
      say("line", word(`line-${state}`));
    },
    onLevel: (heard, sent, speaks) => {
      line.dataset.heard = speaks ? "1" : "0";
      for (const [name, value] of Object.entries({ heard, sent })) {
        const meter = /** @type {HTMLMeterElement | null} */ (part(name));
        if (meter) meter.value = value;
      }
    },
  });

  async function connect() {
    say("trouble", "");
    try {
      await call.connect();
      if (take) take.hidden = true;
    } catch (fault) {
      const known = fault instanceof MicrophoneRefused ? word(fault.word) : fault instanceof CallRefused ? fault.message : "";
      say("trouble", known || word("failed"));
      if (take) take.hidden = false;
    }
  }

  if (speaksHere(exchange)) void connect();
  else {
    say("line", word("elsewhere"));
    if (take) take.hidden = false;
  }
  take?.addEventListener("click", () => {
    speakHere(exchange);
    void connect();
  });
  mute?.addEventListener("click", () => {
    muted = !muted;
    call.mute(muted);
    mute.setAttribute("aria-pressed", String(muted));
  });
  setInterval(() => {
    const timer = part("timer");
    if (!timer) return;
    timer.hidden = !since;
    const seconds = Math.max(0, Math.round((Date.now() - new Date(since || 0).getTime()) / 1000));
    timer.textContent = `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
  }, 500);
}

/** @param {string} name @param {string} text */
function say(name, text) {
  const target = part(name);
  if (target && target.textContent !== text) target.textContent = text;
}

/** The call is over: the page says so anew, once what is being noted is kept. */
function leave() {
  const note = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("note"));
  if (!note?.value) location.reload();
  else document.addEventListener("acquis:noted", () => location.reload(), { once: true });
}

/* ---- What rings ---- */

let rings = "";
/** @type {ReturnType<typeof setInterval> | undefined} */
let bellTimer;
/** @type {AudioContext | undefined} */
let bell;

function strike() {
  bell ??= new AudioContext();
  if (bell.state !== "running") return; // the browser wants a first touch of the page
  const at = bell.currentTime;
  const tone = bell.createOscillator();
  const gain = bell.createGain();
  tone.frequency.value = 820;
  gain.gain.setValueAtTime(0.06, at);
  gain.gain.exponentialRampToValueAtTime(0.0005, at + 0.5);
  tone.connect(gain).connect(bell.destination);
  tone.start(at);
  tone.stop(at + 0.5);
}

function ring() {
  const now = [...document.querySelectorAll("#cockpit-calls [data-rings]")].map((one) => one.getAttribute("data-rings")).join();
  if (now === rings) return;
  rings = now;
  clearInterval(bellTimer);
  document.title = document.title.replace(/^☎ /, "");
  if (!now) return;
  document.title = `☎ ${document.title}`;
  strike();
  bellTimer = setInterval(strike, 2500);
}

async function ask() {
  const calls = document.getElementById("cockpit-calls");
  if (!calls || !cockpit?.dataset.calls || calls.contains(document.activeElement)) return;
  try {
    const answer = await fetch(cockpit.dataset.calls, { headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) return;
    const html = await answer.text();
    if (html.trim() !== calls.outerHTML.trim()) calls.outerHTML = html;
    ring();
  } catch {
    // Asked again in a moment.
  }
}

if (place) hold(place);
if (cockpit?.dataset.calls) {
  subscribe([cockpit.dataset.desk ?? ""], () => void ask());
  setInterval(ask, HEARTBEAT_MS);
  ring();
}
