// @ts-check
// News from the server: « conversation 12 changed », with what this reader may be shown of it; else the
// page fetches the ordinary fragment. Without a socket the same fragments are polled, and the page says
// since when. What a page does often (send, read, type) goes over the same socket while it is open.

const FIRST_POLL = 5000;
const LAST_POLL = 30000;
const FIRST_RETRY = 500;
const LAST_RETRY = 15000;
const SHORT_CUT = 20_000; // milliseconds in which a socket that closed is likely to come back
const SLOWEST_ACT = 8000; // milliseconds without a word of the server before an act counts as unanswered

/** @typedef {{topic?: string, poll?: boolean}} News */
/** @type {Map<string, Set<(news: News) => void>>} */
const listeners = new Map();
/** @type {WebSocket | undefined} */
let socket;
let retry = FIRST_RETRY;
let poll = FIRST_POLL;
/** @type {number | undefined} */
let pollTimer;
let since = new Date();
let wasOnline = true;
let hasOpened = false;
let cutAt = -Infinity; // when the socket closed, once one has been open

/** @typedef {{resolve: (answer: any) => void, reject: (error: Error) => void, timer: number}} Waiting */
/** @type {Map<number, Waiting>} */
const acts = new Map();
let lastAct = 0;

/** Whether acts go over the socket and no news is missed: it is open, and the network is not known to be cut. */
export const live = () => navigator.onLine && socket?.readyState === WebSocket.OPEN;

/** The socket closed a moment ago and is likely to be back: what can wait for it need not go over HTTP. */
export const soonBack = () => !live() && Date.now() - cutAt < SHORT_CUT;

/**
 * Do something over the open socket: what it gave, once the server has committed it, or `{refused: {…}}`.
 * Rejected when no socket is open or no answer came: the same request then goes over HTTP, under the same
 * key where it must not be done twice.
 * @param {string} name @param {Record<string, unknown>} given
 * @returns {Promise<any>}
 */
export function act(name, given) {
  if (!live()) return Promise.reject(new Error("no socket"));
  lastAct += 1;
  const id = lastAct;
  return new Promise((resolve, reject) => {
    acts.set(id, { resolve, reject, timer: patience(id) });
    socket?.send(JSON.stringify({ act: name, id, csrf: document.body.dataset.csrf ?? "", with: given }));
  });
}

/** @param {number} id */
const patience = (id) => window.setTimeout(() => settle(id, (one) => one.reject(new Error("no answer"))), SLOWEST_ACT);

/** The act waits for its turn there: to send it again would only lengthen the queue. @param {number} id */
function heard(id) {
  const one = acts.get(id);
  if (!one) return;
  clearTimeout(one.timer);
  one.timer = patience(id);
}

/** @param {number} id @param {(one: Waiting) => void} how */
function settle(id, how) {
  const one = acts.get(id);
  if (!one) return;
  acts.delete(id);
  clearTimeout(one.timer);
  how(one);
}

/** @param {any} answer */
function answered(answer) {
  if ("heard" in answer) heard(answer.heard);
  else if ("done" in answer) settle(answer.done, (one) => one.resolve(answer.gave));
  else if ("refused" in answer) settle(answer.refused, (one) => one.resolve({ refused: answer }));
  else if ("failed" in answer) settle(answer.failed, (one) => one.reject(new Error("failed")));
}

/**
 * Follow topics; `onNews` is called with each news, or with `{poll: true}` while the link is down. What
 * is said over the socket afterwards is answered once they are followed.
 * @param {string[]} topics
 * @param {(news: News) => void} onNews
 * @returns {() => void} what ends it
 */
export function subscribe(topics, onNews) {
  const fresh = topics.filter((topic) => !listeners.has(topic));
  for (const topic of topics) {
    if (!listeners.has(topic)) listeners.set(topic, new Set());
    listeners.get(topic)?.add(onNews);
  }
  if (socket?.readyState !== WebSocket.OPEN) connect();
  else if (fresh.length) socket.send(JSON.stringify({ subscribe: fresh }));
  return () => leave(topics, onNews);
}

/** @param {string[]} topics @param {(news: News) => void} onNews */
function leave(topics, onNews) {
  const alone = topics.filter((topic) => listeners.get(topic)?.delete(onNews) && !listeners.get(topic)?.size);
  for (const topic of alone) listeners.delete(topic);
  if (alone.length && socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ unsubscribe: alone }));
}

function connect() {
  if (socket && socket.readyState <= WebSocket.OPEN) return;
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const opened = new WebSocket(`${scheme}://${location.host}/ws/news/`);
  socket = opened;
  opened.addEventListener("open", () => {
    opened.send(JSON.stringify({ subscribe: [...listeners.keys()] }));
    hasOpened = true;
    retry = FIRST_RETRY;
    poll = FIRST_POLL;
    clearTimeout(pollTimer);
    pollTimer = undefined;
    tell(true);
    if (!wasOnline) everybody({ poll: true });
    wasOnline = true;
  });
  opened.addEventListener("message", (event) => {
    since = new Date();
    const news = JSON.parse(event.data);
    if (!news.topic) {
      answered(news);
      return;
    }
    for (const listener of listeners.get(news.topic) ?? []) listener(news);
  });
  opened.addEventListener("close", () => {
    if (wasOnline) since = new Date();
    if (wasOnline && hasOpened) cutAt = Date.now();
    wasOnline = false;
    tell(false);
    for (const id of [...acts.keys()]) settle(id, (one) => one.reject(new Error("cut")));
    setTimeout(connect, retry * (0.5 + Math.random()));
    retry = Math.min(retry * 2, LAST_RETRY);
    if (pollTimer === undefined) schedulePoll();
  });
}

function schedulePoll() {
  pollTimer = window.setTimeout(() => {
    everybody({ poll: true });
    poll = Math.min(poll * 1.5, LAST_POLL);
    schedulePoll();
  }, poll);
}

/** @param {News} news */
function everybody(news) {
  for (const listener of new Set([...listeners.values()].flatMap((set) => [...set]))) listener(news);
}

/** @param {boolean} online */
function tell(online) {
  document.dispatchEvent(new CustomEvent("acquis:link", { detail: { online, since } }));
  for (const element of document.querySelectorAll("[data-link-state]")) {
    element.toggleAttribute("hidden", online);
    const clock = element.querySelector("[data-link-since]");
    if (clock) clock.textContent = since.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  }
}

/** Elements that say what they follow: `data-news="sitting:5" data-news-refresh="/url/"`. */
function adopt() {
  for (const element of document.querySelectorAll("[data-news]:not([data-news-adopted])")) {
    element.setAttribute("data-news-adopted", "");
    const topics = (element.getAttribute("data-news") ?? "").split(/\s+/).filter(Boolean);
    let timer = 0;
    subscribe(topics, () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => refresh(element), 30);
    });
  }
}

/** @param {Element} element */
function refresh(element) {
  const id = element.id;
  const current = id ? document.getElementById(id) : element;
  if (!current) return;
  const url = current.getAttribute("data-news-refresh");
  if (url) {
    const swap = current.getAttribute("data-news-swap") ?? "outerHTML";
    // @ts-ignore htmx is a classic script; what fails is asked for again at the next news
    window.htmx.ajax("GET", url, { target: current, swap }).catch(() => undefined);
  } else current.dispatchEvent(new CustomEvent("acquis:news", { bubbles: true }));
}

document.addEventListener("htmx:afterSettle", adopt);
adopt();
