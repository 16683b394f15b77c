// @ts-check
// The desk stays true by itself: the queue, the thread and the state of the exchange follow the news
// of the server, which bring the lines themselves, and are asked again at intervals when no news can come.
// The adviser's message leaves once, whatever the network does: over the socket while it is open, over HTTP
// under the same key otherwise.

import { act, live, soonBack } from "../kernel/news.js";
import { CROWD_MS, follow, soon } from "./follow.js";
import { openInPlace } from "./opening.js";

const AT_THE_END_PX = 80;
const QUEUE_MS = 1000; // at least between two looks at the queue for messages of exchanges not shown
const RETRY_MS = [1000, 2000, 4000, 8000];
const READ_MS = 1000; // at least between two tellings of what was read
const LOOK_MS = 20_000; // between two looks at the thread while news come

/** @param {string} address */
async function part(address) {
  const answer = await fetch(address, { headers: { "HX-Request": "true" }, redirect: "manual" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer;
}

/** @param {string} html */
function elements(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content;
}

/* ---- The thread ---- */

const thread = () => document.querySelector("[data-thread]");

/** The topic of the exchange shown: another may have been opened while an answer was awaited. */
const shownTopic = () => thread()?.getAttribute("data-live-topic") ?? "";

/** @param {Element} list */
const lastPosition = (list) =>
  Number([...list.querySelectorAll("[data-message]")].pop()?.getAttribute("data-position") ?? 0);

/** @param {Element} list */
const lastNote = (list) =>
  Math.max(
    0,
    ...[...list.querySelectorAll("[data-note]")].map((note) => Number(note.getAttribute("data-note"))),
  );

/** @param {Element} list */
const readsTheEnd = (list) =>
  list.scrollHeight - list.scrollTop - list.clientHeight < AT_THE_END_PX;

/** @param {Element} list */
function showEnd(list) {
  list.scrollTop = list.scrollHeight;
}

/** @type {WeakMap<Element, boolean>} by thread: whether its end is read */
const endRead = new WeakMap();
const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) if (endRead.get(target)) showEnd(target);
});

/**
 * A panel that comes above the thread, or a composer that grows, makes it lower: whoever reads its
 * end still does.
 * @param {Element} list
 */
function keepEnd(list) {
  if (!endRead.has(list)) {
    list.addEventListener("scroll", () => endRead.set(list, readsTheEnd(list)), { passive: true });
    resized.observe(list);
  }
  endRead.set(list, readsTheEnd(list));
}

/** @param {string} html @param {string} topic of the exchange whose lines they are */
function addMessages(html, topic) {
  const list = thread();
  if (!list || topic !== shownTopic()) return;
  const stay = !readsTheEnd(list);
  for (const message of elements(html).querySelectorAll("[data-message], [data-note]")) {
    if (document.getElementById(message.id)) continue;
    list.append(message);
    if (message.matches("[data-note]")) htmx()?.process(message);
  }
  // What became of messages that are shown already.
  for (const mark of /** @type {NodeListOf<HTMLTemplateElement>} */ (
    elements(html).querySelectorAll("template[data-mark]")
  )) {
    const place = document.getElementById(mark.getAttribute("data-mark") ?? "");
    if (place && place.textContent?.trim() !== mark.content.textContent?.trim()) {
      place.replaceChildren(mark.content);
      htmx()?.process(place);
    }
  }
  if (!stay) showEnd(list);
  tellRead();
}

/* What was read: told once for each place reached, while somebody looks. */

let told = "";
let toldAt = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let tellLater;

function tellRead() {
  clearTimeout(tellLater);
  const left = toldAt + READ_MS - Date.now();
  if (left > 0) tellLater = setTimeout(tellReadNow, left);
  else tellReadNow();
}

function tellReadNow() {
  const list = thread();
  const address = document.querySelector("[data-exchange]")?.getAttribute("data-read-url");
  if (document.hidden || !list || !address) return;
  // The desk's own words are no reading.
  const said = [...list.querySelectorAll("[data-message].message-from-customer")].pop();
  const reached = { position: said?.getAttribute("data-position") ?? "0", note: String(lastNote(list)) };
  const now = `${address} ${reached.position} ${reached.note}`;
  if (now === told || (reached.position === "0" && reached.note === "0")) return;
  told = now;
  toldAt = Date.now();
  act("conversation.read", { ...shownExchange(), ...reached })
    .catch((fault) => {
      if (soonBack()) throw fault;
      return fetch(address, {
        method: "POST",
        body: new URLSearchParams(reached),
        redirect: "manual",
        headers: { "HX-Request": "true", "X-CSRFToken": document.body.dataset.csrf ?? "" },
      });
    })
    .then(clearUnread)
    .catch(() => {
      told = ""; // the next look tells it again
    });
}

document.addEventListener("visibilitychange", tellRead);

/** The desk and the exchange shown, 0 for none, as acts over the socket name them. */
function shownExchange() {
  const desk = /** @type {HTMLElement | null} */ (document.querySelector("[data-desk]"));
  const shown = /** @type {HTMLElement | null} */ (document.querySelector("[data-exchange]"));
  return { workspace: desk?.dataset.workspace, conversation: shown?.dataset.conversation ?? "0" };
}

/** What the thread lacks, over the socket. */
async function lookAtThread() {
  const list = thread();
  const topic = shownTopic();
  const state = document.querySelector("[data-exchange]")?.getAttribute("data-state");
  if (!list || !state) return;
  const shown = { position: lastPosition(list), note: lastNote(list), state };
  const gave = await act("conversation.look", { ...shownExchange(), ...shown }).catch(() => null);
  if (gave?.same) tellRead();
  else if (gave && !gave.refused) await showLacking(gave.lines, gave.state, topic);
  else if (!soonBack()) await askForThread();
}

/** The same, whatever the link. */
async function refreshThread() {
  if (live()) await lookAtThread();
  else await askForThread();
}

async function askForThread() {
  const list = thread();
  const topic = shownTopic();
  const address = list?.getAttribute("data-thread-url");
  if (!list || !address) return;
  const answer = await part(`${address}?apres=${lastPosition(list)}&note=${lastNote(list)}`);
  await showLacking(await answer.text(), answer.headers.get("X-Conversation-State") ?? "", topic);
}

/** @param {string} lines @param {string} state of the exchange @param {string} topic whose they are */
async function showLacking(lines, state, topic) {
  if (topic !== shownTopic()) return;
  addMessages(lines, topic);
  const exchange = document.querySelector("[data-exchange]");
  if (exchange && state !== exchange.getAttribute("data-state")) await refreshExchange(state);
}

/** @param {string} state */
async function refreshExchange(state) {
  const shown = document.querySelector("[data-exchange]");
  const address = shown?.getAttribute("data-exchange-url");
  if (!shown || !address) return;
  const html = await (await part(address)).text();
  if (!shown.isConnected) return;
  keepDrafts();
  const noting = shown.querySelector("[data-note-writer]")?.hasAttribute("open") ?? false;
  const fresh = elements(html).querySelector("[data-exchange]");
  if (!fresh) return;
  shown.replaceWith(fresh);
  fresh.querySelector("[data-note-writer]")?.toggleAttribute("open", noting);
  settle();
  await refreshCustomer(state.split(" ")[1] ?? "");
}

/** @param {string} customer the number of the customer now known, « 0 » for nobody */
async function refreshCustomer(customer) {
  const shown = document.querySelector("[data-customer-url]");
  if (!shown || (shown.getAttribute("data-customer") || "0") === customer) return;
  const answer = await part(shown.getAttribute("data-customer-url") ?? "");
  const fresh = elements(await answer.text()).firstElementChild;
  if (!fresh || !shown.isConnected) return;
  shown.replaceWith(fresh);
  htmx()?.process(fresh);
  fresh.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
}

const htmx = () => /** @type {any} */ (window).htmx;

/** What a fresh exchange needs: its behaviours, and its end in view. */
function settle() {
  const exchange = document.querySelector("[data-exchange]");
  if (exchange) htmx()?.process(exchange);
  const list = thread();
  if (list && !window.location.hash.startsWith("#message-")) showEnd(list);
  if (list) keepEnd(list);
  restoreDrafts();
  tellRead();
}

/* ---- The queue ---- */

/** Whether the left pane is still as the server has it. */
async function lookAtQueue() {
  const version = document.getElementById("queue")?.dataset.version;
  if (version) {
    const answer = await act("conversation.look_at_queue", { ...shownExchange(), version }).catch(() => null);
    if (answer?.same) return;
  }
  await refreshQueue();
}

async function refreshQueue() {
  const queue = document.getElementById("queue");
  const address = queue?.getAttribute("data-queue-url");
  if (!queue || !address) return;
  const chosen = new URLSearchParams(window.location.search).get("c");
  const asked = new URLSearchParams({ v: queue.dataset.version ?? "" });
  if (chosen) asked.set("c", chosen);
  const answer = await part(`${address}?${asked}`);
  if (answer.status === 204) return;
  const html = await answer.text();
  const fresh = /** @type {HTMLElement | null} */ (elements(html).querySelector("#queue"));
  // Nothing moves unless something changed.
  if (!fresh || fresh.innerHTML === queue.dataset.shown) return;
  const shown = fresh.innerHTML;
  const open = queue.querySelector("details")?.open ?? false;
  const focused = document.activeElement?.getAttribute("href");
  queue.replaceWith(fresh);
  fresh.dataset.shown = shown;
  const details = fresh.querySelector("details");
  if (details) details.open = open;
  if (focused) {
    /** @type {HTMLElement | null} */ (fresh.querySelector(`a[href="${focused}"]`))?.focus();
  }
  sayAsking(fresh);
}

/** @param {HTMLElement} queue */
function sayAsking(queue) {
  const asking = Number(queue.dataset.asking ?? 0);
  document.title = document.title.replace(/^\(\d+\) /, "");
  if (asking) document.title = `(${asking}) ${document.title}`;
}

/** Put the row that came with the news in its place. @param {News} news @returns {boolean} whether it has one */
function patchRow(news) {
  const queue = document.getElementById("queue");
  const row = queue?.querySelector(`[data-row="${news.conversation}"]`);
  const fresh = news.row ? elements(news.row).querySelector("[data-row]") : null;
  if (!queue || !row || !fresh) return false;
  const more = Number(fresh.matches(".queue-fresh")) - Number(row.matches(".queue-fresh"));
  const focused = row.contains(document.activeElement);
  row.replaceWith(fresh);
  if (focused) fresh.querySelector("a")?.focus();
  patched(queue, more);
  return true;
}

/** The exchange shown has been read: its row says so, and the others are asked for at the next look. */
function clearUnread() {
  const queue = document.getElementById("queue");
  const row = queue?.querySelector("[aria-current=true].queue-fresh");
  if (!queue || !row) return;
  row.classList.remove("queue-fresh");
  row.querySelector(".queue-unread")?.remove();
  patched(queue, -1);
}

/** A row was changed here. @param {HTMLElement} queue @param {number} more exchanges that ask for the adviser */
function patched(queue, more) {
  queue.dataset.asking = String(Number(queue.dataset.asking ?? 0) + more);
  // What the server gave whole is no longer what is shown.
  queue.dataset.version = "";
  delete queue.dataset.shown;
  sayAsking(queue);
}

/* ---- The composer ---- */

const writers = () =>
  /** @type {HTMLFormElement[]} */ ([...document.querySelectorAll("form[data-composer]")]);

/** @param {HTMLFormElement} form */
const bodyOf = (form) => /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("body"));

/** @param {HTMLFormElement} form */
const draftKey = (form) => `acquis.draft:${form.action}`;

/** @type {Map<string, string>} */
const unkept = new Map(); // storage refused: the text lives as long as the page

function restoreDrafts() {
  for (const form of writers()) {
    const body = bodyOf(form);
    if (body.value) continue;
    try {
      body.value = sessionStorage.getItem(draftKey(form)) ?? "";
    } catch {
      body.value = unkept.get(draftKey(form)) ?? "";
    }
    const writer = /** @type {HTMLDetailsElement | null} */ (form.closest("[data-note-writer]"));
    if (writer && body.value) writer.open = true;
  }
}

/** @param {HTMLFormElement} form */
function keepDraft(form) {
  const text = bodyOf(form).value;
  try {
    if (text) sessionStorage.setItem(draftKey(form), text);
    else sessionStorage.removeItem(draftKey(form));
  } catch {
    unkept.set(draftKey(form), text);
  }
}

function keepDrafts() {
  for (const form of writers()) keepDraft(form);
}

/** @param {HTMLFormElement} form @param {string} word @param {string} [sentence] */
function saySending(form, word, sentence) {
  const place = form.querySelector("[data-composer-state]");
  const words = /** @type {HTMLTemplateElement | null} */ (
    form.querySelector("[data-composer-words]")
  );
  if (!place) return;
  const known = words?.content.querySelector(`[data-word="${word}"]`)?.textContent ?? "";
  place.textContent = sentence || known;
  place.toggleAttribute("data-trouble", word === "refused" || word === "retrying");
}

/** @type {WeakSet<HTMLFormElement>} */
const leaving = new WeakSet();

/**
 * The lines that the page lacks once the text is sent, or why it was refused.
 *
 * @param {HTMLFormElement} form @param {string} text @param {string} key
 * @returns {Promise<{lines: string, refusal?: string}>}
 */
async function leave(form, text, key) {
  const list = thread();
  const after = String(list ? lastPosition(list) : 0);
  const note = String(list ? lastNote(list) : 0);
  if (form.dataset.act) {
    const said = { ...shownExchange(), body: text, client_key: key, after, note };
    const gave = await act(form.dataset.act, said).catch(() => null);
    if (gave?.refused) return { lines: "", refusal: gave.refused.detail };
    if (gave) return { lines: gave.lines };
  }
  const answer = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams({ body: text, client_key: key, apres: after, note }),
    redirect: "manual",
    headers: {
      "HX-Request": "true",
      Accept: "text/html",
      "X-CSRFToken": document.body.dataset.csrf ?? "",
    },
  });
  const html = await answer.text();
  if (answer.status === 422) {
    return { lines: "", refusal: elements(html).querySelector("strong")?.textContent ?? "" };
  }
  if (!answer.ok) throw new Error(String(answer.status));
  return { lines: html };
}

/** @param {HTMLFormElement} form */
async function send(form) {
  const body = bodyOf(form);
  const key = /** @type {HTMLInputElement} */ (form.elements.namedItem("client_key"));
  const text = body.value.trim();
  if (!text || leaving.has(form)) return;
  leaving.add(form);
  saySending(form, "sending");
  const list = thread();
  const topic = shownTopic();
  for (let attempt = 0; ; attempt += 1) {
    flying += 1;
    try {
      const { lines, refusal } = await leave(form, text, key.value);
      if (refusal !== undefined) {
        saySending(form, "refused", refusal);
        afterFlight();
        break;
      }
      if (list) showEnd(list);
      addMessages(lines, topic);
      // What was typed while it left stays.
      if (body.value.trim() === text) body.value = "";
      keepDraft(form);
      key.value = crypto.randomUUID();
      saySending(form, "");
      afterFlight();
      break;
    } catch {
      afterFlight();
      saySending(form, "retrying");
      const delay = RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)];
      await new Promise((resume) => setTimeout(resume, delay));
      if (!form.isConnected) break;
    }
  }
  leaving.delete(form);
  if (form.isConnected) body.focus();
}

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.matches("[data-composer]")) return;
  event.preventDefault();
  void send(form);
});
document.addEventListener("keydown", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  if (!target.matches("[data-composer] textarea[name=body]") || event.key !== "Enter") return;
  if (event.shiftKey || event.isComposing) return;
  event.preventDefault();
  /** @type {HTMLTextAreaElement} */ (target).form?.requestSubmit();
});
document.addEventListener("input", (event) => {
  const target = /** @type {HTMLTextAreaElement} */ (event.target);
  if (target.form?.matches("[data-composer]") && target.name === "body") keepDraft(target.form);
});
document.addEventListener(
  "toggle",
  (event) => {
    const writer = /** @type {HTMLDetailsElement} */ (event.target);
    if (writer.matches("[data-note-writer]") && writer.open) writer.querySelector("textarea")?.focus();
  },
  true,
);
document.addEventListener("htmx:afterSettle", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  if (target.id === "exchange" || target.querySelector?.("#exchange")) {
    settle();
    /** @type {HTMLElement | null} */ (target.querySelector?.("[aria-invalid=true]"))?.focus();
    void refreshCustomer("");
  }
  // What the adviser did in one pane shows in the others at once.
  if (["exchange", "exchange-customer"].includes(target.id)) void refreshQueue();
  if (target.id === "exchange-customer") void refreshThread();
});

/* A file */
document.addEventListener("change", (event) => {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const form = input.form;
  if (input.type !== "file" || !form?.matches("[data-attach]") || !input.files?.length) return;
  void sendFile(form, input);
});

/** @param {HTMLFormElement} form @param {HTMLInputElement} input */
async function sendFile(form, input) {
  const state = /** @type {HTMLElement} */ (form.querySelector("[data-attach-state]"));
  const fields = new FormData(form);
  fields.set("client_key", crypto.randomUUID());
  state.textContent = state.dataset.sending ?? "";
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: fields,
      redirect: "manual",
      headers: {
        "HX-Request": "true",
        Accept: "application/json",
        "X-CSRFToken": document.body.dataset.csrf ?? "",
      },
    });
    if (answer.status === 422) state.textContent = (await answer.json()).detail;
    else if (answer.ok) state.textContent = "";
    else throw new Error(String(answer.status));
  } catch {
    state.textContent = state.dataset.failed ?? "";
  }
  input.value = "";
}

/* ---- What asks for what ---- */

/** @typedef {import("./follow.js").News} News */

/** @param {News} news */
const isOfTheShown = (news) =>
  `conversation:${news.conversation}` === thread()?.getAttribute("data-live-topic");

let flying = 0; // requests whose answer brings the lines that follow
let heard = 0; // position of the last message that news told of

/** The thread changes by its own exchange: by the line that comes with the news, else it is asked for. @param {News} news */
function threadRest(news) {
  const own = news.topic?.startsWith("conversation:");
  if (own && news.topic !== shownTopic()) return Infinity; // told before it was left
  // A message is told to its thread and to its adviser: the thread's news bring the line.
  if (news.topic && !own && (news.position || !isOfTheShown(news))) return Infinity;
  const list = thread();
  if (!list || !news.position) return 0;
  heard = Math.max(heard, news.position);
  if (news.lines && news.position === lastPosition(list) + 1) addMessages(news.lines, shownTopic());
  return flying || news.position <= lastPosition(list) ? Infinity : 0;
}

/** What was told while an answer was awaited, and did not come with it. */
function afterFlight() {
  flying -= 1;
  const list = thread();
  if (list && heard > lastPosition(list)) refreshThread().catch(() => undefined); // the heartbeat comes
}

/** A message read in the thread at once is nothing new in the queue; another may come with its row. @param {News} news */
function queueRest(news) {
  if (news.what !== "message") return soon(news);
  if (isOfTheShown(news)) return document.hidden ? CROWD_MS : Infinity;
  if (patchRow(news)) return Infinity;
  return Math.max(QUEUE_MS, soon(news));
}

/** Another exchange is shown: its news are followed, and what came before them is looked for. */
function opened() {
  heard = 0;
  settle();
  void lookAtThread().catch(() => undefined); // the heartbeat comes
}

settle();
openInPlace(keepDrafts, opened);
follow(refreshThread, threadRest, { every: LOOK_MS, look: lookAtThread });
follow(refreshQueue, queueRest, { look: lookAtQueue });
