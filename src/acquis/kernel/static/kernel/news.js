// @ts-check
// News from the server: « conversation 12 changed ». The page then fetches the ordinary fragment.
// Without a socket the same fragments are polled, and the page says since when.

const FIRST_POLL = 5000;
const LAST_POLL = 30000;
const FIRST_RETRY = 500;
const LAST_RETRY = 15000;

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

/**
 * Follow topics; `onNews` is called with each news, or with `{poll: true}` while the link is down.
 * @param {string[]} topics
 * @param {(news: News) => void} onNews
 */
export function subscribe(topics, onNews) {
  for (const topic of topics) {
    if (!listeners.has(topic)) listeners.set(topic, new Set());
    listeners.get(topic)?.add(onNews);
  }
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ subscribe: topics }));
  else connect();
  return () => topics.forEach((topic) => listeners.get(topic)?.delete(onNews));
}

function connect() {
  if (socket && socket.readyState <= WebSocket.OPEN) return;
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const opened = new WebSocket(`${scheme}://${location.host}/ws/news/`);
  socket = opened;
  opened.addEventListener("open", () => {
    opened.send(JSON.stringify({ subscribe: [...listeners.keys()] }));
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
    if (!news.topic) return;
    for (const listener of listeners.get(news.topic) ?? []) listener(news);
  });
  opened.addEventListener("close", () => {
    if (wasOnline) since = new Date();
    wasOnline = false;
    tell(false);
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
  // @ts-ignore htmx is a classic script
  if (url) window.htmx.ajax("GET", url, { target: current, swap: current.getAttribute("data-news-swap") ?? "outerHTML" });
  else current.dispatchEvent(new CustomEvent("acquis:news", { bubbles: true }));
}

document.addEventListener("htmx:afterSettle", adopt);
adopt();
