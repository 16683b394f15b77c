// @ts-check
/// <reference lib="webworker" />
// The service worker of a juror's grids: keeps each open grid on this device as the server last gave it,
// with the files that its page needs, and gives it back when the server does not answer, then only.
//
// It keeps only what the server allows (the header `Acquis-Keep`, in seconds), under a name drawn from the
// cookie that Django changes at each sign-in and this product at sign-out: what one person left can be
// read under no other sign-in. Marks on their way pass by it; `kept.js` speaks to it from the page.

const worker = /** @type {ServiceWorkerGlobalScope & {cookieStore?: any}} */ (/** @type {unknown} */ (self));

const PREFIX = "acquis.kept."; // forgetting.js empties these at the sign-in page
const SIGN_IN_COOKIE = "csrftoken";
const FILES = "/static/";
const ALLOWED = "Acquis-Keep";
const UNTIL = "Acquis-Kept-Until"; // ms since 1970
const PATIENCE_MS = 10_000;
/** What a proxy says when the server behind it does not answer. */
const NO_ANSWER = new Set([502, 503, 504]);
/** Pages given from here: their files come from here too, of the same time. @type {Set<string>} */
const given = new Set();

/** The address of the grid that this one shows, or null. @param {string} address */
function gridOf(address) {
  const url = new URL(address);
  const { pathname: root, origin } = new URL(worker.registration.scope);
  const rest = url.pathname.startsWith(root) && url.origin === origin ? url.pathname.slice(root.length) : "";
  const found = /^(\d+\/)(?:cloture\/)?$/.exec(rest);
  return found && root + found[1];
}

/** Where what this person keeps lies; null when it cannot be known who it is. */
async function ownPlace() {
  const cookie = await worker.cookieStore?.get(SIGN_IN_COOKIE);
  if (!cookie?.value) return null;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(cookie.value));
  return PREFIX + [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Drop what is another's. @param {string | null} own */
async function forgetOthers(own) {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== own);
  await Promise.all(names.map((name) => caches.delete(name)));
}

/** Drop a grid and its marks. @param {string | null} place @param {string} grid */
async function forget(place, grid) {
  if (!place || !(await caches.has(place))) return;
  const cache = await caches.open(place);
  await Promise.all((await cache.keys(grid, { ignoreSearch: true })).map((one) => cache.delete(one)));
}

/** Keep a page that was just given. @param {string} place @param {string} grid @param {Response} answer */
async function keep(place, grid, answer) {
  const seconds = Number(answer.headers.get(ALLOWED));
  const html = await answer.text();
  // Signed out, or another signed in, since it was asked for: whose it is cannot be known.
  if ((await ownPlace()) !== place) return;
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Encoding", "Content-Length", "Vary"]) headers.delete(name);
  headers.set(UNTIL, String(Date.now() + seconds * 1000));
  const cache = await caches.open(place);
  // Shown again, it says at once that it is no present state, whatever its scripts do.
  await cache.put(grid, new Response(html.replace('data-kept-notice="" hidden=""', 'data-kept-notice=""'), { headers }));
}

/** What an answer of the server says of the copy kept here.
 * @param {string | null} place @param {string} grid @param {Response} answer */
async function heed(place, grid, answer) {
  if (answer.type === "opaqueredirect") return forgetOthers(null); // to the sign-in page
  await forgetOthers(place);
  if (answer.status >= 500) return;
  const allowed = answer.status === 200 && answer.type === "basic" && !answer.redirected && answer.headers.get(ALLOWED);
  if (place && allowed) await keep(place, grid, answer);
  else await forget(place, grid); // closed, or no longer this person's
}

/** @param {string | null} place @param {string} grid */
async function keptPage(place, grid) {
  if (!place || !(await caches.has(place))) return null;
  const cache = await caches.open(place);
  const found = await cache.match(grid);
  if (!found) return null;
  if (Date.now() > Number(found.headers.get(UNTIL))) {
    await forget(place, grid);
    return null;
  }
  const notes = (await cache.keys(grid, { ignoreSearch: true })).filter((one) => new URL(one.url).search);
  const marks = await Promise.all(notes.map(async (one) => (await cache.match(one))?.json()));
  const told = JSON.stringify(marks).replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
  const html = (await found.text()).replace('data-kept-marks=""', () => `data-kept-marks="${told}"`);
  return new Response(html, { headers: found.headers });
}

/** The present page; the kept one when none comes. @param {FetchEvent} event @param {string} grid */
async function present(event, grid) {
  const place = await ownPlace();
  const asked = fetch(event.request);
  const late = new Promise((done) => setTimeout(done, PATIENCE_MS));
  const answer = /** @type {Response | null} */ (await Promise.race([asked.catch(() => null), late])) ?? null;
  if (answer && !NO_ANSWER.has(answer.status)) {
    event.waitUntil(heed(place, grid, answer.clone()));
    return answer;
  }
  const kept = await keptPage(place, grid);
  if (kept) given.add(event.resultingClientId);
  return kept ?? asked;
}

/** A grid that closes is kept no longer. @param {FetchEvent} event @param {string} grid */
async function close(event, grid) {
  const answer = await fetch(event.request);
  if (answer.type === "opaqueredirect") event.waitUntil(ownPlace().then((place) => forget(place, grid)));
  return answer;
}

/** @param {Request} request */
async function fileOf(request) {
  const place = await ownPlace();
  const kept = place && (await caches.has(place)) && (await (await caches.open(place)).match(request, { ignoreVary: true }));
  return kept || fetch(request);
}

worker.addEventListener("install", () => void worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(ownPlace().then(forgetOthers)));

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const grid = request.mode === "navigate" ? gridOf(request.url) : null;
  if (grid && request.method === "GET" && pathname === grid) event.respondWith(present(event, grid));
  else if (grid && request.method === "POST") event.respondWith(close(event, grid));
  else if (given.has(event.clientId) && request.method === "GET" && origin === location.origin && pathname.startsWith(FILES)) {
    event.respondWith(fileOf(request));
  }
});

/**
 * What an open grid says: that its page is to be kept, with these files, unless it is already (`again`: as
 * it is now); that the server acknowledged a mark.
 * @typedef {{kind: "keep", files: string[], again: boolean}
 *   | {kind: "mark", mark: {criterion: string, seq: number}}} Said
 */
worker.addEventListener("message", (event) => {
  const said = /** @type {Said & {page: string}} */ (event.data);
  const grid = gridOf(said.page); // by its own word: a tab that closes is heard after it is gone
  if (!grid) return;
  event.waitUntil(said.kind === "keep" ? keepWhole(grid, said) : keepMark(grid, said.mark));
});

/** @param {string} grid @param {Extract<Said, {kind: "keep"}>} said */
async function keepWhole(grid, { files, again }) {
  const place = await ownPlace();
  if (!place) return;
  if (again || !(await (await caches.open(place)).match(grid))) {
    const answer = await fetch(grid, { redirect: "manual" });
    await heed(place, grid, answer);
  }
  const cache = await caches.open(place);
  if (!(await cache.match(grid))) return; // closed meanwhile; this person's other grids stay
  const addresses = new Set(files.map((one) => new URL(one, location.origin)).filter((one) => one.origin === location.origin && one.pathname.startsWith(FILES)).map((one) => one.pathname + one.search));
  await Promise.all(
    [...addresses].map(async (address) => {
      const answer = await fetch(address);
      if (answer.ok) await cache.put(address, answer);
    }),
  );
}

/** @param {string} grid @param {{criterion: string, seq: number}} mark */
async function keepMark(grid, mark) {
  const place = await ownPlace();
  if (!place || !(await caches.has(place))) return;
  const cache = await caches.open(place);
  if (!(await cache.match(grid))) return;
  await cache.put(`${grid}?note=${encodeURIComponent(mark.criterion)}`, new Response(JSON.stringify(mark)));
}
