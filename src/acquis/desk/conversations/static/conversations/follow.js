// @ts-check
// Keep a page true: at each piece of news of the topics that the page names, and at intervals.

const POLL_MS = 3000;
const POLL_WITH_NEWS_MS = 20_000;
const SLOWEST_MS = 30_000;

/**
 * Call `refresh` now and then, one call at a time; a failure slows the pace and never ends it.
 *
 * @param {() => Promise<void>} refresh
 */
export function follow(refresh) {
  let busy = false;
  let again = false;
  let failures = 0;
  let news = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const pace = () => {
    const usual = news ? POLL_WITH_NEWS_MS : POLL_MS;
    return failures ? Math.min(usual * 2 ** failures, SLOWEST_MS) : usual;
  };

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
    } else timer = setTimeout(() => void turn(), pace());
  }

  document.addEventListener("acquis:news", () => void turn());
  document.addEventListener("acquis:live", (event) => {
    news = Boolean(/** @type {CustomEvent} */ (event).detail?.connected);
    void turn();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void turn();
  });
  window.addEventListener("online", () => void turn());
  timer = setTimeout(() => void turn(), pace());
}
