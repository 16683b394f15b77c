// @ts-check
// Keep a page true: at each piece of news of the topics that it names, and now and then besides. What
// concerns one exchange or one person is heard at once; what concerns the whole desk, where hundreds may
// work, a few seconds late at most.

import { subscribe } from "../kernel/news.js";

const HEARTBEAT_MS = 20_000;
const SLOWEST_MS = 120_000;
const CROWD_MS = 4000; // at least between two refreshes that only the whole desk's news ask for

/**
 * Call `refresh` at each news, one call at a time; a failure slows the heartbeat and never ends it.
 *
 * @param {() => Promise<void>} refresh
 */
export function follow(refresh) {
  let busy = false;
  let again = false;
  let failures = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let crowd;
  let turnedAt = 0;

  async function turn() {
    clearTimeout(timer);
    clearTimeout(crowd);
    crowd = undefined;
    turnedAt = Date.now();
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      await refresh();
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
    timer = setTimeout(() => void turn(), Math.min(HEARTBEAT_MS * 2 ** failures, SLOWEST_MS));
  }

  /** @param {{topic?: string}} news */
  function hear(news) {
    const rest = news.topic?.startsWith("workspace:") ? turnedAt + CROWD_MS - Date.now() : 0;
    if (rest <= 0) void turn();
    else crowd ??= setTimeout(() => void turn(), rest * (1 + Math.random() / 4));
  }

  const named = [...document.querySelectorAll("[data-live-topic]")].flatMap((element) =>
    (element.getAttribute("data-live-topic") ?? "").split(" ").filter(Boolean),
  );
  subscribe([...new Set(named)], hear);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void turn();
  });
  window.addEventListener("online", () => void turn());
  timer = setTimeout(() => void turn(), HEARTBEAT_MS);
}
