// @ts-check
// One's presence and the contact that comes next, on the desk. While the page is open it gives a sign of
// life; when the adviser asked for it, the next contact is taken without a click.

import { act, soonBack } from "../kernel/news.js";
import { follow, soon } from "../conversations/follow.js";

const SIGN_MS = 30_000;
const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-queue-bar-url]"));

const bar = () => /** @type {HTMLElement | null} */ (document.getElementById("queue-bar"));

let served = ""; // what the server gave last: the countdowns change what is shown
let version = ""; // of what is served, by which the socket says whether it is out of date
let held = false; // a pointer is down on the bar: what it presses must still be there when it comes up
let asked = 0; // what was pressed and the server has not answered
let answered = 0; // answers to what was pressed: a bar asked for before one of them is out of date
let missed = false; // the bar changed meanwhile

const TOKEN = /name="csrfmiddlewaretoken" value="[^"]*"/g; // another one each time

const offered = () => bar()?.querySelector("[data-offer]")?.getAttribute("data-offer");

/** @param {string} html @param {string} itsVersion */
function show(html, itsVersion) {
  const shown = bar();
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const fresh = /** @type {HTMLElement | null} */ (holder.content.querySelector("#queue-bar"));
  const given = fresh?.outerHTML.replace(TOKEN, "") ?? "";
  if (!place || !fresh) return;
  if (served === given) {
    version = itsVersion;
    return;
  }
  // The same offer is told once, unless what opens by itself changed: an older answer may have come after
  // a newer one. What is chosen or typed stays; a new offer cannot wait for it.
  const offer = fresh.querySelector("[data-offer]")?.getAttribute("data-offer");
  const alike = fresh.hasAttribute("data-by-itself") === shown?.hasAttribute("data-by-itself");
  if (offer && offer === offered() && alike) return;
  const busy = shown?.contains(document.activeElement) && document.activeElement?.matches("select, input");
  if (busy && !offer) return;
  served = given;
  version = itsVersion;
  const focused = shown?.contains(document.activeElement) ? document.activeElement?.id : "";
  const open = shown?.querySelector("details")?.open ?? false;
  place.replaceChildren(fresh);
  /** @type {any} */ (window).htmx?.process(fresh);
  const details = fresh.querySelector("details");
  if (details) details.open = open;
  if (focused) document.getElementById(focused)?.focus();
  document.dispatchEvent(new CustomEvent("acquis:shortcuts"));
  takeByItself();
}

/** @param {number} seconds */
function lasting(seconds) {
  const minutes = Math.floor(seconds / 60);
  return minutes ? `${minutes}\u00a0min\u00a0${String(seconds % 60).padStart(2, "0")}\u00a0s` : `${seconds}\u00a0s`;
}

/** Count down what has an end; once it is over, see what became of it. */
function tick() {
  for (const place of bar()?.querySelectorAll("[data-until]") ?? []) {
    const left = Math.round((Date.parse(place.getAttribute("data-until") ?? "") - Date.now()) / 1000);
    const over = place.getAttribute("data-over");
    const words = left < 0 && over ? `${over} ${lasting(-left)}` : lasting(Math.max(0, left));
    if (place.textContent !== words) place.textContent = words;
    if (over) place.parentElement?.classList.toggle("queue-bar-over", left < 0);
    if (left === -1 || left === -4) void refresh().catch(() => undefined);
  }
  takeByItself();
}

const SOON_MS = 3000; // to hear what comes before it opens, and to leave it to a colleague
const WRITING_MS = 5000; // after the last key, somebody is still writing
const OPENED = "acquis.opened-by-itself";
const FIELDS = "input:not([type=hidden], [type=checkbox], [type=radio], [type=search]), textarea";
let coming = ""; // the address that takes what comes
let opensAt = 0;
let typedAt = 0;

/** Whether something typed would be lost, or a hand is on the keyboard. */
function writing() {
  const fields = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll(FIELDS));
  return (
    Date.now() - typedAt < WRITING_MS ||
    document.querySelector("dialog[open]") !== null ||
    // A closed sheet (the palette) keeps what was typed in it, and loses nothing.
    [...fields].some((field) => field.value !== field.defaultValue && !field.closest("dialog:not([open])"))
  );
}

function takeByItself() {
  const form = /** @type {HTMLFormElement | null} */ (bar()?.querySelector("[data-take-next]"));
  const exchange = document.querySelector("[data-exchange]");
  const held = /^(open|ended)\b/.test(exchange?.getAttribute("data-state") ?? "");
  if (!form || held || !bar()?.hasAttribute("data-by-itself")) {
    coming = "";
    return;
  }
  if (coming !== form.action) {
    coming = form.action;
    opensAt = Date.now() + SOON_MS;
  }
  if (Date.now() < opensAt) return;
  if (writing()) {
    const said = /** @type {HTMLElement | null} */ (bar()?.querySelector("[data-self]"));
    if (said && said.textContent !== said.dataset.typing) said.textContent = said.dataset.typing ?? "";
    return;
  }
  opensAt = Infinity; // once: what is refused is told
  sessionStorage.setItem(OPENED, "1");
  form.requestSubmit();
}

/** On the page of what opened by itself: say so, for who did not press anything. */
function tellOpened() {
  if (!sessionStorage.getItem(OPENED)) return;
  sessionStorage.removeItem(OPENED);
  const words = /** @type {HTMLTemplateElement | null} */ (document.querySelector("[data-queue-opened]"));
  if (document.querySelector("[data-exchange]")) tell(words?.content.cloneNode(true));
}

/**
 * Say beside the bar what came of a press; it stays until the next one.
 *
 * @param {Node | null | undefined} words
 */
function tell(words) {
  const told = document.querySelector("[data-queue-told]");
  told?.replaceChildren(...(words ? [words] : []));
}

/** @param {Event} event */
const fromTheBar = (event) => place?.contains(/** @type {Node | null} */ (event.target)) ?? false;

/* A refusal (the offer ended meanwhile) never takes the place of the bar: both are shown. */
function tellRefusals() {
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (fromTheBar(event)) tell(null);
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const detail = /** @type {CustomEvent} */ (event).detail;
    if (detail.target?.id !== "queue-bar" || detail.xhr.status !== 422) return;
    detail.shouldSwap = false;
    const holder = document.createElement("template");
    holder.innerHTML = detail.xhr.responseText;
    tell(holder.content);
    missed = true;
  });
  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failure, (event) => {
      const words = /** @type {HTMLTemplateElement | null} */ (document.querySelector("[data-queue-failed]"));
      if (fromTheBar(event)) tell(words?.content.cloneNode(true));
    });
  }
}

/* A bar replaced under a press loses it: the click falls between two buttons, or its answer beside the page. */
function keepPresses() {
  document.addEventListener("pointerdown", (event) => {
    held = fromTheBar(event) && /** @type {Element} */ (event.target).closest("button, summary, a") !== null;
  });
  for (const end of ["pointerup", "pointercancel"]) {
    document.addEventListener(end, () =>
      setTimeout(() => {
        held = false;
        catchUp();
      }),
    );
  }
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (fromTheBar(event)) asked += 1;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!fromTheBar(event)) return;
    asked = Math.max(0, asked - 1);
    answered += 1;
    served = "";
    version = "";
    catchUp();
  });
}

function catchUp() {
  if (!missed || held || asked) return;
  missed = false;
  void refresh().catch(() => undefined);
}

async function refresh() {
  const before = answered;
  const answer = await fetch(place?.dataset.queueBarUrl ?? "", {
    headers: { "HX-Request": "true" },
    redirect: "manual",
  });
  if (!answer.ok) throw new Error(String(answer.status));
  const html = await answer.text();
  missed = held || asked > 0 || before !== answered;
  if (missed) catchUp();
  else show(html, answer.headers.get("X-Bar-Version") ?? "");
}

/** Whether the bar is still as the server has it; what is not shown yet has no version, and is fetched. */
async function look() {
  if (version) {
    const answer = await act("queues.look", { workspace: place?.dataset.workspace, version }).catch(() => null);
    if (answer?.same || soonBack()) return; // a link that comes back looks again
  }
  await refresh();
}

async function sign() {
  if (!bar()?.hasAttribute("data-present")) return;
  if (await act("queues.sign", { workspace: place?.dataset.workspace }).catch(() => null)) return;
  if (soonBack()) return; // the next sign tells
  await fetch(place?.dataset.queueSignUrl ?? "", {
    method: "POST",
    headers: { "HX-Request": "true", "X-CSRFToken": document.body.dataset.csrf ?? "" },
    redirect: "manual",
  }).catch(() => undefined); // the next sign tells
}

if (place) {
  keepPresses();
  tellRefusals();
  tellOpened();
  document.addEventListener("keydown", (event) => {
    if (/** @type {Element} */ (event.target).matches?.("input, textarea, select, [contenteditable]")) typedAt = Date.now();
  });
  void refresh().catch(() => undefined);
  // What is written in an exchange changes nothing here.
  follow(refresh, (news) => (news.what === "message" ? Infinity : soon(news)), { look });
  setInterval(() => void sign(), SIGN_MS);
  setInterval(tick, 1000);
}
