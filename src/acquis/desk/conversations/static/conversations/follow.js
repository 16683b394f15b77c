// @ts-check
// Keep a page true: at each piece of news of the topics that it names, and now and then besides. What
// concerns one exchange or one person is heard at once; what concerns the whole desk, where hundreds may
// work, a few seconds late at most.

import { live, subscribe } from "../kernel/news.js";

const HEARTBEAT_MS = 20_000;
const LIVE_HEARTBEAT_MS = 60_000; // while news come: only what they failed to tell is left to see
const SLOWEST_MS = 120_000;
const TOGETHER_MS = 40; // news of one act come together: one refresh for all
export const CROWD_MS = 4000; // at least between two refreshes that only the whole desk's news ask for

/** @typedef {{topic?: string, poll?: boolean, what?: string, conversation?: number, position?: number, lines?: string, row?: string}} News */

/**
 * How long after the last refresh the next one may come for a piece of news: 0 is at once.
 *
 * @param {News} news
 */
export const soon = (news) => (news.topic?.startsWith("workspace:") ? CROWD_MS : 0);

/**
 * Call `refresh` for each news, one call at a time; a failure slows the heartbeat and never ends it.
 *
 * @param {() => Promise<void>} refresh
 * @param {(news: News) => number} [rest] milliseconds between two refreshes; Infinity asks for none
 * @param {{every?: number, look?: () => Promise<void>}} [heartbeat] while news come: milliseconds between
 *   two looks, and what looks
 */
export function follow(refresh, rest = soon, { every = LIVE_HEARTBEAT_MS, look = refresh } = {}) {
  let busy = false;
  let again = false;
  let failures = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let planned;
  let plannedAt = Infinity;
  let turnedAt = 0;

  async function turn(act = refresh) {
    clearTimeout(timer);
    clearTimeout(planned);
    plannedAt = Infinity;
    turnedAt = Date.now();
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      await act();
      failures = 0;
    } catch {
      failures += 1;
    }
    busy = false;
    if (again) {
      again = false;
      void turn();
      return;
    }
    const pause = live() ? every : HEARTBEAT_MS;
    timer = setTimeout(beat, Math.min(pause * 2 ** failures, SLOWEST_MS));
  }

  const beat = () => void turn(live() ? look : refresh);

  /** @param {News} news */
  function hear(news) {
    if (news.poll && live() && look !== refresh) return; // the link is back: what it brought is looked for below
    const left = turnedAt + rest(news) - Date.now();
    if (left === Infinity) return;
    const wait = left > TOGETHER_MS ? left * (1 + Math.random() / 4) : TOGETHER_MS;
    if (Date.now() + wait >= plannedAt) return;
    clearTimeout(planned);
    plannedAt = Date.now() + wait;
    planned = setTimeout(() => void turn(), wait);
  }

  /** @type {Map<string, () => void>} by topic: what ends it */
  const followed = new Map();
  function followNamed() {
    const named = [...document.querySelectorAll("[data-live-topic]")].flatMap((element) =>
      (element.getAttribute("data-live-topic") ?? "").split(" ").filter(Boolean),
    );
    const fresh = [...new Set(named)].filter((topic) => !followed.has(topic));
    for (const [topic, end] of followed) {
      if (named.includes(topic)) continue;
      followed.delete(topic);
      end();
    }
    for (const topic of fresh) followed.set(topic, subscribe([topic], hear));
  }
  followNamed();
  document.addEventListener("acquis:opened", followNamed);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void turn();
  });
  window.addEventListener("online", () => void turn());
  timer = setTimeout(beat, HEARTBEAT_MS);
  // What changed between the page and its first news, or while the link was cut.
  document.addEventListener("acquis:link", (event) => {
    if (look !== refresh && /** @type {CustomEvent} */ (event).detail.online) void turn(look);
  });
}
