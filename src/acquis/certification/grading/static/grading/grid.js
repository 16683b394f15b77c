// @ts-check
// A juror's grid: every mark leaves at once, stays on the device until acknowledged, is sent once.

import { agree } from "../kernel/confirm.js";
import { wallTime } from "../kernel/words.js";
import { keepAgain, keepHere, keepMark, keptMarks, presentPage, takeToken, token } from "./kept.js";
import { MarkQueue } from "./queue.js";

const TYPING_MS = 700;
const TIMEOUT_MS = 10_000;
const LOOK_AGAIN_MS = 15_000;
const page = /** @type {HTMLElement} */ (document.querySelector("[data-grid]"));
const closed = page.hasAttribute("data-closed");
const articles = /** @type {HTMLElement[]} */ ([...page.querySelectorAll("[data-criterion]")]);
const tab = crypto.getRandomValues(new Uint32Array(2)).join("-");
const prefix = `acquis.grid.${page.dataset.grid}:`;
let sent = 0;

/** @param {string} name @param {Record<string, string | number>} [values] */
function word(name, values = {}) {
  const source = /** @type {HTMLTemplateElement} */ (document.getElementById("grading-words"));
  const found = source.content.querySelector(`[data-word="${name}"]`)?.textContent ?? "";
  return Object.entries(values).reduce((text, [key, value]) => text.replace(`%(${key})s`, String(value)), found);
}

/** @param {string} name @param {Record<string, string>} values */
function common(name, values) {
  const source = /** @type {HTMLTemplateElement | null} */ (document.getElementById("words"));
  const found = source?.content.querySelector(`[data-word="${name}"]`)?.textContent ?? "";
  return Object.entries(values).reduce((text, [key, value]) => text.replace(`%(${key})s`, value), found);
}

const clock = (/** @type {string | Date} */ at) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "medium", timeZone: "Europe/Paris" }).format(new Date(at));

/** @param {HTMLElement} article */
const parts = (article) => ({
  criterion: article.dataset.criterion ?? "",
  observation: /** @type {HTMLTextAreaElement} */ (article.querySelector("textarea")),
  buttons: /** @type {HTMLButtonElement[]} */ ([...article.querySelectorAll(".verdict button")]),
  state: /** @type {HTMLElement} */ (article.querySelector("[data-state-of-mark]")),
});

/** @param {string} criterion */
const articleOf = (criterion) => articles.find((one) => one.dataset.criterion === criterion);

/* ---- What waits on this device, this window's and that of windows since closed ---- */
const store = {
  load() {
    /** @type {import("./queue.js").Entry[]} */
    const found = [];
    try {
      for (const key of Object.keys(localStorage).filter((one) => one.startsWith(prefix)).sort()) {
        // A window still open may hold it too: the server keeps each entry once, by its id.
        found.push(...JSON.parse(localStorage.getItem(key) ?? "[]"));
        localStorage.removeItem(key);
      }
      if (found.length) localStorage.setItem(prefix + tab, JSON.stringify(found));
    } catch {
      return found;
    }
    return found;
  },
  /** @param {import("./queue.js").Entry[]} entries */
  keep(entries) {
    try {
      if (entries.length) localStorage.setItem(prefix + tab, JSON.stringify(entries));
      else localStorage.removeItem(prefix + tab);
    } catch {
      // Storage full or refused: the memory and the warning on leaving remain.
    }
  },
};

/** @param {import("./queue.js").Entry} entry @returns {Promise<import("./queue.js").Answer>} */
async function send(entry) {
  const answer = await fetch(page.dataset.markUrl ?? "", {
    method: "POST",
    redirect: "manual", // a redirection to the sign-in page is no acknowledgement
    keepalive: document.hidden && entry.observation.length < 20_000,
    headers: { "X-CSRFToken": token(), Accept: "application/json" },
    body: new URLSearchParams({
      criterion: entry.criterion,
      verdict: entry.verdict,
      observation: entry.observation,
      seq: String(entry.seq),
      client_id: entry.id,
    }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return { kind: "signed-out" };
  const data = await answer.json().catch(() => null);
  if (answer.ok && typeof data?.seq === "number") {
    return { kind: "saved", seq: data.seq, savedAt: data.saved_at, marked: data.marked, total: data.total };
  }
  if (answer.status === 409 && typeof data?.seq === "number") {
    return { kind: "conflict", seq: data.seq, verdict: data.verdict, observation: data.observation };
  }
  if (answer.status === 422 || answer.status === 404 || answer.status === 413) {
    return { kind: "refused", message: data?.message ?? data?.title ?? "" };
  }
  return { kind: "unreachable" };
}

/* ---- What the page shows ---- */
/** @param {HTMLElement} article @param {{verdict: string, observation: string}} mark */
function show(article, mark) {
  const { buttons, observation } = parts(article);
  article.dataset.verdict = mark.verdict;
  for (const button of buttons) button.setAttribute("aria-pressed", String(button.value === mark.verdict));
  if (observation.value !== mark.observation) observation.value = mark.observation;
}

function count() {
  const marked = articles.filter((one) => one.dataset.verdict).length;
  for (const place of document.querySelectorAll("[data-marked]")) place.textContent = String(marked);
  const bar = /** @type {HTMLProgressElement | null} */ (document.querySelector("[data-progress-bar]"));
  if (bar) bar.value = marked;
  document.title = document.title.replace(/^\(\d+\//, `(${marked}/`);
}

/** @param {string} state @param {string} sentence */
function say(state, sentence) {
  for (const place of document.querySelectorAll("[data-saved-state]")) {
    /** @type {HTMLElement} */ (place).dataset.state = state;
    place.setAttribute("aria-live", state === "saved" || state === "saving" ? "off" : "polite");
    const text = place.querySelector("[data-saved-text]");
    if (text && text.textContent !== sentence) text.textContent = sentence;
  }
}

/** @param {string} verdict */
const verdictWord = (verdict) =>
  parts(articles[0]).buttons.find((button) => button.value === verdict)?.textContent?.trim() ?? word("none");

/** @param {HTMLElement} article @param {Extract<import("./queue.js").Answer, {kind: "conflict"}>} stored */
function askWhichToKeep(article, stored) {
  article.querySelector(".criterion-conflict")?.remove();
  const source = /** @type {HTMLTemplateElement} */ (document.getElementById("grading-conflict"));
  const notice = /** @type {HTMLElement} */ (source.content.cloneNode(true).firstChild);
  const { observation, criterion } = parts(article);
  const fill = (/** @type {string} */ part, /** @type {string} */ text) => {
    const place = notice.querySelector(`[data-${part}]`);
    if (place) place.textContent = text;
  };
  fill("stored-verdict", verdictWord(stored.verdict));
  fill("stored-observation", stored.observation);
  fill("own-verdict", verdictWord(article.dataset.verdict ?? ""));
  fill("own-observation", observation.value);
  notice.addEventListener("click", (event) => {
    const choice = /** @type {Element} */ (event.target).closest("[data-keep]")?.getAttribute("data-keep");
    if (!choice) return;
    notice.remove();
    article.dataset.seq = String(stored.seq);
    if (choice === "stored") show(article, stored);
    queue.settle(criterion, stored.seq, choice === "own");
    count();
    observation.focus();
  });
  article.querySelector("form")?.append(notice);
}

let lastSaved = "";

/** @param {MarkQueue} q @param {{entry: import("./queue.js").Entry, answer: import("./queue.js").Answer} | null} last */
function changed(q, last) {
  if (last) after(last.entry, last.answer);
  for (const article of articles) {
    const { state, criterion } = parts(article);
    const entry = q.lastOf(criterion);
    if (entry && q.retryMs) {
      state.dataset.state = "waiting";
      state.textContent = word("waiting-this");
    } else if (state.dataset.state === "waiting" && !entry) delete state.dataset.state;
  }
  if (q.held.some((entry) => entry.held === "conflict")) say("conflict", word("conflict"));
  else if (q.held.length) say("refused", refusal);
  else if (q.signedOut) say("offline", word("signed-out"));
  else if (isKept()) say("offline", keptWords(q.waiting));
  else if (q.waiting && q.retryMs) {
    say("offline", q.waiting === 1 ? word("waiting-one") : word("waiting-many", { count: q.waiting }));
  } else if (q.waiting) say("saving", common("saving", {}));
  else if (lastSaved) say("saved", common("saved", { time: clock(lastSaved) }));
  closeWhenSent();
}

let refusal = "";

/** @param {import("./queue.js").Entry} entry @param {import("./queue.js").Answer} answer */
function after(entry, answer) {
  const article = articleOf(entry.criterion);
  if (!article) return;
  if (answer.kind === "saved") {
    const { criterion, verdict, observation } = entry;
    took(article, answer);
    keepMark({ criterion, verdict, observation, seq: answer.seq, savedAt: answer.savedAt });
  } else if (answer.kind === "conflict") askWhichToKeep(article, answer);
  else if (answer.kind === "refused") refusal = answer.message;
  if (answer.kind === "signed-out") fallBehind();
  else if (isBehind && answer.kind !== "unreachable") void catchUp();
}

/** The server has this. @param {HTMLElement} article @param {{seq: number, savedAt: string}} mark */
function took(article, mark) {
  if (mark.savedAt > lastSaved) lastSaved = mark.savedAt;
  article.dataset.seq = String(mark.seq);
  const { state } = parts(article);
  delete state.dataset.state;
  state.textContent = common("saved", { time: clock(mark.savedAt) });
}

/* ---- A page that was kept on this device, and its way back to the present state ---- */
const notice = /** @type {HTMLElement | null} */ (document.querySelector("[data-kept-notice]"));
const isKept = () => notice !== null && !notice.hidden;
/** From when the page is and what waits here, in the bar that stays in sight. @param {number} waiting */
function keptWords(waiting) {
  const from = wallTime(new Date(notice?.querySelector("time")?.dateTime ?? ""));
  return word(waiting === 0 ? "kept-none" : waiting === 1 ? "kept-one" : "kept-many", { time: from, count: waiting });
}
/** Whether the server knows of a later state than this page. */
let isBehind = isKept();
for (const kept of keptMarks(page)) {
  const article = articleOf(kept.criterion);
  if (!article || Number(article.dataset.seq) >= kept.seq) continue;
  show(article, kept);
  took(article, kept);
}

/** Take the present state from the server, but for what waits here: of that, the queue decides. */
async function catchUp() {
  const fresh = await presentPage(page.dataset.url ?? "");
  const grid = fresh instanceof Document ? fresh.querySelector("[data-grid]") : null;
  if (!isBehind) return;
  if (!(fresh instanceof Document) || !grid) {
    queue.signedOut ||= fresh === "signed-out";
    changed(queue, null);
    return;
  }
  if (grid.hasAttribute("data-closed")) {
    if (!queue.entries.length) location.reload();
    return;
  }
  isBehind = false;
  queue.signedOut = false;
  takeToken(fresh);
  for (const theirs of /** @type {NodeListOf<HTMLElement>} */ (grid.querySelectorAll("[data-criterion]"))) {
    const { criterion = "", seq, verdict = "" } = theirs.dataset;
    const article = articleOf(criterion);
    if (!article || queue.lastOf(criterion) || Number(seq) < Number(article.dataset.seq)) continue;
    const { observation, state } = parts(theirs);
    show(article, { verdict, observation: observation.value });
    article.dataset.seq = seq;
    parts(article).state.replaceChildren(...state.childNodes);
  }
  if (notice) notice.hidden = true;
  count();
  const said = fresh.querySelector("[data-saved-text]")?.textContent ?? "";
  if (queue.entries.length) changed(queue, null);
  else say("saved", said);
  keepAgain();
  const again = current; // its evidence could not come meanwhile
  current = null;
  if (again) take(again);
}

/** Signed out meanwhile: the next sign-in has another token, in another window. */
function fallBehind() {
  if (isBehind) return;
  isBehind = true;
  void catchUpInTheEnd();
}

async function catchUpInTheEnd() {
  while (isBehind) {
    await new Promise((resume) => setTimeout(resume, LOOK_AGAIN_MS));
    if (isBehind) await catchUp();
  }
}

/* ---- The queue ---- */
const queue = new MarkQueue({ store, send, changed, newId: () => `${tab}:${++sent}` });

/** @param {HTMLElement} article @param {number} delay */
function push(article, delay) {
  const { criterion, observation } = parts(article);
  queue.push(
    {
      criterion,
      verdict: article.dataset.verdict ?? "",
      observation: observation.value,
      seq: Number(article.dataset.seq),
    },
    delay,
  );
  count();
}

/** @param {HTMLElement} article @param {string} verdict */
function mark(article, verdict) {
  const taken = article.dataset.verdict === verdict ? "" : verdict;
  show(article, { verdict: taken, observation: parts(article).observation.value });
  push(article, 0);
}

/* ---- Moving among criteria, and the evidence of the one in hand ---- */
/** @type {HTMLElement | null} */
let current = null;
/** @type {any} */
let evidenceTimer = null;

/** @param {HTMLElement} article */
function take(article) {
  if (article === current) return;
  current?.removeAttribute("aria-current");
  current = article;
  article.setAttribute("aria-current", "true");
  const link = /** @type {HTMLAnchorElement | null} */ (article.querySelector(".criterion-evidence"));
  const htmx = /** @type {any} */ (window).htmx;
  if (!link || !htmx || getComputedStyle(page).display !== "grid") return;
  clearTimeout(evidenceTimer);
  evidenceTimer = setTimeout(() => !typesBeside() && showEvidence(htmx, link.href), 250);
}

/** Whether words typed beside a criterion, about a moment or a reason, would be lost with the pane. */
function typesBeside() {
  const areas = /** @type {NodeListOf<HTMLTextAreaElement>} */ (document.querySelectorAll("#evidence textarea"));
  return [...areas].some((area) => area.value !== area.defaultValue);
}

// A link that is followed loads the pane by itself, once.
page.addEventListener("click", (event) => {
  if (/** @type {Element} */ (event.target).closest(".criterion-evidence")) clearTimeout(evidenceTimer);
});

/** @param {any} htmx @param {string} address */
function showEvidence(htmx, address) {
  htmx.ajax("GET", address, { target: "#evidence", swap: "innerHTML" }).catch(() => undefined);
}

/** They did not come: said where they would stand, above words that are typed there. @param {Event} event */
function sayNoEvidence(event) {
  const pane = document.getElementById("evidence");
  if (!pane || /** @type {CustomEvent} */ (event).detail.target !== pane) return;
  const note = document.createElement("p");
  note.className = "text-secondary";
  note.setAttribute("data-no-evidence", "");
  note.textContent = word("no-evidence");
  pane.querySelector("[data-no-evidence]")?.remove();
  if (typesBeside()) pane.prepend(note);
  else pane.replaceChildren(note);
}
// Signed out: no part of the page leads away from what waits here and is typed; the bar says what to do.
document.body.addEventListener("htmx:beforeOnLoad", (event) => {
  if (/** @type {CustomEvent} */ (event).detail.xhr.status !== 401 || closed) return;
  event.preventDefault();
  sayNoEvidence(event);
  queue.signedOut = true;
  fallBehind();
  changed(queue, null);
});
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) document.body.addEventListener(name, sayNoEvidence);

/** @param {number} step */
function move(step) {
  const at = current ? articles.indexOf(current) : -1;
  const next = articles[Math.min(articles.length - 1, Math.max(0, at + step))];
  if (next) goTo(next);
}

/** @param {HTMLElement} article */
function goTo(article) {
  take(article);
  article.scrollIntoView({ block: "center" });
  parts(article).buttons[0]?.focus({ preventScroll: true });
}

function nextUnmarked() {
  const from = current ? articles.indexOf(current) + 1 : 0;
  const next = [...articles.slice(from), ...articles.slice(0, from)].find((one) => !one.dataset.verdict);
  if (next) goTo(next);
  else say("saved", word("all-marked"));
}

const KEYS = {
  a: () => current && mark(current, "acquired"),
  n: () => current && mark(current, "not_acquired"),
  j: () => move(1),
  k: () => move(-1),
};

document.addEventListener(
  "keydown",
  (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.matches("input, textarea, select") || document.querySelector("dialog[open]")) return;
    const act = /** @type {Record<string, () => void>} */ (KEYS)[event.key.toLowerCase()];
    if (!act || (closed && "an".includes(event.key.toLowerCase()))) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // J and K also move in the lists of other pages
    act();
  },
  { capture: true },
);

page.addEventListener("focusin", (event) => {
  const article = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-criterion]"));
  if (article) take(article);
});

/* ---- Closing waits for what is on its way ---- */
const closing = /** @type {HTMLFormElement | null} */ (page.querySelector("[data-closing]"));
const closingWait = /** @type {HTMLElement | null} */ (page.querySelector("[data-closing-wait]"));
let wantsToClose = false;

function closeWhenSent() {
  if (!closing || !closingWait || !wantsToClose) return;
  const held = queue.held.length > 0;
  closingWait.hidden = !(held || queue.waiting);
  closingWait.textContent = held ? word("close-conflict") : word("close-waits");
  if (held) wantsToClose = false;
  else if (!queue.waiting) {
    wantsToClose = false;
    agree(closing); // asked and answered before the last marks had left
    closing.requestSubmit();
  }
}

if (!closed) {
  for (const button of page.querySelectorAll("[data-without-script]")) /** @type {HTMLElement} */ (button).hidden = true;
  for (const tool of page.querySelectorAll("[data-next-unmarked]")) {
    /** @type {HTMLElement} */ (tool).hidden = false;
    tool.addEventListener("click", nextUnmarked);
  }
  for (const article of articles) {
    const { observation, buttons, criterion } = parts(article);
    observation.addEventListener("input", () => push(article, TYPING_MS));
    for (const button of buttons) {
      button.addEventListener("click", (event) => {
        event.preventDefault();
        mark(article, button.value);
      });
    }
    article.querySelector("form")?.addEventListener("submit", (event) => event.preventDefault());
    const kept = queue.lastOf(criterion);
    if (kept) show(article, kept);
  }
  closing?.addEventListener("submit", (event) => {
    if (!queue.waiting && !queue.held.length) return;
    event.preventDefault();
    wantsToClose = true;
    queue.flush();
    closeWhenSent();
  });
  count();
  if (queue.waiting) queue.flush();
  if (isKept()) {
    changed(queue, null);
    void catchUpInTheEnd();
  }
  if (page.dataset.keeper) keepHere(page.dataset.keeper);
}
for (const keys of page.querySelectorAll("[data-keys]")) /** @type {HTMLElement} */ (keys).hidden = false;

/** The criterion that the address names: from a moment of the candidate's file, back to it. */
function takeNamed() {
  const named = articles.find((one) => `#${one.id}` === location.hash);
  if (named) goTo(named);
}
window.addEventListener("hashchange", takeNamed);
takeNamed();

window.addEventListener("online", () => {
  queue.flush();
  if (isBehind) void catchUp();
  const again = current; // its evidence could not come meanwhile
  current = null;
  if (again) take(again);
});
document.addEventListener("visibilitychange", () => queue.waiting && queue.flush());
window.addEventListener("beforeunload", (event) => {
  if (queue.waiting) event.preventDefault();
});
