// @ts-check
// The widget: one exchange at a time, known by a token that this browser drew and keeps.

import { say } from "../kernel/words.js";
import { Memory, Outbox, Refused } from "./outbox.js";
import { Link, Server } from "./server.js";
import { clear, show } from "./thread.js";

const TYPING_EVERY_MS = 2000;
const TYPING_SHOWN_MS = 5000;
const LATE_MS = 4000; // that a message may come after those that follow it
const RETRY_MS = [500, 1000, 2000, 4000, 8000];
const READ_MS = 1000; // at least between two tellings of what was read

/** @template {HTMLElement} T @param {string} selector @returns {T} */
const one = (selector) => /** @type {T} */ (document.querySelector(selector));
const key = document.body.dataset.key ?? "";
const parts = {
  launcher: /** @type {HTMLButtonElement} */ (one("#launcher")),
  unread: one("[data-unread]"),
  panel: one("#panel"),
  stage: one("[data-stage]"),
  endButton: /** @type {HTMLButtonElement} */ (one("[data-end]")),
  link: one("[data-link]"),
  start: /** @type {HTMLFormElement} */ (one("[data-start]")),
  startError: one("[data-start-error]"),
  thread: one("[data-thread]"),
  choices: one("[data-choices]"),
  needEmail: /** @type {HTMLFormElement} */ (one("[data-need-email]")),
  typing: one("[data-typing]"),
  composer: /** @type {HTMLFormElement} */ (one("[data-composer]")),
  error: one("[data-error]"),
  after: one("[data-after]"),
  rating: /** @type {HTMLFormElement} */ (one("[data-rating]")),
  rated: one("[data-rated]"),
  transcript: /** @type {HTMLFormElement} */ (one("[data-transcript]")),
  transcriptSent: one("[data-transcript-sent]"),
  afterError: one("[data-after-error]"),
  confirm: /** @type {HTMLDialogElement} */ (one("[data-confirm]")),
};
const body = /** @type {HTMLTextAreaElement} */ (one("#body"));

const memory = new Memory(key);
if (!memory.values.token) memory.keep({ token: drawToken() });
const server = new Server(document.body.dataset.base ?? "", memory.values.token);
/** @type {any} */
let state = null;
let page = { url: "", title: "" };
let inFrame = window.parent !== window;

function drawToken() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

/* ---- Open and reduced ---- */

const isOpen = () => !parts.panel.hidden;

function tellSize() {
  if (!inFrame) return;
  const box = parts.launcher.getBoundingClientRect();
  window.parent.postMessage(
    { acquis: "size", open: isOpen(), width: Math.ceil(box.width), height: Math.ceil(box.height) },
    "*", // nothing but a size: the page that holds us may be any of the site's
  );
}

/** @param {boolean} open */
function reveal(open, focus = true) {
  parts.panel.hidden = !open;
  parts.launcher.hidden = open;
  parts.launcher.setAttribute("aria-expanded", String(open));
  memory.keep({ open });
  tellSize();
  if (open) {
    showEnd();
    tellRead();
  }
  draw();
  if (!focus) return;
  if (!open) parts.launcher.focus();
  else if (!parts.start.hidden) one("#name").focus();
  else if (!parts.composer.hidden) body.focus();
  else parts.thread.focus();
}

function showEnd() {
  parts.thread.scrollTop = parts.thread.scrollHeight;
}

window.addEventListener("message", (event) => {
  if (event.source !== window.parent || event.data?.acquis !== "page") return;
  page = { url: String(event.data.url ?? ""), title: String(event.data.title ?? "") };
});
parts.launcher.addEventListener("click", () => reveal(true));
one("[data-reduce]").addEventListener("click", () => reveal(false));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isOpen() && !parts.confirm.open && inFrame) reveal(false);
});

/* ---- What the server knows ---- */

/** @param {boolean} working */
function sayLink(working) {
  if (working === parts.link.hidden) return;
  parts.link.hidden = working;
  parts.link.textContent = working ? "" : say("lost");
}

let looking = false;
let lookAgain = false;
let failures = 0;
async function look() {
  if (!memory.values.begun) return;
  if (looking) {
    lookAgain = true;
    return;
  }
  looking = true;
  try {
    const fresh = await server.ask(`fil/?v=${encodeURIComponent(state?.version ?? "")}`);
    failures = 0;
    sayLink(true);
    if (fresh) learn(fresh);
  } catch (error) {
    if (error instanceof Refused && (error.status === 401 || error.status === 404)) forget();
    else {
      sayLink(false);
      setTimeout(look, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
      failures += 1;
    }
  }
  looking = false;
  if (lookAgain) {
    lookAgain = false;
    void look();
  }
}

/** @param {any} fresh */
function learn(fresh) {
  const before = state?.stage;
  state = fresh;
  follow();
  if (heard > state.mark[0]) lookLater(); // asked before what the socket has told since
  memory.keep({ begun: true });
  outbox.settle(new Set(state.items.map((/** @type {any} */ item) => item.key)));
  if (before === "automatic" && state.stage !== "automatic") news.hello();
  if (state.stage === "ended") news.stop();
  else news.start();
  if (state.items.at(-1)?.who === "adviser") showTyping(false);
  draw();
  tellRead();
}

/** The exchange exists no more for this browser: begin anew. */
function forget() {
  memory.keep({ begun: false, waiting: [], token: drawToken() });
  window.location.reload();
}

let heard = 0; // position of the last message that news told of
/** How far the page has all that is for the visitor: some positions are not. */
const lastShown = () => Math.max(state?.mark[0] ?? 0, state?.items.at(-1)?.position ?? 0);

/** What came before what precedes it, by its position: shown at once, and counted once nothing is missing. */
const early = new Map();

/** What came early takes its place behind what precedes it. */
function follow() {
  for (const position of [...early.keys()].sort((a, b) => a - b)) {
    if (position > lastShown() + 1) return;
    if (position === lastShown() + 1) {
      state.items.push(early.get(position));
      state.mark[0] = Math.max(state.mark[0], position);
    }
    early.delete(position);
  }
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let lateTimer;
/** What is missing mostly comes by itself a moment later: only what does not is asked for. */
function lookLater() {
  lateTimer ??= setTimeout(() => {
    lateTimer = undefined;
    if ((early.size || heard > lastShown()) && !news.look()) void look();
  }, LATE_MS);
}

/**
 * What came over the socket takes its place.
 *
 * @param {any[]} items @param {number} [after] they are all that the desk has after this position
 */
function add(items, after) {
  if (!state) {
    void look();
    return;
  }
  for (const item of items) {
    if (after === undefined || after > lastShown()) early.set(item.position, item);
    else if (item.position > lastShown()) {
      state.items.push(item);
      state.mark[0] = Math.max(state.mark[0], item.position);
    }
  }
  follow();
  if (early.size) lookLater();
  outbox.settle(new Set(items.map((item) => item.key)));
  if (state?.items.at(-1)?.who === "adviser") showTyping(false);
  draw();
  tellRead();
}

let toldRead = 0;
let toldReadAt = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let tellLater;
function tellRead() {
  clearTimeout(tellLater);
  const left = toldReadAt + READ_MS - Date.now();
  if (left > 0) tellLater = setTimeout(() => void tellReadNow(), left);
  else void tellReadNow();
}

async function tellReadNow() {
  if (!state || !isOpen() || document.hidden) return;
  // One's own words are no reading.
  const last = state.items.findLast((/** @type {any} */ item) => item.who !== "me")?.position ?? 0;
  if (last <= Math.max(state.seen, toldRead)) return;
  toldRead = last;
  toldReadAt = Date.now();
  if (news.seen(last)) return;
  try {
    await server.ask("lu/", { position: String(last) });
  } catch {
    toldRead = 0; // the next look tells it again
  }
}
document.addEventListener("visibilitychange", tellRead);

/* ---- What is shown ---- */

function stageWords() {
  if (!state) return "";
  if (state.stage === "open") return say("stage-open", { adviser: state.adviser });
  if (state.left && state.stage === "waiting") return say("stage-left", { email: state.email });
  if (state.stage !== "waiting") return say(`stage-${state.stage}`);
  return state.ahead ? say("stage-waiting", { ahead: String(state.ahead) }) : say("stage-waiting-first");
}

function draw() {
  const stage = state?.stage ?? "start";
  parts.start.hidden = stage !== "start";
  parts.thread.hidden = stage === "start";
  parts.composer.hidden = stage === "start" || stage === "ended";
  parts.choices.hidden = stage !== "automatic";
  parts.after.hidden = stage !== "ended";
  parts.endButton.hidden = !["waiting", "open"].includes(stage);
  if (stage !== "automatic") parts.needEmail.hidden = true;
  const words = stageWords();
  if (parts.stage.textContent !== words) parts.stage.textContent = words;
  if (!state) return;
  one("[data-adviser-words]").textContent = say(state.open ? "adviser" : "leave");
  show(parts.thread, [...state.items, ...early.values()], outbox.waiting, state.read);
  parts.rating.hidden = Boolean(state.rated);
  parts.rated.hidden = !state.rated;
  parts.transcriptSent.hidden = !state.transcript;
  one("[data-transcript-words]").textContent = say("transcript", { email: state.transcript });
  const to = /** @type {HTMLInputElement} */ (one("#to"));
  if (!to.value) to.value = state.email;
  const unread = isOpen()
    ? 0
    : state.items.filter((/** @type {any} */ item) => item.who === "adviser" && item.position > state.seen).length;
  parts.unread.hidden = !unread;
  parts.unread.textContent = unread ? String(unread) : "";
  parts.launcher.title = unread ? say("unread", { count: String(unread) }) : "";
  if (!isOpen()) tellSize();
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let silence;
/** @param {boolean} writes */
function showTyping(writes) {
  clearTimeout(silence);
  const adviser = state?.adviser || say("adviser-somebody");
  parts.typing.textContent = writes ? say("typing", { adviser }) : "";
  if (writes) silence = setTimeout(() => showTyping(false), TYPING_SHOWN_MS);
}

/** @param {HTMLElement} place @param {unknown} error */
function sayError(place, error, words = say("failed")) {
  place.textContent = error instanceof Refused && error.message ? error.message : words;
  place.hidden = false;
}

/**
 * Say it over the socket, once an adviser is asked for; false when it must go by a request.
 *
 * @param {import("./outbox.js").Waiting} waiting
 */
async function sayLive(waiting) {
  if (!["waiting", "open"].includes(state?.stage)) return false;
  /** @type {{position: number, at: string}} */
  let kept;
  try {
    kept = await news.say(waiting.key, waiting.body);
  } catch (error) {
    // Who is no longer known is told so by the request.
    if (error instanceof Refused && ![401, 404].includes(error.status)) throw error;
    return false;
  }
  const own = {
    id: `m${kept.position}`, who: "me", label: "", body: waiting.body, at: kept.at,
    position: kept.position, key: waiting.key, files: [], articles: [],
  };
  heard = Math.max(heard, kept.position);
  if (kept.position > lastShown()) add([own]);
  else if (!kept.position) void look();
  return true;
}

const outbox = new Outbox({
  memory,
  send: async (waiting) => {
    try {
      if (!(await sayLive(waiting))) {
        learn(await server.ask("messages/", { body: waiting.body, client_key: waiting.key }));
      }
    } finally {
      if (heard > lastShown()) lookLater();
    }
  },
  changed: () => draw(),
  refused: (waiting, reason) => {
    if (!body.value) body.value = waiting.body;
    sayError(parts.error, new Refused(reason, 422, ""));
  },
  link: sayLink,
});
const news = new Link({
  key,
  token: memory.values.token,
  changed: (told) => {
    heard = Math.max(heard, told.position ?? 0);
    // What is shown already, or comes with the answer to what is leaving, is not asked for.
    if (told.items?.length) {
      add(told.items, told.after);
      return;
    }
    if (told.position && (outbox.flying || told.position <= lastShown())) return;
    void look();
  },
  mark: () => state?.mark,
  read: (position) => {
    if (!state || position <= state.read) return;
    state.read = position;
    state.mark[1] = position;
    draw();
  },
  typing: () => showTyping(true),
});

/* ---- What the visitor does ---- */

/** @param {HTMLFormElement} form @param {HTMLElement} place @param {() => Promise<any>} act */
async function attempt(form, place, act) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("[type=submit]"));
  if (button.disabled) return false;
  place.hidden = true;
  button.disabled = true;
  try {
    learn(await act());
    return true;
  } catch (error) {
    sayError(place, error);
    return false;
  } finally {
    button.disabled = false;
  }
}

/** @param {HTMLFormElement} form */
const fields = (form) =>
  Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));

let firstKey = crypto.randomUUID();
parts.start.addEventListener("submit", async (event) => {
  event.preventDefault();
  let first = true;
  for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (parts.start.querySelectorAll("input, textarea"))) {
    const valid = field.checkValidity();
    field.setAttribute("aria-invalid", String(!valid));
    if (!valid && first) {
      first = false;
      field.focus();
      parts.startError.textContent = field.validationMessage;
      parts.startError.hidden = false;
    }
  }
  if (!first) return;
  const said = { ...fields(parts.start), client_key: firstKey, page_url: page.url, page_title: page.title };
  const begun = await attempt(parts.start, parts.startError, () => server.ask("debut/", said));
  if (!begun) return;
  firstKey = crypto.randomUUID();
  body.focus();
});

parts.composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = body.value.trim();
  if (!text) return;
  parts.error.hidden = true;
  body.value = "";
  outbox.add(text);
  showEnd();
  body.focus();
});
body.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  parts.composer.requestSubmit();
});
let toldTyping = 0;
body.addEventListener("input", () => {
  if (Date.now() - toldTyping < TYPING_EVERY_MS) return;
  toldTyping = Date.now();
  news.typing();
});

/** @type {HTMLInputElement} */ (one("[data-file]")).addEventListener("change", async (event) => {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const file = input.files?.[0];
  if (!file) return;
  const sent = new FormData();
  sent.set("file", file);
  sent.set("client_key", crypto.randomUUID());
  parts.error.hidden = true;
  parts.typing.textContent = say("sending");
  for (let tries = 0; ; tries += 1) {
    try {
      learn(await server.ask("fichiers/", sent));
      break;
    } catch (error) {
      if (error instanceof Refused || tries >= RETRY_MS.length) {
        if (error instanceof Refused && error.code === "webchat.email_needed") askEmail();
        sayError(parts.error, error, say("file-failed"));
        break;
      }
      sayLink(false);
      await new Promise((resume) => setTimeout(resume, RETRY_MS[tries]));
    }
  }
  parts.typing.textContent = "";
  input.value = "";
  showEnd();
});

function askEmail() {
  parts.needEmail.hidden = false;
  one("#late-email").focus();
}

async function askAdviser(/** @type {Record<string, string>} */ said = {}) {
  parts.error.hidden = true;
  try {
    learn(await server.ask("conseiller/", said));
    parts.needEmail.hidden = true;
    body.focus();
  } catch (error) {
    if (error instanceof Refused && error.code === "webchat.email_needed") askEmail();
    sayError(parts.error, error);
  }
}
one("[data-adviser]").addEventListener("click", () => void askAdviser());
parts.needEmail.addEventListener("submit", (event) => {
  event.preventDefault();
  void askAdviser(fields(parts.needEmail));
});

async function end() {
  try {
    learn(await server.ask("fin/", {}));
    parts.after.querySelector("h2")?.setAttribute("tabindex", "-1");
    parts.after.querySelector("h2")?.focus();
  } catch (error) {
    sayError(parts.error, error);
  }
}
one("[data-solved]").addEventListener("click", () => void end());
parts.endButton.addEventListener("click", () => parts.confirm.showModal());
parts.confirm.addEventListener("close", () => {
  if (parts.confirm.returnValue === "yes") void end();
  parts.confirm.returnValue = "";
});

parts.rating.addEventListener("submit", (event) => {
  event.preventDefault();
  void attempt(parts.rating, parts.afterError, () => server.ask("avis/", fields(parts.rating)));
});
parts.transcript.addEventListener("submit", (event) => {
  event.preventDefault();
  void attempt(parts.transcript, parts.afterError, () => server.ask("transcription/", fields(parts.transcript)));
});
one("[data-again]").addEventListener("click", () => {
  memory.keep({ begun: false, waiting: [] });
  const name = /** @type {HTMLInputElement} */ (one("#name"));
  const email = /** @type {HTMLInputElement} */ (one("#email"));
  name.value ||= state.name;
  email.value ||= state.email;
  /** @type {HTMLTextAreaElement} */ (one("#question")).value = "";
  parts.rating.reset();
  /** @type {HTMLInputElement} */ (one("#to")).value = "";
  toldRead = 0;
  heard = 0;
  state = null;
  clear(parts.thread);
  draw();
  name.focus();
});

/* ---- Begin ---- */

if (!inFrame) document.querySelector("[data-reduce]")?.setAttribute("hidden", "");
reveal(!inFrame || Boolean(memory.values.open), false);
document.fonts?.ready.then(tellSize);
void look();
outbox.flush();
