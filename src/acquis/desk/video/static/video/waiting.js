// @ts-check
// A customer waits behind the link of a video call: said on whatever page of the desk is open. Also
// refreshes the page of an invitation, and copies what it offers to copy.

import { subscribe } from "../kernel/news.js";

const AGAIN_MS = 30_000; // a page that was closed by the customer falls silent
const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-video-waiting]"));
/** @type {ReturnType<typeof setTimeout> | undefined} */
let later;

async function refresh() {
  clearTimeout(later);
  const answer = await fetch(place?.dataset.videoWaiting ?? "", { headers: { "HX-Request": "true" } });
  if (!answer.ok || !place) return;
  const html = (await answer.text()).trim();
  if (place.innerHTML !== html) place.innerHTML = html;
  if (html) later = setTimeout(() => void refresh().catch(() => undefined), AGAIN_MS);
}

async function refreshInvitation() {
  const part = /** @type {HTMLElement | null} */ (document.querySelector("[data-video-part]"));
  if (!part) return;
  const answer = await fetch(part.dataset.videoPart ?? "", { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const fresh = holder.content.querySelector("[data-video-part]");
  if (!fresh) return;
  part.replaceWith(fresh);
  offerCopies();
}

function offerCopies() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy-text]")) button.removeAttribute("hidden");
}

document.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement | null} */ (
    /** @type {Element} */ (event.target).closest("[data-copy-text]")
  );
  if (!button) return;
  void navigator.clipboard.writeText(button.dataset.copyText ?? "").then(() => {
    const words = button.querySelector("span");
    if (words) words.textContent = button.dataset.copied ?? "";
  });
});

if (place) {
  offerCopies();
  subscribe([place.dataset.videoTopic ?? ""], (news) => {
    if (!news.poll && /** @type {any} */ (news).what !== "video") return;
    void refresh().catch(() => undefined);
    void refreshInvitation().catch(() => undefined);
  });
  void refresh().catch(() => undefined);
}
