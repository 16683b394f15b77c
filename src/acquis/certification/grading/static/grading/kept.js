// @ts-check
// What a grid's page and its keeper (keeper.js) say to each other.

const PATIENCE_MS = 10_000;

/** @typedef {{criterion: string, seq: number, verdict: string, observation: string, savedAt: string}} KeptMark */

/** @type {Promise<ServiceWorkerRegistration | null> | null} */
let keeper = null;

/** @param {object} said */
const tell = (said) => void keeper?.then((found) => found?.active?.postMessage({ ...said, page: location.href }));

/** The files that this page has loaded. */
const files = () => performance.getEntriesByType("resource").map((one) => one.name);

/** Have this page kept, with its files, from now on. @param {string} script the keeper's address */
export function keepHere(script) {
  if (!navigator.serviceWorker || keeper) return;
  const ready = async () => {
    const found = await navigator.serviceWorker.register(script, { updateViaCache: "none" });
    if (found.active) return found;
    const rising = found.installing ?? found.waiting;
    await new Promise((done) => {
      rising?.addEventListener("statechange", () => rising.state === "activated" && done(null));
      if (rising?.state === "activated") done(null);
    });
    return found;
  };
  keeper = ready().catch(() => null); // refused by the browser: the marks are kept all the same
  const say = () => tell({ kind: "keep", files: files(), again: false });
  if (document.readyState === "complete") say();
  else window.addEventListener("load", say, { once: true });
}

/** The page was brought up to date: the copy is to be as well. */
export const keepAgain = () => tell({ kind: "keep", files: files(), again: true });

/** The server acknowledged this. @param {KeptMark} mark */
export const keepMark = (mark) => tell({ kind: "mark", mark });

/** The marks acknowledged since the server gave the page that is shown again. @param {HTMLElement} page @returns {KeptMark[]} */
export const keptMarks = (page) => JSON.parse(page.dataset.keptMarks || "[]");

/**
 * The page as the server has it now; null while it does not answer.
 * @param {string} address @returns {Promise<Document | "signed-out" | null>}
 */
export async function presentPage(address) {
  try {
    const answer = await fetch(address, {
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return "signed-out";
    if (!answer.ok) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return null;
  }
}

/** The sign-in may have changed in another window: from now on its token. @param {Document} fresh */
export function takeToken(fresh) {
  const token = fresh.body.dataset.csrf ?? "";
  document.body.dataset.csrf = token;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
    /** @type {HTMLInputElement} */ (field).value = token;
  }
}

/** The token of whoever is signed in on this device now, else that of the page. */
export function token() {
  const cookie = document.cookie.split("; ").find((one) => one.startsWith("csrftoken="));
  return cookie?.slice("csrftoken=".length) || (document.body.dataset.csrf ?? "");
}
