// @ts-check
// The softphone at the foot of every page of the desk. The server says what rings and what may be done
// (a fragment, fetched again at each news); this carries the sound. Of all the windows of a person one
// alone holds the line: the next takes it over when that one is left.

import { subscribe } from "../kernel/news.js";
import { Line, MicrophoneRefused } from "./line.js";
import { adoptPlayers } from "./player.js";
import { Stage } from "./stage.js";

const HEARTBEAT_MS = 15_000;
const RETRY_MS = 2000;
const DEVICE = "acquis.microphone";
const WHAT = new Set(["call", "started", "accepted", "ended", "trunk"]);

const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-phone]"));
const stage = Stage.of(document.querySelector("[data-stage]"));
/** @type {Line | undefined} */
let line;
let heldLeg = "";
/** @type {(() => void) | undefined} */
let release;
let muted = false;
let shown = "";
let ringing = "";
/** Questions asked of the server, and the last one whose answer is shown: an older answer may come later. */
let asked = 0;
let seen = 0;

const csrf = () => document.body.dataset.csrf ?? "";

/** @param {string} name */
function word(name) {
  const words = /** @type {HTMLTemplateElement | null} */ (place?.querySelector("[data-phone-words]"));
  return words?.content.querySelector(`[data-word="${name}"]`)?.textContent ?? "";
}

/** @param {string} text */
function say(text) {
  const status = place?.querySelector("[data-phone-status]");
  if (status && status.textContent !== text) status.textContent = text;
  status?.toggleAttribute("data-trouble", text !== "");
}

/** @param {string} html */
function show(html) {
  if (!place || html === shown) return;
  shown = html;
  const keypad = place.querySelector("details[open]")?.getAttribute("data-sheet");
  const focused = document.activeElement?.closest("#phone") ? document.activeElement.id : "";
  place.innerHTML = html;
  if (keypad) place.querySelector(`details[data-sheet="${keypad}"]`)?.setAttribute("open", "");
  if (focused) document.getElementById(focused)?.focus();
  const bar = place.querySelector("[data-bar]");
  place.hidden = !bar?.hasAttribute("data-active");
  document.body.classList.toggle("has-phone-bar", !place.hidden);
  showMute();
  stage?.press();
  tick();
  ring(place.querySelector("[data-rings]")?.getAttribute("data-rings") ?? "");
  void hold(/** @type {HTMLElement | null} */ (place.querySelector("[data-leg]")));
  document.dispatchEvent(new CustomEvent("acquis:shortcuts"));
}

async function refresh() {
  if (!place) return;
  const mine = (asked += 1);
  const answer = await fetch(place.dataset.phone ?? "", { headers: { "HX-Request": "true" } });
  const html = answer.ok ? await answer.text() : "";
  if (!html || mine < seen) return;
  seen = mine;
  show(html);
}

async function refreshPanels() {
  for (const panel of document.querySelectorAll("[data-call-panel]")) {
    if (panel.querySelector("[data-playing]")) continue;
    const answer = await fetch(panel.getAttribute("data-call-panel") ?? "", {
      headers: { "HX-Request": "true" },
    });
    if (!answer.ok) continue;
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    const fresh = holder.content.querySelector("[data-call-panel]");
    if (!fresh || fresh.innerHTML === panel.innerHTML) continue;
    panel.replaceWith(fresh);
    /** @type {any} */ (window).htmx?.process(fresh);
    adoptPlayers(fresh);
  }
}

/* ---- The sound ---- */

/** Bring the sound in for the leg that the bar names, once; let it go when there is none. */
async function hold(/** @type {HTMLElement | null} */ element) {
  const leg = element?.dataset.leg ?? "";
  if (leg === heldLeg) return;
  drop();
  if (!leg || !element) return;
  heldLeg = leg;
  // Another window of the same person may hold it: wait for it to be left.
  void navigator.locks.request(`acquis-phone-${leg}`, async () => {
    if (heldLeg !== leg) return;
    const released = new Promise((resolve) => (release = () => resolve(undefined)));
    await connect(leg, element);
    await released;
  });
}

function drop() {
  heldLeg = "";
  line?.close();
  line = undefined;
  stage?.close();
  if (place) place.dataset.heard = "0";
  release?.();
  release = undefined;
  muted = false;
}

/** @param {string} leg @param {HTMLElement} element */
async function connect(leg, element) {
  const address = element.dataset.joinUrl ?? "";
  const speaks = element.dataset.speaks === "1";
  const shown = element.hasAttribute("data-pictures") ? stage : undefined;
  await shown?.open(leg, { speaks, say });
  if (heldLeg !== leg) return;
  const fresh = new Line({
    speaks,
    camera: shown?.track,
    onPicture: shown ? (place, track) => shown.see(place, track) : undefined,
    deviceId: kept(),
    iceServers: JSON.parse(element.dataset.iceServers ?? "[]"),
    onLevel: levels,
    onState: (state) => {
      if (place) place.dataset.line = state;
      if (state === "connected" && !stage?.trouble) say("");
      else if (state !== "closed") say(word(`line-${state}`));
      if (state === "lost") setTimeout(() => void again(leg, element, fresh), RETRY_MS);
    },
    join: async (sdp) => {
      const answer = await fetch(address, {
        method: "POST",
        body: new URLSearchParams({ sdp }),
        headers: { Accept: "application/json", "X-CSRFToken": csrf() },
      });
      const body = await answer.json().catch(() => ({}));
      if (!answer.ok) throw new Error(body.detail ?? "");
      return body.sdp;
    },
  });
  line = fresh;
  shown?.carry(fresh);
  try {
    await fresh.open();
    await listDevices();
  } catch (fault) {
    fresh.close();
    const refused = fault instanceof MicrophoneRefused;
    say(refused ? word(fault.word) : fault instanceof Error && fault.message ? fault.message : word("failed"));
    if (!refused) setTimeout(() => void again(leg, element, fresh), RETRY_MS);
    else place?.querySelector("[data-retry]")?.removeAttribute("hidden");
  }
}

/** @param {string} leg @param {HTMLElement} element @param {Line} old */
async function again(leg, element, old) {
  if (heldLeg !== leg || line !== old) return;
  old.close();
  await connect(leg, element);
  showMute();
}

/** @param {number} heard @param {number} sent @param {boolean} speaks somebody, a moment ago */
function levels(heard, sent, speaks) {
  if (place) place.dataset.heard = speaks ? "1" : "0";
  const meters = /** @type {NodeListOf<HTMLMeterElement>} */ (
    place?.querySelectorAll("meter[data-level]") ?? document.querySelectorAll("meter[data-none]")
  );
  for (const meter of meters) meter.value = meter.dataset.level === "heard" ? heard : sent;
}

function kept() {
  try {
    return localStorage.getItem(DEVICE) ?? "";
  } catch {
    return "";
  }
}

async function listDevices() {
  const select = /** @type {HTMLSelectElement | null} */ (place?.querySelector("[data-devices]"));
  if (!select || !navigator.mediaDevices) return;
  const devices = await navigator.mediaDevices.enumerateDevices();
  const inputs = devices.filter((device) => device.kind === "audioinput");
  select.replaceChildren(
    ...inputs.map((device, rank) => {
      const option = document.createElement("option");
      option.value = device.deviceId;
      option.textContent = device.label || `${word("microphone")} ${rank + 1}`;
      option.selected = device.deviceId === kept();
      return option;
    }),
  );
}

function showMute() {
  line?.mute(muted);
  const button = place?.querySelector("[data-mute]");
  button?.setAttribute("aria-pressed", String(muted));
  place?.querySelector("[data-muted-note]")?.toggleAttribute("hidden", !muted);
}

/* ---- Ringing ---- */

/** @type {AudioContext | undefined} */
let bell;
/** @type {ReturnType<typeof setInterval> | undefined} */
let bellTimer;

/** @param {string} call the call that rings, « » for none */
function ring(call) {
  if (call === ringing) return;
  ringing = call;
  clearInterval(bellTimer);
  document.title = document.title.replace(/^☎ /, "");
  if (!call) return;
  document.title = `☎ ${document.title}`;
  strike();
  bellTimer = setInterval(strike, 3000);
}

function strike() {
  bell ??= new AudioContext();
  if (bell.state !== "running") return; // the browser wants a first touch of the page
  const now = bell.currentTime;
  for (const [rank, frequency] of [740, 880, 740].entries()) {
    const tone = bell.createOscillator();
    const gain = bell.createGain();
    const at = now + rank * 0.22;
    tone.frequency.value = frequency;
    gain.gain.setValueAtTime(0.06, at);
    gain.gain.exponentialRampToValueAtTime(0.0005, at + 0.2);
    tone.connect(gain).connect(bell.destination);
    tone.start(at);
    tone.stop(at + 0.2);
  }
}

/* ---- Acts ---- */

/** @param {HTMLElement} button @param {Record<string, string>} [more] */
async function act(button, more = {}) {
  const address = button.dataset.actUrl ?? "";
  const select = /** @type {HTMLSelectElement | null} */ (
    button.closest("[data-bar]")?.querySelector("[data-colleague]")
  );
  const fields = new URLSearchParams({ act: button.dataset.callAct ?? "", ...more });
  if (button.hasAttribute("data-with-colleague")) fields.set("colleague", select?.value ?? "");
  const mine = (asked += 1);
  const answer = await fetch(address, {
    method: "POST",
    body: fields,
    headers: { "HX-Request": "true", Accept: "text/html", "X-CSRFToken": csrf() },
  });
  const text = await answer.text();
  if (answer.ok) {
    seen = Math.max(seen, mine);
    show(text);
    say("");
    return;
  }
  sayRefusal(text);
}

/** @param {HTMLFormElement} form */
async function answer(form) {
  const reply = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(/** @type {any} */ (new FormData(form))),
    headers: { "HX-Request": "true", Accept: "text/html", "X-CSRFToken": csrf() },
  });
  const address = reply.headers.get("HX-Redirect");
  if (reply.ok && address) window.location.assign(address);
  else sayRefusal(await reply.text());
}

/** @param {string} html */
function sayRefusal(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  say(holder.content.querySelector("strong")?.textContent?.trim() || word("failed"));
}

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.matches("[data-answer]")) return;
  event.preventDefault();
  void answer(form).catch(() => say(word("failed")));
});

document.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  const button = /** @type {HTMLElement | null} */ (target.closest("[data-call-act]"));
  if (button) {
    const key = button.dataset.key;
    void act(button, key ? { keys: key } : {}).catch(() => say(word("failed")));
    return;
  }
  if (target.closest("[data-mute]")) {
    muted = !muted;
    showMute();
  }
  if (target.closest("[data-camera]")) void stage?.toggleCamera();
  if (target.closest("[data-screen]")) void stage?.toggleScreen();
  if (target.closest("[data-retry]")) {
    drop();
    void hold(/** @type {HTMLElement | null} */ (place?.querySelector("[data-leg]") ?? null));
  }
});
document.addEventListener("change", (event) => {
  const select = /** @type {HTMLSelectElement} */ (event.target);
  if (!select.matches("[data-devices]")) return;
  try {
    localStorage.setItem(DEVICE, select.value);
  } catch {
    // Chosen for this page only.
  }
  void line?.use(select.value).catch((fault) => {
    say(fault instanceof MicrophoneRefused ? word(fault.word) : word("failed"));
  });
});

function tick() {
  for (const element of document.querySelectorAll("[data-call-since]")) {
    const since = new Date(element.getAttribute("data-call-since") ?? "").getTime();
    const seconds = Math.max(0, Math.round((Date.now() - since) / 1000));
    const hours = Math.floor(seconds / 3600);
    const rest = `${String(Math.floor((seconds % 3600) / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
    element.textContent = hours ? `${hours}:${rest}` : rest;
  }
}

if (place) {
  adoptPlayers(document);
  document.addEventListener("htmx:afterSettle", () => adoptPlayers(document));
  subscribe([place.dataset.phoneTopic ?? ""], (news) => {
    const what = /** @type {any} */ (news).what;
    if (news.poll || WHAT.has(what)) {
      void refresh().catch(() => undefined);
      void refreshPanels().catch(() => undefined);
    }
  });
  setInterval(tick, 1000);
  setInterval(() => void refresh().catch(() => undefined), HEARTBEAT_MS);
  void refresh().catch(() => undefined);
}
