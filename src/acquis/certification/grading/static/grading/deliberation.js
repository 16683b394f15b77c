// @ts-check
// The deliberation page: a decision inside folded agreements is unfolded when the address names it, and
// the page says when another juror has decided something, without moving what is being written.

import { subscribe } from "../kernel/news.js";

const notice = /** @type {HTMLElement | null} */ (document.querySelector("[data-deliberation-news]"));
if (notice) {
  subscribe([notice.dataset.deliberationNews ?? ""], (news) => {
    if (!news.poll) notice.hidden = false;
  });
}

const target = location.hash ? document.getElementById(location.hash.slice(1)) : null;
for (let fold = target?.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) {
  fold.open = true;
}
target?.scrollIntoView();
