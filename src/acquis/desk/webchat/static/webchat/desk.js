// @ts-check
// The adviser's side of a chat: says that they write, shows that the visitor does and how far they
// read. The exchange itself is kept true by the page of the desk.

import { act, live, soonBack, subscribe } from "../kernel/news.js";

const TYPING_EVERY_MS = 3000;
const TYPING_SHOWN_MS = 5000;

const panel = () => /** @type {HTMLElement | null} */ (document.querySelector("[data-webchat]"));

/** @param {string} address @param {BodyInit} body */
const post = (address, body) =>
  fetch(address, {
    method: "POST",
    body,
    redirect: "manual",
    headers: {
      "HX-Request": "true",
      Accept: "application/json",
      "X-CSRFToken": document.body.dataset.csrf ?? "",
    },
  });

/* Who writes */
let toldAt = 0;
document.addEventListener("input", (event) => {
  const place = panel();
  const typed = /** @type {HTMLElement} */ (event.target);
  if (typed.id !== "composer-body" || !place?.hasAttribute("data-live")) return;
  // Worth nothing a moment later: not told while a socket is about to come back, nor again when it leaves it without an answer.
  if (Date.now() - toldAt < TYPING_EVERY_MS || soonBack()) return;
  toldAt = Date.now();
  const told = live()
    ? act("webchat.typing", { workspace: place.dataset.workspace, conversation: place.dataset.conversation })
    : post(place.dataset.typingUrl ?? "", new URLSearchParams());
  told.catch(() => {});
});

/** @type {ReturnType<typeof setTimeout> | undefined} */
let silence;
/** @param {boolean} writes */
function showTyping(writes) {
  const words = /** @type {HTMLElement | null} */ (document.querySelector("[data-webchat-typing]"));
  if (!words) return;
  clearTimeout(silence);
  words.textContent = writes ? (words.dataset.words ?? "") : "";
  if (writes) silence = setTimeout(() => showTyping(false), TYPING_SHOWN_MS);
}

/* How far the visitor read */
async function refreshRead() {
  const shown = document.getElementById("webchat-read");
  const address = panel()?.dataset.panelUrl;
  if (!shown || !address) return;
  const answer = await fetch(address, { headers: { "HX-Request": "true" }, redirect: "manual" });
  if (!answer.ok) return;
  const holder = document.createElement("template");
  holder.innerHTML = (await answer.text()).trim();
  const fresh = holder.content.firstElementChild;
  if (fresh && fresh.outerHTML !== shown.outerHTML) shown.replaceWith(fresh);
}

/** @param {number} position the last message that the visitor read */
function showRead(position) {
  const shown = document.getElementById("webchat-read");
  const words = /** @type {HTMLTemplateElement | null} */ (document.getElementById("webchat-read-words"));
  if (!shown || !words || position <= Number(shown.dataset.readTo)) return;
  const fresh = /** @type {DocumentFragment} */ (words.content.cloneNode(true));
  for (const node of fresh.childNodes) {
    if (node instanceof Text) node.data = node.data.replace("{position}", String(position));
  }
  shown.replaceChildren(fresh);
  shown.dataset.readTo = String(position);
}

let followed = "";
/** @type {(() => void) | undefined} */
let leave;

/** The chat shown, which another may follow in the same page. */
function followShown() {
  const topic = panel()?.dataset.topic ?? "";
  if (topic === followed) return;
  leave?.();
  followed = topic;
  toldAt = 0;
  clearTimeout(silence);
  leave = topic ? subscribe([topic], hear) : undefined;
}

/** @param {{topic?: string, who?: string, what?: string, side?: string, position?: number}} told */
function hear(told) {
  if (told.topic && told.topic !== followed) return;
  if (told.who === "customer") showTyping(true);
  else if (told.what === "read" && told.side !== "adviser") {
    if (told.position) showRead(told.position);
    else refreshRead().catch(() => {});
  }
}

followShown();
document.addEventListener("acquis:opened", followShown);
new MutationObserver((changes) => {
  const added = changes.some((change) =>
    [...change.addedNodes].some(
      (node) => node instanceof Element && (node.matches(".message-from-customer") || node.id === "exchange"),
    ),
  );
  if (added) showTyping(false);
}).observe(document.body, { childList: true, subtree: true });
