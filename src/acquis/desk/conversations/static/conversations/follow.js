// @ts-check
// Keep a page true: at each piece of news of the topics that it names, and now and then besides.

import { subscribe } from "../kernel/news.js";

const HEARTBEAT_MS = 20_000;
const SLOWEST_MS = 120_000;

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

  async function turn() {
    clearTimeout(timer);
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

  const named = [...document.querySelectorAll("[data-live-topic]")].map(
    (element) => element.getAttribute("data-live-topic") ?? "",
  );
  subscribe([...new Set(named)], () => void turn());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void turn();
  });
  window.addEventListener("online", () => void turn());
  timer = setTimeout(() => void turn(), HEARTBEAT_MS);
}
